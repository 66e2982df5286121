import { expect, test } from 'vitest';
import { placeKey, queued } from './order';

const hand = (raised: number, place?: number) => ({ name: 'N', seat: 'room', raised, ...(place ? { place } : {}) });

test('hands are in the order of their places, and those who are away come last by age', () => {
  const line = { c: hand(1), b: hand(5, 2), a: hand(9, 1), d: hand(0) };
  expect(queued(line).map((one) => one.id)).toEqual(['a', 'b', 'd', 'c']);
  expect(queued(undefined)).toEqual([]);
});

test('a place is said as people count in their language', () => {
  const said = (place: number) => placeKey(place, 'en').slice(9);
  expect([1, 2, 3, 4, 11, 12, 13, 21, 22, 23].map(said)).toEqual([
    'one', 'two', 'few', 'other', 'other', 'other', 'other', 'one', 'two', 'few',
  ]);
  expect(placeKey(3, 'zh-Hans')).toBe('hands.up_other');
  expect(placeKey(undefined, 'en')).toBe('hands.up');
});
