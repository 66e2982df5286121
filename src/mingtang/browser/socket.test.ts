import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Socket, type Frame } from '@/socket';
import { FakeSocket } from '@/testing/line';

const probe: Frame = { t: 'want', part: 'lesson' };
const heard = { frame: vi.fn(), open: vi.fn(), away: vi.fn(), shut: vi.fn() };
let socket: Socket;

beforeEach(() => {
  vi.useFakeTimers();
  vi.clearAllMocks();
  vi.stubGlobal('WebSocket', FakeSocket);
  FakeSocket.all = [];
  socket = new Socket(() => `ws://here/${FakeSocket.all.length}`, heard, () => probe);
});
afterEach(() => {
  socket.stop();
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

/** How long the next attempt is waited for. */
function wait(): number {
  const before = FakeSocket.all.length;
  let ms = 0;
  for (; FakeSocket.all.length === before && ms < 20_000; ms += 10) vi.advanceTimersByTime(10);
  return ms;
}

test('B1: comes back after 0.2 to 5 s, later and later, by chance', () => {
  FakeSocket.last.open().give({ t: 'hello' });
  const waits = Array.from({ length: 12 }, () => (FakeSocket.last.drop(), wait()));
  expect(Math.min(...waits)).toBeGreaterThanOrEqual(200);
  expect(Math.max(...waits)).toBeLessThanOrEqual(5_010);
  expect(waits[0]).toBeLessThanOrEqual(410);
  expect(new Set(waits).size).toBeGreaterThan(6);
});

test('B5: a restart of the server (1012) and a slow reader (4408) come back like any drop', () => {
  for (const code of [1012, 4408, 1006]) {
    FakeSocket.last.open().give({ t: 'hello' }).drop(code);
    expect(wait()).toBeLessThanOrEqual(410);
  }
  expect(heard.shut).not.toHaveBeenCalled();
});

test.each([4401, 4403, 4404, 4410])('J3: %i is final', (code) => {
  FakeSocket.last.open().drop(code);
  vi.advanceTimersByTime(60_000);
  expect(FakeSocket.all).toHaveLength(1);
  expect(heard.shut).toHaveBeenCalledWith(code);
  expect(heard.away).not.toHaveBeenCalled();
});

test('D4: a client that was thrown out for nonsense does not hammer the door', () => {
  vi.spyOn(Math, 'random').mockReturnValue(1);
  FakeSocket.last.open().drop(4400);
  expect(wait()).toBeGreaterThan(4_000);
});

test('a silent line is asked once, and is dead when nothing answers', () => {
  const first = FakeSocket.last.open().give({ t: 'hello' });
  vi.advanceTimersByTime(25_000);
  expect(first.sent).toEqual([probe]);
  first.give({ t: 'no', part: 'lesson' });
  vi.advanceTimersByTime(24_000);
  expect(first.sent).toHaveLength(1);
  vi.advanceTimersByTime(1_000 + 8_000);
  expect(heard.away).toHaveBeenCalledTimes(1);
  expect(first.readyState).toBe(3);
  expect(wait()).toBeLessThanOrEqual(410);
});

test('an attempt that never opens is given up and tried again', () => {
  vi.advanceTimersByTime(13_000);
  wait();
  expect(FakeSocket.all).toHaveLength(2);
});

test('frames of a line that was given up are not heard', () => {
  const old = FakeSocket.last.open();
  socket.restart();
  wait();
  heard.frame.mockClear();
  old.give({ t: 'patch' });
  expect(heard.frame).not.toHaveBeenCalled();
});

test('says honestly that nothing was sent while the line is down', () => {
  expect(socket.send(probe)).toBe(false);
  FakeSocket.last.open();
  expect(socket.send(probe)).toBe(true);
  FakeSocket.last.drop();
  expect(socket.send(probe)).toBe(false);
});
