import { expect, it } from 'vitest';
import { Ladder, type Measured } from './ladder';

const good: Measured = { jitter: 30, gap: 0, behind: 20, shed: false };
const slow: Measured = { ...good, jitter: 800 };

/** Measures four times a second; returns when it ends. */
function measure(ladder: Ladder, what: Measured, from: number, seconds: number): number {
  for (let n = 0; n < seconds * 4; n += 1) ladder.measure(what, from + n * 250);
  return from + seconds * 1_000;
}

it('a moment of trouble changes nothing', () => {
  const ladder = new Ladder();
  measure(ladder, good, measure(ladder, slow, 0, 2), 5);
  expect(ladder.rung).toBe('full');
});

it('cameras go first, then all pictures, and the voice stays', () => {
  const ladder = new Ladder();
  let now = measure(ladder, slow, 0, 4);
  expect(ladder.rung).toBe('no_cameras');
  now = measure(ladder, slow, now, 30);
  expect(ladder.rung).toBe('slides_sound');
  measure(ladder, { ...good, gap: 2_000 }, now, 5);
  expect(ladder.rung).toBe('slides_captions');
  expect(ladder.forced).toBe(true);
});

it('what the server leaves out is left out at once', () => {
  const ladder = new Ladder();
  expect(ladder.measure({ ...good, shed: true }, 0)).toBe(true);
  expect(ladder.rung).toBe('no_cameras');
});

it('goes up again after patience, and with more of it when that was too early', () => {
  const ladder = new Ladder();
  let now = measure(ladder, slow, 0, 4);
  now = measure(ladder, good, now, 21);
  expect(ladder.rung).toBe('full');
  now = measure(ladder, slow, now, 4);
  expect(ladder.rung).toBe('no_cameras');
  now = measure(ladder, good, now, 30);
  expect(ladder.rung).toBe('no_cameras');
  measure(ladder, good, now, 12);
  expect(ladder.rung).toBe('full');
});

it('never gives more than was chosen', () => {
  const ladder = new Ladder();
  ladder.chosen = 'slides_sound';
  measure(ladder, good, 0, 100);
  expect(ladder.rung).toBe('slides_sound');
  expect(ladder.forced).toBe(false);
});
