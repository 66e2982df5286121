import { expect, test } from 'vitest';
import { Still } from './still.svelte';

const snapshot = {
  seq: 9,
  at: 5_000,
  parts: {
    slides: {
      cover: 'black',
      now: { step: 's1', kind: 'page' },
      steps: { s1: { kind: 'page', pos: 1 }, s2: { kind: 'poll', pos: 2, ref: 'p1' } },
    },
  },
};

test('a reader of an ended lesson turns to any step by himself', async () => {
  const still = new Still('l', snapshot);
  expect(await still.do('slides.turn', { to: 's2' })).toEqual({ ok: true, seq: 0 });
  expect(still.now).toEqual({ step: 's2', kind: 'poll', ref: 'p1' });
  expect(still.part('slides')).toMatchObject({ cover: '' });
  expect(snapshot.parts.slides.now.step).toBe('s1');
});

test('nothing else can be done in an ended lesson', async () => {
  const still = new Still('l', snapshot);
  for (const [kind, data] of [['poll.open', { id: 'p1' }], ['slides.turn', { to: 'nowhere' }], ['lesson.rename', { title: 'x' }]] as const) {
    expect(await still.do(kind, data)).toEqual({ ok: false, code: 'lesson.ended', params: {} });
  }
  expect(still.now).toEqual({ step: 's1', kind: 'page' });
});

test('clocks of an ended lesson stand at its last event', () => {
  const still = new Still('l', snapshot);
  expect([still.clock(), still.tick, still.link]).toEqual([5_000, 5, 'ended']);
});
