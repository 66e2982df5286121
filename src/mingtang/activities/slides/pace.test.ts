import { expect, it } from 'vitest';
import { look, neighbour, turn } from './pace';
import type { Live } from '@/live.svelte';
import { pictured } from '@/steps';

const steps = {
  a: { kind: 'page', pos: 1 },
  q: { kind: 'poll', pos: 2, ref: 'p' },
  b: { kind: 'board', pos: 3 },
  c: { kind: 'page', pos: 4 },
};
const at = (now: string) => ({ parts: { slides: { cover: '', steps, now: { step: now, kind: 'page' } } }, looking: null }) as unknown as Live;
const seen = (live: Live) => pictured(live.parts.slides, live.looking)?.id;

it('turns over questions from page to page', () => {
  const live = at('c');
  turn(live, -1);
  turn(live, -1);
  expect(seen(live)).toBe('a');
  expect(neighbour(live, pictured(live.parts.slides, 'a')!, -1)).toBeUndefined();
});

it('follows the lesson again when it comes back to where the lesson is', () => {
  const live = at('b');
  turn(live, -1);
  expect(live.looking).toBe('a');
  turn(live, 1);
  expect(live.looking).toBeNull();
});

it('counts the page under a question as where the lesson is', () => {
  const live = at('q');
  look(live, pictured(live.parts.slides, 'a'));
  expect(live.looking).toBeNull();
});
