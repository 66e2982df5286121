import { flushSync } from 'svelte';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Live } from '@/live.svelte';
import { FakeSocket, FakeStore, hello } from '@/testing/line';

let store: FakeStore;
let live: Live;
/** Kinds do not matter to the line, so tests name them as they like. */
const ask = (kind: string, data: object = {}) => live.do(kind, data);

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal('WebSocket', FakeSocket);
  vi.stubGlobal('location', { protocol: 'https:', host: 'mt.test' });
  vi.stubGlobal('sessionStorage', new FakeStore());
  FakeSocket.all = [];
  store = new FakeStore();
  live = new Live({ lesson: 'L1', keep: store });
});
afterEach(() => {
  live.stop();
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

const enter = (more: object = {}) => FakeSocket.last.open().give(hello(more));
const patch = (parts: object, seq: number, at = 1_000_000) => ({ t: 'patch', seq, at, parts });

/** Drops the line and lets the next one begin. */
function comeBack(code = 1006): FakeSocket {
  FakeSocket.last.drop(code);
  vi.advanceTimersByTime(6_000);
  return FakeSocket.last.open();
}

test('J4: the hello is the whole state', () => {
  expect(live.link).toBe('joining');
  enter({ mine: { poll: { choice: 'a' } } });
  expect(live.link).toBe('live');
  expect(live.you?.name).toBe('Mei');
  expect(live.parts.lesson.title).toBe('Sets');
  expect(live.part<{ code: string }>('lesson')?.code).toBe('482937');
  expect(live.mine.poll).toEqual({ choice: 'a' });
  expect(FakeSocket.last.url).toBe('wss://mt.test/live/L1');
});

test('S1: a patch changes its parts and re-renders their readers only', () => {
  enter({ parts: { lesson: { title: 'Sets' }, poll: { open: true }, hands: { up: 1 } } });
  const seen = { poll: 0, hands: 0, later: 0 };
  const stop = $effect.root(() => {
    $effect(() => void (live.parts.poll, (seen.poll += 1)));
    $effect(() => void (live.parts.hands, (seen.hands += 1)));
    $effect(() => void (live.parts['ink/p1'], (seen.later += 1)));
  });
  flushSync();
  const drop = live.want('ink/p1');
  FakeSocket.last.give(patch({ poll: { open: null, n: 3 } }, 8));
  flushSync();
  expect(live.parts.poll).toEqual({ n: 3 });
  expect(seen).toEqual({ poll: 2, hands: 1, later: 1 });
  FakeSocket.last.give({ t: 'part', seq: 8, at: 1, part: 'ink/p1', value: { strokes: {} } });
  flushSync();
  expect(seen).toEqual({ poll: 2, hands: 1, later: 2 });
  drop();
  stop();
});

test('S4: `mine` is patched like a part, by activity', () => {
  enter({ mine: { poll: { choice: 'a' }, pace: { lost: true } } });
  FakeSocket.last.give({ t: 'mine', seq: 8, at: 1, patch: { poll: { choice: 'b' }, pace: null, hands: { place: 2 } } });
  expect({ ...live.mine }).toEqual({ poll: { choice: 'b' }, hands: { place: 2 } });
});

test('S5: a part is asked for once, however many show it, and let go a little after the last', () => {
  const socket = enter();
  const wants = () => socket.sent.map(({ t, part }) => `${t} ${part}`);
  const [one, two] = [live.want('ink/p1'), live.want('ink/p1')];
  expect(wants()).toEqual(['want ink/p1']);
  socket.give({ t: 'part', seq: 7, at: 1, part: 'ink/p1', value: { a: 1 } });
  one();
  one();
  vi.advanceTimersByTime(3_000);
  expect(live.parts['ink/p1']).toEqual({ a: 1 });
  two();
  live.want('ink/p1')();
  vi.advanceTimersByTime(1_000);
  expect(wants()).toEqual(['want ink/p1']);
  vi.advanceTimersByTime(2_000);
  expect(wants()).toEqual(['want ink/p1', 'drop ink/p1']);
  expect('ink/p1' in live.parts).toBe(false);
});

test('S6: a patch that would reach a prototype is not applied: the whole state is asked for again', () => {
  vi.spyOn(console, 'error').mockImplementation(() => undefined);
  const socket = enter();
  socket.onmessage?.({ data: '{"t":"patch","seq":8,"at":1,"parts":{"lesson":{"__proto__":{"bad":1}}}}' });
  expect(({} as { bad?: number }).bad).toBeUndefined();
  vi.advanceTimersByTime(6_000);
  expect(FakeSocket.all).toHaveLength(2);
  expect(FakeSocket.last.url).not.toContain('back=');
});

test('B1: comes back to its place with what it shows, and the place moves only with patches', () => {
  enter();
  live.want('ink/p1');
  FakeSocket.last.give({ t: 'part', seq: 11, at: 1, part: 'ink/p1', value: { strokes: {} } });
  FakeSocket.last.give(patch({ lesson: { title: 'Bags' } }, 12));
  FakeSocket.last.give({ t: 'mine', seq: 15, at: 1, patch: {} });
  const socket = comeBack();
  expect(socket.url).toBe('wss://mt.test/live/L1?back=12&want=ink%2Fp1');
  socket.give({ ...hello(), t: 'again', seq: 20, parts: undefined });
  expect(live.parts.lesson.title).toBe('Bags');
  expect(socket.sent).toEqual([]);
  expect(comeBack().url).toContain('back=12&');
});

test('B1: parts wanted or let go while away are told when back', () => {
  enter();
  const gone = live.want('ink/p1');
  FakeSocket.last.give({ t: 'part', seq: 7, at: 1, part: 'ink/p1', value: { strokes: {} } });
  FakeSocket.last.drop();
  vi.advanceTimersByTime(6_000);
  gone();
  vi.advanceTimersByTime(3_000);
  live.want('ink/p2');
  const socket = FakeSocket.last.open().give(hello());
  expect(socket.sent.map(({ t, part }) => `${t} ${part}`)).toEqual(['want ink/p2', 'drop ink/p1']);
});

test('B1: a part first wanted while away is asked for by itself: what was missed would not hold its value', () => {
  enter();
  FakeSocket.last.drop();
  live.want('ink/p5');
  vi.advanceTimersByTime(6_000);
  const socket = FakeSocket.last.open();
  expect(socket.url).not.toContain('want=');
  socket.give({ ...hello(), t: 'again', seq: 20, parts: undefined });
  expect(socket.sent.map(({ t, part }) => `${t} ${part}`)).toEqual(['want ink/p5']);
});

test('D2: a command is settled by its own answer', async () => {
  const socket = enter();
  const vote = live.do('lesson.rename', { title: 'x' });
  const [asked] = socket.asked;
  expect(asked).toMatchObject({ t: 'do', kind: 'lesson.rename', data: { title: 'x' } });
  socket.give({ t: 'no', id: 'other', code: 'slow' }, { t: 'ok', id: asked.id, seq: 9 });
  await expect(vote).resolves.toEqual({ ok: true, seq: 9 });
  const end = live.do('lesson.end', {});
  socket.give({ t: 'no', id: socket.asked[1].id, code: 'not_allowed', params: { role: 'student' } });
  await expect(end).resolves.toEqual({ ok: false, code: 'not_allowed', params: { role: 'student' } });
  expect(store.items.size).toBe(0);
});

test('B1, D3: what was not answered is sent again with its old id, in order', async () => {
  const first = enter();
  const answers = [ask('k.a'), ask('k.b')];
  FakeSocket.last.drop();
  answers.push(ask('k.c'));
  expect(live.pending('k.c')).toBe(true);
  vi.advanceTimersByTime(6_000);
  const second = FakeSocket.last.open();
  expect(second.asked).toEqual([]);
  second.give(hello());
  expect(second.asked.map((frame) => frame.kind)).toEqual(['k.a', 'k.b', 'k.c']);
  expect(second.asked.slice(0, 2).map((frame) => frame.id)).toEqual(first.asked.map((frame) => frame.id));
  expect([...first.asked, ...second.asked].map(({ again }) => again)).toEqual([undefined, undefined, true, true, undefined]);
  second.give(...second.asked.map(({ id }, n) => ({ t: 'ok', id, seq: n })));
  await expect(Promise.all(answers)).resolves.toHaveLength(3);
  expect(live.pending('k.c')).toBe(false);
});

test('B2: a reload loses nothing; a refusal that nobody waits for any more is said', () => {
  enter();
  FakeSocket.last.drop();
  void live.do('questions.ask', { text: 'Why?' });
  live.stop();
  live = new Live({ lesson: 'L1', keep: store });
  const socket = enter();
  expect(socket.asked).toMatchObject([{ kind: 'questions.ask', data: { text: 'Why?' }, again: true }]);
  expect(live.pending('questions.ask')).toBe(true);
  socket.give({ t: 'no', id: socket.asked[0].id, code: 'questions.closed', params: {} });
  expect(live.refused).toEqual({ code: 'questions.closed', params: {} });
  expect(store.items.size).toBe(0);
});

test('B2: a tab takes over what another tab left, and a command asked before the hello is not lost', () => {
  void ask('k.early');
  enter();
  expect(FakeSocket.last.asked.map((frame) => frame.kind)).toEqual(['k.early']);
  live.stop();
  vi.stubGlobal('sessionStorage', new FakeStore());
  live = new Live({ lesson: 'L1', keep: store });
  enter();
  expect(FakeSocket.last.asked).toEqual([]);
  vi.advanceTimersByTime(21_000);
  expect(FakeSocket.last.asked.map((frame) => frame.kind)).toEqual(['k.early']);
});

test('D5: told to slow down, it waits and sends again, and loses nothing', async () => {
  const socket = enter();
  const wish = ask('k.a');
  const { id } = socket.asked[0];
  socket.give({ t: 'no', id, code: 'slow_down' });
  const later = ask('k.b');
  expect(socket.asked).toHaveLength(1);
  vi.advanceTimersByTime(250);
  expect(socket.asked.map((frame) => frame.kind)).toEqual(['k.a', 'k.a', 'k.b']);
  socket.give({ t: 'no', id, code: 'slow_down' });
  vi.advanceTimersByTime(250);
  expect(socket.asked).toHaveLength(3);
  vi.advanceTimersByTime(250);
  expect(socket.asked.at(-1)?.id).toBe(id);
  socket.give({ t: 'ok', id, seq: 1 }, { t: 'ok', id: socket.asked[2].id, seq: 2 });
  await expect(Promise.all([wish, later])).resolves.toHaveLength(2);
});

test('a flood goes out in portions, so that the budget is kept', () => {
  const socket = enter();
  for (let n = 0; n < 100; n += 1) void ask('k.a', { n });
  expect(socket.asked).toHaveLength(24);
  socket.give({ t: 'ok', id: socket.asked[0].id, seq: 1 });
  expect(socket.asked).toHaveLength(25);
});

test('a quick answer is never shown as waiting, a slow one is', () => {
  const socket = enter();
  void ask('k.a');
  expect(live.pending('k.a')).toBe(false);
  vi.advanceTimersByTime(300);
  expect(live.pending('k.a')).toBe(true);
  socket.give({ t: 'ok', id: socket.asked[0].id, seq: 1 });
  expect(live.pending('k.a')).toBe(false);
});

test.each([
  [4410, 'lesson.ended', 'ended', 'lesson.ended'],
  [4403, 'roster.removed', 'removed', 'roster.removed'],
  [4401, '', 'removed', 'not_a_member'],
])('J3: %i %s makes the lesson "%s" and answers what waits', async (code, bye, link, said) => {
  const socket = enter();
  const wish = ask('k.a');
  if (bye) socket.give({ t: 'bye', code: bye });
  socket.drop(code);
  expect(live.link).toBe(link);
  await expect(wish).resolves.toEqual({ ok: false, code: said, params: {} });
  await expect(ask('k.b')).resolves.toMatchObject({ ok: false, code: said });
  vi.advanceTimersByTime(30_000);
  expect(FakeSocket.all).toHaveLength(1);
  expect(store.items.size).toBe(0);
});

test('away: the last state stays, with its age, and the return is counted once', () => {
  enter();
  FakeSocket.last.drop();
  expect(live.link).toBe('away');
  expect(live.parts.lesson.title).toBe('Sets');
  vi.advanceTimersByTime(14_300);
  expect(live.age).toBe(14);
  FakeSocket.last.open().give(hello());
  expect([live.link, live.age, live.returns]).toEqual(['live', 0, 1]);
  FakeSocket.last.give(hello());
  expect(live.returns).toBe(1);
});

test('V1: what is said comes to those who hear the topic', () => {
  enter();
  const heard: unknown[] = [];
  const off = live.hear('slides', (data, from) => heard.push([data, from]));
  FakeSocket.last.give({ t: 'said', topic: 'slides', from: 4, data: { x: 0.5 } }, { t: 'said', topic: 'ink/p1', from: 4, data: {} });
  off();
  FakeSocket.last.give({ t: 'said', topic: 'slides', from: 4, data: {} });
  expect(heard).toEqual([[{ x: 0.5 }, '4']]);
  live.say('slides', { x: 1 });
  expect(FakeSocket.last.sent.at(-1)).toEqual({ t: 'say', topic: 'slides', data: { x: 1 } });
});

test('T3: the clock is the server’s; a late frame does not turn it back', () => {
  enter({ at: 5_000_000 });
  expect(live.clock()).toBeCloseTo(5_000_000, -1);
  vi.setSystemTime(0);
  vi.advanceTimersByTime(1_000);
  FakeSocket.last.give(patch({}, 8, 5_000_400));
  expect(live.clock()).toBeCloseTo(5_001_000, -1);
  FakeSocket.last.give(patch({}, 9, 5_002_000));
  expect(live.clock()).toBeCloseTo(5_002_000, -1);
});

test('T3: `tick` tells its readers at each whole second of the server', () => {
  enter({ at: 5_000_400 });
  const seen: number[] = [];
  const stop = $effect.root(() => {
    $effect(() => void seen.push(live.tick));
  });
  flushSync();
  for (let n = 0; n < 3; n += 1) {
    vi.advanceTimersByTime(n ? 1_000 : 600);
    flushSync();
  }
  stop();
  expect(seen).toEqual([5_000, 5_001, 5_002, 5_003]);
});
