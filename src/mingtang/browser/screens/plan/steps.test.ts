import { expect, test } from 'vitest';
import * as plan from './steps';
import type { Doc, PlanStep } from './steps';

const note = (id: string): PlanStep => ({ id, kind: 'note', text: id });
const docWith = (...ids: string[]): Doc => ({ title: 'Sorting', course: '', language: 'en', steps: ids.map(note) });
const order = (doc: Doc) => doc.steps.map((step) => step.id).join('');

test('a step moves to the place that is asked for, and not beyond the ends', () => {
  const doc = docWith('a', 'b', 'c');
  expect([order(plan.move(doc, 'a', 2)), order(plan.move(doc, 'c', 0)), order(plan.move(doc, 'b', 1))]).toEqual(['bca', 'cab', 'abc']);
  expect([plan.move(doc, 'a', -1), plan.move(doc, 'c', 3), plan.move(doc, 'x', 0)]).toEqual([doc, doc, doc]);
});

test('what is added comes right after the selected step, and last when none is', () => {
  expect(order(plan.insert(docWith('a', 'b'), [note('x'), note('y')], 'a'))).toBe('axyb');
  expect(order(plan.insert(docWith('a', 'b'), [note('x')], undefined))).toBe('abx');
});

test('a copy has an id of its own and shares nothing with the first', () => {
  const doc: Doc = { ...docWith('a'), steps: [{ id: 'q', kind: 'poll', question: { text: 'Why?', options: ['x'] } }] };
  const copy = plan.duplicate(doc, 'q', 'r');
  expect(order(copy)).toBe('qr');
  copy.steps[1].question.options.push('y');
  expect(doc.steps[0].question.options).toEqual(['x']);
});

test('when a step goes, the one after it is next, and the last has the one before', () => {
  const doc = docWith('a', 'b', 'c');
  expect([plan.neighbour(doc, 'b'), plan.neighbour(doc, 'c'), plan.neighbour(docWith('a'), 'a')]).toEqual(['c', 'b', undefined]);
});

test('a question that is not complete is sent as it was, and one that never was is not sent', () => {
  const begun: PlanStep = { id: 'n', kind: 'poll', draft: { text: '' } };
  const worse: PlanStep = { id: 'w', kind: 'poll', draft: { text: '' }, question: { text: 'Why?' } };
  const doc = { ...docWith('a'), steps: [note('a'), begun, worse] };
  expect(plan.sendable(doc).steps).toEqual([note('a'), { id: 'w', kind: 'poll', question: { text: 'Why?' } }]);
  expect(plan.unfinished(doc).map((step) => step.id)).toEqual(['n', 'w']);
});

test('a plan is the same whatever the order of its keys, and an empty field is as good as none', () => {
  expect(plan.same({ a: 1, b: '' }, { a: 1 })).toBe(true);
  expect(plan.same({ b: [1], a: { c: 2, d: 3 } }, { a: { d: 3, c: 2 }, b: [1] })).toBe(true);
  expect(plan.same({ a: 1 }, { a: 2 })).toBe(false);
});

test('how a page looks is no part of what is written, and is found again by deck and number', () => {
  const page = { deck: 'd', page: 2, asset: 'x', width: 4, height: 3, title: 'Heaps' };
  const view = { id: 'p', version: 1, updated: 0, steps: [{ id: 's', kind: 'page', page }] };
  const doc = plan.docOf(view);
  expect(doc.steps[0].page).toEqual({ deck: 'd', page: 2 });
  expect(plan.drawn(doc.steps, plan.picturesOf(view))[0].page).toEqual(page);
});
