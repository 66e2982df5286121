import { expect, test } from 'vitest';
import { blocksOf, sizeOf } from './note';

test('the first line alone is the head when more follows', () => {
  expect(blocksOf('Today\n\nSets and maps.')).toEqual({ head: 'Today', blocks: [{ text: 'Sets and maps.' }] });
  expect(blocksOf('Sets and maps.').head).toBe('');
});

test('lines with a dash are a list, also right below other lines', () => {
  expect(blocksOf('Do:\n- one\n- two').blocks).toEqual([{ text: 'Do:' }, { text: '', items: ['one', 'two'] }]);
});

test('lines of a paragraph stay lines', () => {
  expect(blocksOf('a\nb').blocks).toEqual([{ text: 'a\nb' }]);
});

test('the more is written the smaller it is', () => {
  expect(['Short.', '长'.repeat(300), 'word '.repeat(400)].map(sizeOf)).toEqual(['m', 's', 'xs']);
});
