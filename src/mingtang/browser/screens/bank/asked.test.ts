import { expect, test } from 'vitest';
import { addressOf, misled, newest, rightKeys, type Asked, type Banked } from './asked';

const once = (more: Partial<Asked>): Asked => ({ lesson: 'l', title: 'Sets', at: 0, answers: 20, ...more });
const question = (more: Partial<Banked>): Banked => ({ id: 'p/s', plan: 'p', plan_title: 'Sets', step: 's', kind: 'poll', form: 'single', text: 'Which?', ...more });

test('only what is looked for stands in the address', () => {
  expect(addressOf({ q: ' ', course: '', form: '' })).toBe('/api/teach/bank?limit=60');
  expect(addressOf({ q: ' 树 ', course: 'CS 1', form: 'peer' }, 5)).toBe('/api/teach/bank?limit=5&q=%E6%A0%91&course=CS+1&form=peer');
});

test('options that are right are known in polls and in peer instruction; a number or a text is no option', () => {
  expect(rightKeys(question({ right: ['a', 'c'] }))).toEqual(['a', 'c']);
  expect(rightKeys(question({ kind: 'peer', right: 'b' }))).toEqual(['b']);
  expect(rightKeys(question({ form: 'text', right: 'heap' }))).toEqual([]);
  expect(rightKeys(question({ form: 'number', right: 3 }))).toEqual([]);
});

test('the last time comes first', () => {
  expect(newest([once({ at: 1 }), once({ at: 3 }), once({ at: 2 })]).map((one) => one.at)).toEqual([3, 2, 1]);
  expect(newest(undefined)).toEqual([]);
});

test('wrong answers are told by how many still chose them last, and who moved away from one does not count', () => {
  const distractors = [{ key: 'a', text: 'None', n1: 8, n2: 0 }, { key: 'b', text: 'One', n1: 2, n2: 3 }, { key: 'd', text: '', n1: 5 }];
  expect(misled(once({ distractors }))).toEqual([{ text: 'd', share: 0.25 }, { text: 'One', share: 0.15 }]);
  expect(misled(once({ answers: 0 }))).toEqual([]);
});
