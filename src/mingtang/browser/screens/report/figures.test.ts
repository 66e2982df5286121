import { describe, expect, test } from 'vitest';
import { use } from '@/i18n.svelte';
import { band, coefficient, count, kinds, minuteMarks, parse, percent, ticks, when } from './figures';

describe('numbers', () => {
  test('are grouped by threes and never broken', () => {
    expect([count(7), count(4118), count(1234567)]).toEqual(['7', '4\u202f118', '1\u202f234\u202f567']);
  });

  test('that there are not are a dash', () => {
    use('en', {});
    expect([percent(undefined), coefficient(undefined), percent(0), coefficient(-0.125)]).toEqual(['–', '–', '0\u00a0%', '−0.13']);
  });

  test('of a day are written in the language', () => {
    const from = new Date(2026, 10, 23, 10, 0).getTime();
    use('en', {});
    expect(when(from, from + 45 * 60_000)).toBe('Monday 23 November 2026, 10:00 – 10:45');
    use('zh-Hans', {});
    expect(when(from, from + 45 * 60_000)).toBe('2026年11月23日星期一 10:00 – 10:45');
  });
});

describe('axes', () => {
  test('have a few round ticks and reach over the highest value', () => {
    for (const most of [0, 1, 3, 7, 14, 53, 99, 100, 283, 9_999]) {
      const made = ticks(most);
      expect(made.at(-1)).toBeGreaterThanOrEqual(most);
      expect(made.length).toBeLessThanOrEqual(6);
      expect(made.every(Number.isInteger)).toBe(true);
    }
    expect(ticks(53)).toEqual([0, 20, 40, 60]);
  });

  test('write no more minutes than there is room for', () => {
    expect(minuteMarks(90, 10)).toEqual([0, 10, 20, 30, 40, 50, 60, 70, 80, 90]);
    for (const minutes of [0, 1, 45, 90, 600]) expect(minuteMarks(minutes, 4).length).toBeLessThanOrEqual(5);
  });

  test('a band goes along its top and back along its bottom', () => {
    expect(band([1, 2], [0, 1], (n) => n * 10, (v) => v)).toBe('0.0,1.0 10.0,2.0 10.0,1.0 0.0,0.0');
  });
});

test('sources of one kind are said once, the most first', () => {
  const one = (kind: string, n: number) => ({ kind, n, first: 1, last: 2 });
  expect(kinds([one('a', 2), one('b', 5), one('a', 1)])).toEqual([{ kind: 'b', n: 5 }, { kind: 'a', n: 3 }]);
});

test('a table comes back from CSV as it went in', () => {
  expect(parse('\ufeffa,b\r\n"x, ""y""\nz",\r\n1,2\r\n')).toEqual([['a', 'b'], ['x, "y"\nz', ''], ['1', '2']]);
  expect(parse('')).toEqual([]);
});
