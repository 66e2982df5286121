import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Chunks, Cursor, type Chunk, type Index, type Source } from './journal';
import { Replay } from './replay.svelte';
import { Failure } from './source';

const steps = { s1: { kind: 'page', pos: 1 }, q1: { kind: 'poll', pos: 2, ref: 'p1' } };
const chunks: Record<string, Chunk> = {
  'main-a': {
    at: 0,
    seq: 1,
    value: { slides: { steps, now: { step: 's1', kind: 'page' } }, poll: {} },
    frames: [
      [1_000, 2, { slides: { now: { step: 'q1', kind: 'poll', ref: 'p1' } }, poll: { p1: { state: 'open', round: '1' } } }],
      [4_000, 3, { poll: { p1: { state: 'closed' } } }],
    ],
  },
  'main-b': { at: 9_000, seq: 4, value: { slides: { steps }, poll: { p1: { state: 'closed', round: '1', right: ['b'] } } }, frames: [] },
  'ink.s1-a': { at: 500, seq: 2, value: { strokes: { one: { n: 1 } } }, frames: [] },
};
const index: Index = {
  role: 'student', title: 'Sets', opened: 1_000_000, until: 10_000, seq: 4, ended: true,
  tracks: { main: [['main-a', 0, 1], ['main-b', 9_000, 4]], 'ink/s1': [['ink.s1-a', 500, 2]] },
  chapters: [{ at: 0, step: 's1', kind: 'page' }, { at: 1_000, step: 'q1', kind: 'poll', ref: 'p1' }],
  marks: [{ at: 1_000, kind: 'poll', id: 'p1' }],
};

let fetched: string[] = [];
const source = (more: Partial<Source> = {}): Source => ({
  index: () => Promise.resolve(index),
  chunk: (name) => (fetched.push(name), chunks[name] ? Promise.resolve(chunks[name]) : Promise.reject(new Failure('web.not_found'))),
  ...more,
});

let made: Replay[] = [];
async function begun(from: Source = source()): Promise<Replay> {
  const replay = new Replay({ lesson: `l${made.length}`, source: from });
  made.push(replay);
  await replay.begin();
  return replay;
}

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval', 'setTimeout', 'clearTimeout', 'performance', 'Date'] });
});
afterEach(() => {
  for (const replay of made) replay.stop();
  [made, fetched] = [[], []];
  vi.useRealTimers();
});

test('a cursor gives the same value at a moment, however it came there', async () => {
  const cursor = new Cursor(new Chunks(source()));
  cursor.cuts = index.tracks.main;
  await Promise.all([cursor.prepare(0), cursor.prepare(9_500)]);
  const seen = (at: number) => JSON.stringify(cursor.show(at));
  const forward = [0, 1_000, 3_999, 4_000, 9_500].map(seen);
  expect([9_500, 4_000, 3_999, 1_000, 0].map(seen).reverse()).toEqual(forward);
  expect(new Set(forward).size).toBe(4);
  expect(fetched).toEqual(['main-a', 'main-b']);
});

test('a chunk that has grown goes on where it was', async () => {
  const cursor = new Cursor(new Chunks(source()));
  cursor.cuts = [['main-a', 0, 1]];
  await cursor.prepare(1_000);
  const before = cursor.show(1_000);
  chunks['main-grown'] = { ...chunks['main-a'], frames: [...chunks['main-a'].frames, [5_000, 4, { poll: { p1: { shown: true } } }]] };
  cursor.cuts = [['main-grown', 0, 1]];
  expect(cursor.ready(5_000)).toBe(false);
  await cursor.prepare(5_000);
  expect(cursor.show(1_000)).toBe(before);
  expect(cursor.show(5_000)).toMatchObject({ poll: { p1: { state: 'closed', shown: true } } });
});

test('it plays by its own clock, at its speed, and stops where a question opened', async () => {
  const replay = await begun();
  replay.stops = true;
  replay.play();
  vi.advanceTimersByTime(500);
  expect(replay.at).toBeGreaterThan(400);
  expect(replay.now).toEqual({ step: 's1', kind: 'page' });
  vi.advanceTimersByTime(2_000);
  expect([replay.at, replay.playing, replay.now?.step]).toEqual([1_000, false, 'q1']);
  replay.rate = 2;
  replay.play();
  vi.advanceTimersByTime(1_000);
  expect(replay.at).toBeGreaterThan(2_800);
  expect(replay.clock()).toBe(1_000_000 + replay.at);
});

test('a part that a screen wants is there at its time, and before it is not', async () => {
  const replay = await begun();
  replay.want('ink/s1');
  await replay.seek(600);
  expect(replay.parts['ink/s1']).toEqual({ strokes: { one: { n: 1 } } });
  await replay.seek(400);
  expect(replay.parts['ink/s1']).toBeUndefined();
});

test('an answer is kept in this browser, shown as one’s own, and told what the lesson told in the end', async () => {
  const replay = await begun();
  await replay.seek(2_000);
  expect(await replay.do('poll.vote', { id: 'p1', answer: ['a'] })).toEqual({ ok: true, seq: 0 });
  expect(replay.mine.poll).toEqual({ p1: { '1': ['a'] } });
  expect((await replay.final('poll'))?.p1).toMatchObject({ right: ['b'] });
  expect([replay.records, await replay.do('poll.answer_late', { id: 'p1', answer: ['a'] })]).toEqual([
    false, { ok: false, code: 'lesson.ended', params: {} },
  ]);
});

test('what was said in the lesson goes before what is said in the replay, and a late answer beside both', async () => {
  const mine = { frames: [[3_000, 3, { poll: { p1: { '1': ['b'] } } }]] as [number, number, object][], late: {} };
  const answerLate = () => Promise.resolve({ ...mine, late: { poll: { p1: { answer: ['a'], right: ['b'] } } } } as never);
  const replay = await begun(source({ mine: () => Promise.resolve(mine as never), answerLate }));
  await replay.seek(2_000);
  await replay.do('poll.vote', { id: 'p1', answer: ['a'] });
  await replay.seek(3_500);
  expect(replay.mine.poll).toEqual({ p1: { '1': ['b'] } });
  await replay.do('poll.answer_late', { id: 'p1', answer: ['a'] });
  expect(replay.mine.poll).toEqual({ p1: { '1': ['b'], late: ['a'], right: ['b'] } });
});

test('nothing else can be done, and a step leads to its moment', async () => {
  const replay = await begun();
  expect(await replay.do('poll.close', { id: 'p1' })).toMatchObject({ ok: false, code: 'lesson.ended' });
  await replay.do('slides.turn', { to: 'q1' });
  expect(replay.at).toBe(1_000);
  replay.leap(-1);
  expect(replay.at).toBe(0);
});
