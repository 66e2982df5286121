// A question of peer instruction as its screens read it: which one is before us, its stage, what Enter does next.
import type { Live } from '@/live.svelte';
import { lettered, type Choice } from '@/parts/question/choices';
import type { PeerItem } from '@/wire.gen';

export interface Asked {
  id: string;
  item: PeerItem;
}

const all = (live: Live): Record<string, PeerItem> => live.parts.peer ?? {};
const found = (live: Live, id: string | undefined): Asked | undefined => (id && all(live)[id] ? { id, item: all(live)[id] } : undefined);
export const isRunning = (item: PeerItem): boolean => ['vote', 'revote'].includes(item.stage) || item.talk !== undefined;
export const isOpen = (item: PeerItem): boolean => item.stage === 'vote' || item.stage === 'revote';

/** The question on the stage; else one that still runs while a slide is shown. */
export function current(live: Live): Asked | undefined {
  const now = live.now;
  if (now?.kind === 'peer') return found(live, now.ref);
  if (now?.kind === 'poll') return undefined;
  return found(live, Object.keys(all(live)).find((id) => isRunning(all(live)[id])));
}

/** What a student has before him: what runs now comes before what he looks back at. */
export function before(live: Live): Asked | undefined {
  const now = current(live);
  if (now && isRunning(now.item)) return now;
  const step = live.parts.slides?.steps?.[live.step ?? ''];
  return step?.kind === 'peer' ? found(live, step.ref) : undefined;
}

export const choices = (item: PeerItem): Choice[] => lettered(item.options);

export function nameOf(item: PeerItem, key: string): string {
  const one = choices(item).find((choice) => choice.key === key);
  return [one?.letter, one?.text].filter(Boolean).join(' · ') || key;
}

/** Whether everybody who sees results sees which answer is right: staff always know, and their stage is the wall. */
export function isTold(item: PeerItem): boolean {
  if (item.right === undefined || !item.shown) return false;
  return item.stage === 'compare' || (item.stage === 'settled' && item.settled !== 'reteach');
}

/** 0 for the vote, 1 for the talk, 2 for the second vote, 3 for the comparison. */
export function stageOf(item: PeerItem): number {
  if (item.stage === 'compare' || item.stage === 'settled') return 3;
  if (item.stage === 'revote') return 2;
  return item.stage === 'discuss' || item.stage === 'decide' ? 1 : 0;
}

/** The one act that most teachers do next, as a command; undefined when it is to turn the page. */
export function next(id: string, item: PeerItem, seconds: number): { kind: string; data: object } | undefined {
  switch (item.stage) {
    case 'draft':
    case 'asked':
      return { kind: 'peer.open', data: { id } };
    case 'vote':
    case 'revote':
      return { kind: 'peer.close', data: { id } };
    case 'decide':
      return proposed(id, item.proposal?.act ?? 'discuss', seconds);
    case 'discuss':
      return { kind: 'peer.open', data: { id } };
  }
  return item.shown ? undefined : { kind: 'peer.show', data: { id } };
}

export function proposed(id: string, act: 'reteach' | 'discuss' | 'explain', seconds: number): { kind: string; data: object } {
  return act === 'discuss' ? { kind: 'peer.discuss', data: { id, seconds } } : { kind: 'peer.settle', data: { id, decision: act } };
}
