// What is in the writing hand: the tool is the lesson's, its colour is remembered for each tool.
import { inks, type Tool } from './palette';
import type { Live } from '@/live.svelte';

export const ink = $state<{ last: Tool; colors: Record<Tool, number>; refused: string }>({
  last: 'pen',
  colors: { pen: inks.pen[0], marker: inks.marker[0] },
  refused: '',
});

export const drawing = (live: Live): Tool | undefined =>
  live.tool === 'pen' || live.tool === 'marker' ? live.tool : undefined;
export const inHand = (live: Live): boolean => drawing(live) !== undefined || live.tool === 'eraser';

export function take(live: Live, tool: Tool | 'eraser'): void {
  live.tool = live.tool === tool ? null : tool;
  if (tool !== 'eraser') ink.last = tool;
}

export function choose(live: Live, color: number): void {
  ink.colors[ink.last] = color;
  live.tool = ink.last;
}

export async function act(live: Live, kind: 'ink.undo' | 'ink.redo' | 'ink.clear', page: string | undefined): Promise<void> {
  if (!page) return;
  const answer = await live.do(kind, { page });
  ink.refused = answer.ok ? '' : answer.code;
}
