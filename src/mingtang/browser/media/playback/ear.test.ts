import { expect, it } from 'vitest';
import { Ear } from './ear';
import { lastDue } from './picture';

const voice = { track: 1, at: 5_000, delay: 0, jitter: 0, gap: 0, waits: false };

it('goes on by the clock between two reports, and trusts the one that came quickest', () => {
  const ear = new Ear();
  ear.hear({ now: 100, voices: [voice] }, 1_100);
  ear.hear({ now: 150, voices: [{ ...voice, at: 5_050 }] }, 1_190); // 40 ms late on its way
  expect(ear.at(1, 1_200)).toBe(5_100);
});

it('a sound that waits holds the picture, and one that is gone does not', () => {
  const ear = new Ear();
  for (let n = 0; n < 40; n += 1) ear.hear({ now: n * 50, voices: [{ ...voice, waits: true }] }, 1_000 + n * 50);
  expect(ear.at(1, 1_400)).toBe(5_000);
  expect(ear.at(1, 2_950)).toBeUndefined();
  expect(ear.at(2, 1_400)).toBeUndefined();
});

it('a recording is where the page says', () => {
  const ear = new Ear();
  ear.place = { at: 9_000, when: 1_000, rate: 1.5, on: true };
  expect(ear.at(undefined, 1_200)).toBe(9_300);
});

it('of the pictures that are due the last one is shown', () => {
  expect([lastDue([10, 20, 30], 25), lastDue([10, 20, 30], 5)]).toEqual([1, -1]);
});
