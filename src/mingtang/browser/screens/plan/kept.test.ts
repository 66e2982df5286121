import { expect, test } from 'vitest';
import { FakeStore } from '@/testing/line';
import { Drawer, LEFT } from './kept';
import type { Doc } from './steps';

const docOf = (title: string): Doc => ({ title, course: '', language: 'en', steps: [] });
const kept = (title: string) => ({ version: 3, base: docOf('before'), doc: docOf(title) });

test('what a tab kept is there after its reload', () => {
  const store = new FakeStore();
  new Drawer('p', store, 'one').put(kept('mine'), 100);
  expect(new Drawer('p', store, 'one').take(200)).toMatchObject({ version: 3, doc: docOf('mine'), base: docOf('before') });
  expect(new Drawer('q', store, 'one').take(200)).toBeUndefined();
});

test('another tab takes it over only when its owner has gone', () => {
  const store = new FakeStore();
  const one = new Drawer('p', store, 'one');
  one.put(kept('mine'), 100);
  expect(new Drawer('p', store, 'two').take(200)).toBeUndefined();
  one.leave(kept('left'));
  expect(new Drawer('p', store, 'two').take()?.doc.title).toBe('left');
  expect(new Drawer('p', store, 'three').take()).toBeUndefined();
  expect(new Drawer('p', store, 'three').take(Date.now() + LEFT + 1)?.doc.title).toBe('left');
});

test('what is no kept plan is passed over, and a store that refuses is said', () => {
  const store = new FakeStore();
  store.setItem('mingtang.plan/p/x', '{"version":1}');
  expect(new Drawer('p', store, 'one').take()).toBeUndefined();
  const full = new Drawer('p', { ...store, length: 0, key: () => null, getItem: () => null, removeItem: () => {}, setItem: () => { throw new Error('full'); } }, 'one');
  full.put(kept('mine'));
  expect(full.works).toBe(false);
});
