import { expect, test } from 'vitest';
import { listed } from './listed';

const item = (votes: number, asked: number, more: object = {}) => ({ text: 'Why?', votes, asked, ...more });
const own = (stand: 'waiting' | 'merged' | 'open') => ({ text: 'Mine?', stand, asked: 5 });
const ids = (all: { id: string }[]) => all.map((one) => one.id);

test('open questions come by want, then by age, and settled ones after them, the latest first', () => {
  const items = { a: item(1, 10), b: item(5, 30), c: item(5, 20), d: item(9, 1, { answered: 50 }), e: item(0, 2, { answered: 60 }) };
  expect(ids(listed({ items }, undefined))).toEqual(['c', 'b', 'a', 'e', 'd']);
  expect(listed(undefined, undefined)).toEqual([]);
});

test('an own question that nobody else sees yet is listed, a merged one is not', () => {
  const mine = { asked: { w: own('waiting'), m: own('merged') }, votes: {} };
  const all = listed({ items: { a: item(1, 10, { merged: { m: '' } }) } }, mine);
  expect(ids(all)).toEqual(['a', 'w']);
  expect(all.map((one) => one.mine)).toEqual([true, true]);
});

test('who wanted a question that was merged wants the one it is in', () => {
  const items = { a: item(2, 10, { merged: { m: '' } }), b: item(1, 11) };
  const all = listed({ items }, { asked: {}, votes: { m: true } });
  expect(all.map((one) => one.wanted)).toEqual([true, false]);
});
