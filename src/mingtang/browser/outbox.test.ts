import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { freshId, Outbox } from '@/outbox';
import { FakeStore } from '@/testing/line';

let store: FakeStore;
beforeEach(() => {
  vi.useFakeTimers();
  store = new FakeStore();
});
afterEach(() => void vi.useRealTimers());

const box = (tab: string, lesson = 'L1', member = 'm1') => new Outbox(store, lesson, member, tab);
const ids = (outbox: Outbox) => outbox.list().map((one) => one.id);

test('B2: what was not answered is there after a reload, in order', () => {
  const before = box('t1');
  for (const id of ['a', 'b', 'c']) before.add(id, 'poll.vote', { id });
  before.answered('b');
  expect(ids(box('t1'))).toEqual(['a', 'c']);
  expect(box('t1').list()[0]).toMatchObject({ kind: 'poll.vote', data: { id: 'a' } });
});

test('another tab leaves a living tab its commands, and takes over what was left behind', () => {
  const first = box('t1');
  first.add('a', 'hands.raise', {});
  const second = box('t2');
  expect(second.adopt()).toEqual([]);
  vi.advanceTimersByTime(16_000);
  expect(second.adopt().map((one) => one.id)).toEqual(['a']);
  expect(second.adopt()).toEqual([]);
  expect(second.answered('a')).toBe(true);
  expect(ids(box('t1'))).toEqual([]);
});

test('what a closing tab leaves is taken over at once', () => {
  const first = box('t1');
  first.add('a', 'hands.raise', {});
  const second = box('t2');
  expect(second.adopt()).toEqual([]);
  first.leave();
  expect(second.adopt().map((one) => one.id)).toEqual(['a']);
  expect(ids(box('t3'))).toEqual(['a']);
});

test('two tabs that write at once do not overwrite each other', () => {
  const [first, second] = [box('t1'), box('t2')];
  first.add('a', 'k.a', {});
  second.add('b', 'k.b', {});
  first.answered('a');
  expect(ids(box('t2'))).toEqual(['b']);
});

test('a member, and a lesson, never gets the commands of another', () => {
  box('t1').add('a', 'k.a', {});
  expect(ids(box('t1', 'L1', 'm2'))).toEqual([]);
  expect(ids(box('t1', 'L2'))).toEqual([]);
});

test('what is three days old, or is not ours to read, is swept away', () => {
  store.setItem('mingtang.wait/L0/m0/x', '{broken');
  store.setItem('mingtang.name', 'Mei');
  box('t1').add('a', 'k.a', {});
  vi.advanceTimersByTime(4 * 24 * 3_600_000);
  box('t1', 'L2');
  expect([...store.items.keys()]).toEqual(['mingtang.name']);
});

test('a full store costs only the reload', () => {
  store.setItem = () => {
    throw new Error('full');
  };
  const outbox = box('t1');
  outbox.add('a', 'k.a', {});
  expect(ids(outbox)).toEqual(['a']);
  expect(outbox.answered('a')).toBe(true);
});

test('a fresh id is an id to the server, and never the same', () => {
  const many = Array.from({ length: 500 }, freshId);
  expect(new Set(many).size).toBe(500);
  for (const id of many) expect(id).toMatch(/^[A-Za-z0-9][A-Za-z0-9-]{0,31}$/);
});
