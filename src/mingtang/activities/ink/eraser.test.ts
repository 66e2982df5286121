import { expect, it } from 'vitest';
import { hit, REACH } from './eraser';
import { encode } from './points';
import type { InkStroke } from '@/wire.gen';

const stroke = (...points: number[][]): InkStroke => ({ n: 0, tool: 'pen', color: 0, width: 40, points: encode(points) });
const page = { across: stroke([1000, 1000], [3000, 1000]), dot: stroke([5000, 500]), far: stroke([8000, 4000], [8100, 4100]) };

it('takes a line that it crosses between two of its own moves', () => {
  expect(hit(page, [2000, 500], [2000, 1500])).toEqual(['across']);
});

it('takes what lies within its reach and leaves what does not', () => {
  expect(hit(page, [5000 + REACH, 500], [5000 + REACH, 500])).toEqual(['dot']);
  expect(hit(page, [5000 + REACH + 30, 500], [5000 + REACH + 30, 500])).toEqual([]);
});

it('takes several at once', () => {
  expect(hit(page, [0, 1060], [8192, 150]).sort()).toEqual(['across', 'dot']);
});
