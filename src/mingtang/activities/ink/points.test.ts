import { expect, it } from 'vitest';
import { decode, encode } from './points';
import vectors from './points.json';

it.each(vectors.good)('writes points as the vectors say: $text', ({ points, text }) => {
  expect(encode(points)).toBe(text);
  expect(decode(text)).toEqual(points);
});

it.each(vectors.bad)('refuses what is no stroke on the page: $why', ({ text }) => {
  expect(() => decode(text)).toThrow();
});
