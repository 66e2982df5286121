import { expect, test } from 'vitest';
import { History } from './history';
import { merge } from './merge';
import { change, insert, move, remove, type Doc, type PlanStep } from './steps';

const note = (id: string): PlanStep => ({ id, kind: 'note', text: id });
const base: Doc = { title: 'Sorting', course: '', language: 'en', steps: ['a', 'b', 'c'].map(note) };
const order = (doc: Doc | undefined) => doc?.steps.map((step) => step.id).join('');

test('where one side did nothing the other goes on', () => {
  const mine = change(base, 'a', { text: 'mine' });
  expect(merge(base, mine, base)).toEqual(mine);
  expect(merge(base, base, mine)).toEqual(mine);
});

test('steps that were added elsewhere join what was written here', () => {
  const theirs = insert(base, [note('x'), note('y')], 'a');
  expect(order(merge(base, move(base, 'a', 2), theirs))).toBe('bcaxy');
  expect(order(merge(base, remove(base, 'a'), theirs))).toBe('xybc');
  expect(order(merge(base, insert(base, [note('m')], 'a'), theirs))).toBe('axymbc');
});

test('steps that were added here join what was changed elsewhere', () => {
  const merged = merge(base, insert(base, [note('m')], 'b'), change(base, 'b', { text: 'theirs' }));
  expect(order(merged)).toBe('abmc');
  expect(merged?.steps[1].text).toBe('theirs');
});

test('a new title there and a new step here are both kept', () => {
  expect(merge(base, insert(base, [note('m')], 'c'), { ...base, title: 'Searching' })).toMatchObject({ title: 'Searching' });
});

test('two changes of what there was are for a person to say', () => {
  const mine = change(base, 'a', { text: 'mine' });
  expect(merge(base, mine, change(base, 'c', { text: 'theirs' }))).toBeUndefined();
  expect(merge(base, mine, remove(base, 'b'))).toBeUndefined();
  expect(merge(base, move(base, 'a', 1), move(base, 'c', 0))).toBeUndefined();
  expect(merge(base, { ...base, title: 'Mine' }, { ...base, title: 'Theirs' })).toBeUndefined();
});

test('undo goes back act by act, and redo forward again until something else is written', () => {
  const history = new History();
  const [one, two, three] = ['1', '2', '3'].map((title) => ({ ...base, title }));
  history.note(one, '', 0);
  history.note(two, '', 0);
  expect(history.undo(three)).toBe(two);
  expect(history.undo(two)).toBe(one);
  expect(history.undo(one)).toBeUndefined();
  expect(history.redo(one)).toBe(two);
  history.note(two, '', 0);
  expect(history.redo(three)).toBeUndefined();
});

test('typing in one field is one act until the pen rests', () => {
  const history = new History();
  history.note(base, 'a/text', 0);
  history.note({ ...base, title: 'x' }, 'a/text', 1_000);
  history.note({ ...base, title: 'y' }, 'b/text', 1_200);
  history.note({ ...base, title: 'z' }, 'b/text', 9_000);
  expect(history.past.map((doc) => doc.title)).toEqual(['Sorting', 'y', 'z']);
});

test('pages that come meanwhile are not undone', () => {
  const history = new History();
  const theirs = insert(base, [note('x')], 'c');
  history.note(base, '', 0);
  history.rebase((doc) => merge(base, doc, theirs));
  expect(order(history.undo(theirs))).toBe('abcx');
});
