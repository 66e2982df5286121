import { expect, it } from 'vitest';
import { Ladder, type Measured } from './ladder';

const good: Measured = { jitter: 30, gap: 0, behind: 20, shed: false, missing: 0 };
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

it('cameras go first, then all pictures, and the voice stays, however late and broken it comes', () => {
  const ladder = new Ladder();
  let now = measure(ladder, slow, 0, 4);
  expect(ladder.rung).toBe('no_cameras');
  now = measure(ladder, slow, now, 30);
  expect(ladder.rung).toBe('slides_sound');
  measure(ladder, { jitter: 1_500, gap: 4_000, behind: 9_000, shed: true, missing: 0.3 }, now, 600);
  expect(ladder.rung).toBe('slides_sound');
});

it('is silent where most of the voice is lost on the line, and tries it again soon', () => {
  const ladder = new Ladder();
  const lost = { ...slow, missing: 0.6 };
  let now = measure(ladder, lost, 0, 8);
  expect(ladder.rung).toBe('slides_sound');
  now = measure(ladder, lost, now, 8);
  expect(ladder.rung).toBe('slides_sound');
  now = measure(ladder, lost, now, 3);
  expect(ladder.rung).toBe('slides_captions');
  expect(ladder.forced).toBe(true);
  now = measure(ladder, good, now, 6);
  expect(ladder.rung).toBe('slides_sound');
  now = measure(ladder, lost, now, 11);
  expect(ladder.rung).toBe('slides_captions');
  for (let n = 0; n < 5; n += 1) now = measure(ladder, lost, now, 31);
  expect(ladder.rung).not.toBe('full');
  measure(ladder, good, now, 21);
  expect(ladder.rung).not.toBe('slides_captions');
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
