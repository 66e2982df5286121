import { expect, test } from 'vitest';
import { FADES, felt, stands } from './fading';

const SPAN = 30_000;
const NOW = 100 * SPAN;

test('a mark of the last two minutes counts whole', () => {
  expect(felt({ 99: 3, 98: 1, 96: 8 }, NOW)).toBe(12);
});

test('older marks fade and after six minutes are gone', () => {
  const later = (minutes: number) => felt({ 99: 12 }, NOW + minutes * 60_000);
  expect([0, 2, 4, 6, 7].map(later)).toEqual([12, 12, 6, 0, 0]);
});

test('no marks are none', () => {
  expect(felt(undefined, NOW)).toBe(0);
  expect(felt({}, NOW)).toBe(0);
});

test('the own mark stands until it has faded', () => {
  expect(stands(NOW, NOW + FADES - 1)).toBe(true);
  expect(stands(NOW, NOW + FADES)).toBe(false);
  expect(stands(undefined, NOW)).toBe(false);
});
