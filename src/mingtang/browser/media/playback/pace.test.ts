import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { Pace } from './pace';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const now = (): number => Date.now();

it('a slide turned is shown when the word that was said with it is heard, a vote at once', () => {
  const pace = new Pace(() => 300, now);
  const shown: string[] = [];
  expect(pace.put('slides', now(), () => shown.push('slide'))).toBe(true);
  expect(pace.put('poll', now(), () => shown.push('poll'))).toBe(false);
  vi.advanceTimersByTime(290);
  expect(shown).toEqual([]);
  vi.advanceTimersByTime(20);
  expect(shown).toEqual(['slide']);
});

it('keeps the order when the voice comes nearer meanwhile', () => {
  let lag = 500;
  const pace = new Pace(() => lag, now);
  const shown: number[] = [];
  pace.put('slides', now(), () => shown.push(1));
  lag = 100;
  pace.put('ink/7', now(), () => shown.push(2));
  vi.advanceTimersByTime(200);
  expect(shown).toEqual([]);
  vi.advanceTimersByTime(400);
  expect(shown).toEqual([1, 2]);
});

it('nothing waits where nobody is heard', () => {
  expect(new Pace(() => 0, now).put('slides', now(), () => undefined)).toBe(false);
});

it('what has come whole is not changed by what is in it', () => {
  const pace = new Pace(() => 300, now);
  const shown: string[] = [];
  pace.put('slides', now(), () => shown.push('slides'));
  pace.put('ink/7', now(), () => shown.push('ink'));
  pace.drop('ink/7');
  vi.advanceTimersByTime(400);
  expect(shown).toEqual(['slides']);
});

it('when the voice ends all is shown at once', () => {
  const pace = new Pace(() => 3_000, now);
  const shown: string[] = [];
  pace.put('slides', now(), () => shown.push('slides'));
  pace.stop();
  expect(shown).toEqual(['slides']);
});
