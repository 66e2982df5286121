// What the teacher does with polls, by button or key.
import type { Live } from '@/live.svelte';
import { freshId } from '@/outbox';
import type { PollForm, PollItem, PollQuestion } from '@/wire.gen';

export function toggleVoting(live: Live, id: string, item: PollItem): void {
  void live.do(item.state === 'open' ? 'poll.close' : 'poll.open', { id });
}

export function toggleShown(live: Live, id: string, item: PollItem): void {
  if (item.state !== 'draft') void live.do(item.shown ? 'poll.hide' : 'poll.show', { id });
}

/** A question becomes the step after the present one; `now` turns to it and opens it as well. The first refusal ends it. */
export async function insert(live: Live, question: PollQuestion, now: boolean) {
  const [id, step] = [freshId(), freshId()];
  const after = live.now ? { after: live.now.step as string } : {};
  const made = await live.do('poll.make', { id, question });
  if (!made.ok) return made;
  const put = await live.do('slides.insert', { id: step, kind: 'poll', ref: id, ...after });
  if (!put.ok || !now) return put;
  void live.do('slides.turn', { to: step });
  return live.do('poll.open', { id });
}

/** The quick polls in the order of their keys 1, 2, 3 … */
export const QUICK = ['letters', 'yesno', 'rating', 'cloud', 'text', 'number'] as const;
export type Quick = (typeof QUICK)[number];

export function quick(kind: Quick, text: string): PollQuestion {
  if (kind === 'letters') return { form: 'single', text, options: ['A', 'B', 'C', 'D'] };
  return { form: kind === 'yesno' ? 'truefalse' : (kind as PollForm), text };
}
