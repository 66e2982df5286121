import { expect, test } from 'vitest';
import type { PollHistogram } from '@/wire.gen';
import { bins, binWords, readNumber, readWords } from './asked';
import { blank, drafted, problem, question } from './draft';

const tens: PollHistogram = { start: 20, width: 5, size: 3, bins: { '0': 2, '2': 4 }, below: 1, above: 1 };

test('bins come in order, empty ones too, with those beyond the ends', () => {
  expect(bins(tens).map((bin) => [bin.label, bin.n])).toEqual([['< 20', 1], ['20', 2], ['25', 0], ['30', 4], ['≥ 35', 1]]);
  expect(bins(tens)[3].height).toBe(100);
});

test('a bin is said as a range, a whole number as itself', () => {
  expect(binWords(tens, bins(tens)[1])).toBe('20 – 25');
  const whole: PollHistogram = { start: 3, width: 1, size: 2, whole: true, bins: { '0': 1 } };
  expect(bins(whole).map((bin) => binWords(whole, bin))).toEqual(['3', '4']);
});

test('widths that binary numbers cannot hold are written as people write them', () => {
  const fine: PollHistogram = { start: 0.1, width: 0.1, size: 3, bins: {} };
  expect(bins(fine).map((bin) => bin.label)).toEqual(['0.1', '0.2', '0.3']);
});

test('a number may be typed with comma or point, and nothing else is one', () => {
  expect([' 3,5 ', '-0.25', '−2', '1e3', '1 000'].map(readNumber)).toEqual([3.5, -0.25, -2, 1000, 1000]);
  expect(['', 'three', '1,2,3', 'Infinity', '1e13'].map(readNumber)).toEqual(Array(5).fill(undefined));
});

test('words are parted by commas of any script, and five are taken', () => {
  expect(readWords('hash, 桶、链表，key；a\nb')).toEqual(['hash', '桶', '链表', 'key', 'a']);
  expect(readWords(' , ')).toEqual([]);
});

test('empty options are left out and the right letter moves with its option', () => {
  const draft = { ...blank(), text: ' Which? ', options: [{ text: '', right: false }, { text: 'x', right: false }, { text: ' y ', right: true }] };
  expect(question(draft)).toEqual({ form: 'single', text: 'Which?', options: ['x', 'y'], right: ['b'] });
});

test('a question lacks words, options or a number before it can be asked', () => {
  expect(problem(blank())).toBe('poll.no_text');
  expect(problem({ ...blank(), text: '?' })).toBe('poll.too_few_options');
  expect(problem({ ...blank(), form: 'number', text: '?', right: 'three' })).toBe('poll.not_a_number');
  expect(problem({ ...blank(), form: 'number', text: '?', right: '3', tolerance: '-1' })).toBe('poll.not_a_number');
  expect(problem({ ...blank(), form: 'cloud', text: '?' })).toBe('');
});

test('what was asked can be edited and is asked the same again', () => {
  const asked = { form: 'multiple', text: '?', options: ['x', 'y'], right: ['a', 'b'], anonymous: false, limit: 60 } as const;
  const item = { form: 'multiple', text: '?', state: 'asked', options: { a: 'x', b: 'y' }, right: ['a', 'b'], named: true, limit: 60 } as const;
  expect(question(drafted({ ...item, right: [...item.right] }))).toEqual({ ...asked, options: [...asked.options], right: [...asked.right] });
});
