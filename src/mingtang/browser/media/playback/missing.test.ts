import { expect, it } from 'vitest';
import { PICTURE, SOUND, type MediaObject } from '../object';
import { Missing } from './missing';

const object = (seq: number, track = 1, kind = SOUND): MediaObject => ({ kind, track, seq, time: 0, key: true, layer: 0, level: 30, span: 20, payload: new Uint8Array() });

function heard(seqs: number[], at: (n: number) => number): Missing {
  const missing = new Missing();
  seqs.forEach((seq, n) => missing.heard(object(seq), at(n)));
  return missing;
}

it('a voice that comes late, in heaps, and twice misses nothing', () => {
  const seqs = Array.from({ length: 200 }, (_, n) => n + 1);
  expect(heard([...seqs, 190, 195, 201], (n) => Math.floor(n / 50) * 3_000).share(9_100)).toBe(0);
});

it('what never comes is missing, of each voice by its own numbers', () => {
  const missing = new Missing();
  for (let seq = 0; seq <= 400; seq += 2) missing.heard(object(seq), seq * 20);
  for (let seq = 9_000; seq <= 9_400; seq += 2) missing.heard(object(seq, 2), (seq - 9_000) * 20);
  expect(missing.share(8_000)).toBeCloseTo(0.5, 1);
  missing.heard(object(50_000, 3, PICTURE), 8_000);
  expect(missing.share(8_000)).toBeCloseTo(0.5, 1);
});

it('a line that was away once, for however long, is not a voice that is lost for ten seconds', () => {
  const missing = heard([1, 2, 3, 3_000], (n) => n * 20);
  expect(missing.share(100)).toBeGreaterThan(0.4);
  for (let seq = 3_001; seq < 3_450; seq += 1) missing.heard(object(seq), 100 + (seq - 3_000) * 20);
  expect(missing.share(9_000)).toBeLessThan(0.4);
});

it('what was lost long ago, or was not wanted meanwhile, does not count', () => {
  const missing = heard([1, 2, 100, 101], (n) => n * 20);
  expect(missing.share(100)).toBeGreaterThan(0.9);
  expect(missing.share(20_000)).toBe(0);
  missing.forget();
  missing.heard(object(900), 20_000);
  expect(missing.share(20_000)).toBe(0);
});
