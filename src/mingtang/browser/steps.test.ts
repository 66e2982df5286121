import { describe, expect, it } from 'vitest';
import { inOrder, pictured } from '@/steps';
import type { SlidesView } from '@/wire.gen';

const slides = (now?: string): SlidesView => ({
  cover: '',
  steps: {
    c: { kind: 'page', pos: 2 },
    q: { kind: 'poll', pos: 2.5, ref: 'p' },
    a: { kind: 'page', pos: 1 },
    b: { kind: 'board', pos: 1.5 },
  },
  ...(now ? { now: { step: now, kind: 'page' } } : {}),
});

describe('the steps of a lesson', () => {
  it('stand by their positions and are counted from one', () => {
    expect(inOrder(slides()).map(({ id, n }) => [id, n])).toEqual([['a', 1], ['b', 2], ['c', 3], ['q', 4]]);
  });

  it('show the page on the stage, or the one looked at', () => {
    expect(pictured(slides('c'), null)?.id).toBe('c');
    expect(pictured(slides('c'), 'a')?.id).toBe('a');
  });

  it('keep the last page before a question in sight', () => {
    expect(pictured(slides('q'), null)?.id).toBe('c');
  });

  it('show no page where there is none', () => {
    expect(pictured(undefined, null)).toBeUndefined();
    expect(pictured(slides(), null)).toBeUndefined();
  });

  it('follow the stage again when what was looked at is gone', () => {
    expect(pictured(slides('b'), 'gone')?.id).toBe('b');
  });
});
