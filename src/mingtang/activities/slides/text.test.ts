import { expect, it } from 'vitest';
import { paragraphs } from './text';

const run = (t: string, x: number, y: number, w = 0.3, h = 0.04) => ({ t, x, y, w, h });

it('reads pieces on one line as one line', () => {
  expect(paragraphs([run('Load', 0.1, 0.1, 0.1), run('factor', 0.22, 0.101, 0.1)])).toEqual(['Load factor']);
});

it('reads lines that follow closely as a paragraph and parts what stands apart', () => {
  const lines = [run('Same bucket,', 0.1, 0.3), run('one after another.', 0.1, 0.35), run('A search walks.', 0.1, 0.6)];
  expect(paragraphs(lines)).toEqual(['Same bucket, one after another.', 'A search walks.']);
});

it('parts a heading from the text below it', () => {
  expect(paragraphs([run('Chaining', 0.1, 0.1, 0.3, 0.08), run('When two keys meet', 0.1, 0.19)])).toEqual(['Chaining', 'When two keys meet']);
});

it('puts a word broken at the end of its line together, and no spaces into Chinese', () => {
  expect(paragraphs([run('colli-', 0.1, 0.1), run('sions', 0.1, 0.145)])).toEqual(['collisions']);
  expect(paragraphs([run('哈希表为什么', 0.1, 0.1), run('快？', 0.1, 0.145)])).toEqual(['哈希表为什么快？']);
});

it('reads nothing from nothing', () => {
  expect(paragraphs([])).toEqual([]);
});
