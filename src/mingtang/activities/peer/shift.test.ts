import { expect, test } from 'vitest';
import type { PeerCompare, PeerItem } from '@/wire.gen';
import { draw, HEIGHT, shortened } from './shift';

const compared: PeerCompare = {
  first: '1', second: '2', p1: 0.4706, p2: 0.7843, gain: 0.5926,
  shift: { a: { a: 1, c: 1 }, b: { b: 6, c: 13 }, c: { b: 1, c: 23 }, d: { c: 3, d: 3 } },
};
const item: PeerItem = {
  text: 'How many?', stage: 'compare', right: 'c', options: { a: 'None', b: 'One', c: 'Three', d: 'All four' },
  rounds: { '1': { answered: 51, counts: { a: 2, b: 19, c: 24, d: 6 } }, '2': { answered: 51, counts: { a: 1, b: 7, c: 40, d: 3 } } },
};

test('every change is one band, and those that end right are told from those that were right before', () => {
  const kinds = draw(item, compared).bands.map((band) => band.kind);
  expect(kinds).toEqual(['other', 'won', 'other', 'won', 'other', 'kept', 'won', 'other']);
});

test('blocks are as high as their counts on both sides, and lie within the drawing', () => {
  const { blocks } = draw(item, compared);
  const unit = blocks[1].first.h / 19;
  for (const side of ['first', 'second'] as const) {
    for (const block of blocks) expect(block[side].h).toBeCloseTo(block[side].n * unit);
    expect(blocks[0][side].y).toBeGreaterThanOrEqual(0);
    expect(blocks[3][side].y + blocks[3][side].h).toBeLessThanOrEqual(HEIGHT + 0.001);
  }
});

test('a name that is too long is cut, and a Chinese letter takes the room of two', () => {
  expect(shortened('All four', 10)).toBe('All four');
  expect(shortened('All of the four', 10)).toBe('All of th…');
  expect(shortened('全部四个键', 10)).toBe('全部四个键');
  expect(shortened('全部四个键值', 10)).toBe('全部四个…');
});

test('words never lie upon one another, even where nobody gave an answer', () => {
  const few: PeerItem = { ...item, rounds: { '1': { answered: 3, counts: { a: 0, b: 0, c: 3, d: 0 } }, '2': { answered: 3, counts: { a: 0, b: 0, c: 3, d: 0 } } } };
  const { blocks } = draw(few, { ...compared, shift: { c: { c: 3 } } });
  for (const side of ['first', 'second'] as const) {
    for (const [at, block] of blocks.entries()) {
      expect(block.line[side]).toBeLessThanOrEqual(HEIGHT);
      if (at) expect(block.line[side] - blocks[at - 1].line[side]).toBeGreaterThanOrEqual(61.9);
    }
  }
});
