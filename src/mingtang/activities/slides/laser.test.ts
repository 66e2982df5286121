import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { pointer, watch, type Spot } from './laser';
import type { Live } from '@/live.svelte';

let said: object[];
let heard: (data: object) => void;
const live = {
  say: (_: string, data: object) => said.push(data),
  hear: (_: string, fn: (data: object) => void) => ((heard = fn), () => undefined),
} as unknown as Live;

beforeEach(() => {
  said = [];
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
});
afterEach(() => vi.useRealTimers());

it('says a moving place at most thirty times a second, and the last one', () => {
  const point = pointer(live);
  for (let n = 0; n < 100; n++) {
    point({ x: n / 100, y: 0 });
    vi.advanceTimersByTime(10);
  }
  vi.advanceTimersByTime(40);
  expect(said.length).toBeGreaterThan(20);
  expect(said.length).toBeLessThanOrEqual(32);
  expect(said.at(-1)).toEqual({ x: 0.99, y: 0 });
});

it('says a resting place again, and is silent once put away', () => {
  const point = pointer(live);
  point({ x: 0.5, y: 2 });
  vi.advanceTimersByTime(2_500);
  expect(said).toEqual([{ x: 0.5, y: 1 }, { x: 0.5, y: 1 }, { x: 0.5, y: 1 }]);
  point(undefined);
  vi.advanceTimersByTime(5_000);
  expect(said.slice(3)).toEqual([{}]);
});

it('is gone when put away, and when nothing more is heard of it', () => {
  const seen: (Spot | undefined)[] = [];
  watch(live, (at) => seen.push(at));
  heard({ x: 0.1, y: 0.2 });
  heard({});
  heard({ x: 0.3, y: 0.4 });
  vi.advanceTimersByTime(3_000);
  expect(seen).toEqual([{ x: 0.1, y: 0.2 }, undefined, { x: 0.3, y: 0.4 }, undefined]);
});
