import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { CONFIGURATION, SOUND, type MediaObject } from '../object';
import { Tape, type Source, type Stored } from './tape';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const object = (seq: number, kind = SOUND): MediaObject => ({ kind, track: 1, seq, time: seq * 20, key: true, layer: 0, level: 30, span: 20, payload: new Uint8Array() });

interface Asked {
  track: number;
  from: number;
  to: number;
}

/** A file of sounds of 20 ms from 0 to `end` ms; what was asked for is noted. */
function file(end: () => number, live = false): { source: Source; asked: Asked[] } {
  const asked: Asked[] = [];
  const source: Source = {
    index: () => Promise.resolve<Stored>({ tracks: { 1: { spans: [[0, end()]] } }, live }),
    async *read(track, from, to) {
      asked.push({ track, from, to });
      yield object(Math.floor(from / 20), CONFIGURATION);
      for (let seq = Math.floor(from / 20); seq * 20 < Math.min(to, end()); seq += 1) yield object(seq);
    },
  };
  return { source, asked };
}

it('reads a little ahead of the place and no more, each object once', async () => {
  const { source, asked } = file(() => 60_000);
  let at = 1_000;
  const tape = new Tape(source, () => at);
  const seqs: number[] = [];
  tape.onobject = ({ kind, seq }) => void (kind === SOUND && seqs.push(seq));
  tape.subscribe([1]);
  await vi.advanceTimersByTimeAsync(500);
  expect([seqs[0], seqs.at(-1)]).toEqual([50, 250]);
  for (; at < 30_000; at += 1_000) await vi.advanceTimersByTimeAsync(200);
  expect(seqs).toEqual(Array.from({ length: seqs.length }, (_, n) => 50 + n));
  expect(asked.map(({ to }) => to)).toEqual([20_000, 40_000]);
  tape.close();
});

it('after a jump reads from there', async () => {
  const { source, asked } = file(() => 60_000);
  let at = 1_000;
  const tape = new Tape(source, () => at);
  const seqs: number[] = [];
  tape.onobject = ({ kind, seq }) => void (kind === SOUND && seqs.push(seq));
  tape.subscribe([1]);
  await vi.advanceTimersByTimeAsync(500);
  at = 45_000;
  seqs.length = 0;
  tape.moved();
  expect(tape.isReady([1])).toBe(false);
  await vi.advanceTimersByTimeAsync(500);
  expect(seqs[0]).toBe(2_250);
  expect(tape.isReady([1])).toBe(true);
  expect(asked.at(-1)?.from).toBe(45_000);
  tape.close();
});

it('follows a file that grows, without saying anything twice', async () => {
  let end = 5_000;
  const { source } = file(() => end, true);
  let at = 4_000;
  const tape = new Tape(source, () => at);
  const seqs: number[] = [];
  tape.onobject = ({ kind, seq }) => void (kind === SOUND && seqs.push(seq));
  tape.subscribe([1]);
  for (let n = 0; n < 40; n += 1) {
    await vi.advanceTimersByTimeAsync(100);
    end += 100;
    at += 100;
  }
  expect(seqs.at(-1)).toBeGreaterThan(400);
  expect(seqs).toEqual(Array.from({ length: seqs.length }, (_, n) => 200 + n));
  tape.close();
});

it('a track that has ended while the lesson goes on holds nobody up', async () => {
  const { source } = file(() => 5_000, true);
  let at = 4_000;
  const tape = new Tape(source, () => at);
  tape.subscribe([1]);
  expect(tape.isReady([1])).toBe(false);
  await vi.advanceTimersByTimeAsync(500);
  for (; at < 8_000; at += 100) {
    expect(tape.isReady([1])).toBe(true);
    await vi.advanceTimersByTimeAsync(100);
  }
  tape.close();
});
