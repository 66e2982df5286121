import { expect, it } from 'vitest';
import { encode } from './points';
import { Wets } from './wet';

const said = (id: string, at: number, ...points: number[][]) => ({ id, tool: 'pen', color: 0, width: 40, at, points: encode(points) });

it('puts the pieces of a stroke together in their places', () => {
  const wets = new Wets();
  wets.hear(said('a', 0, [1, 1], [2, 2]), 0);
  wets.hear(said('a', 2, [3, 3]), 1);
  wets.hear(said('a', 2, [4, 4]), 2);
  expect(wets.now(3)[0].points).toEqual([[1, 1], [2, 2], [4, 4]]);
});

it('goes on after a piece that was lost', () => {
  const wets = new Wets();
  wets.hear(said('a', 0, [1, 1]), 0);
  wets.hear(said('a', 5, [9, 9]), 1);
  expect(wets.now(1)[0].points).toEqual([[1, 1], [9, 9]]);
});

it('gives way to the finished stroke and ignores what comes late', () => {
  const wets = new Wets();
  wets.hear(said('a', 0, [1, 1]), 0);
  wets.settle({ a: {} });
  expect(wets.hear(said('a', 1, [2, 2]), 1)).toBe(false);
  expect(wets.now(1)).toEqual([]);
});

it('forgets a stroke that was given up, and one of somebody who is gone', () => {
  const wets = new Wets();
  wets.hear(said('a', 0, [1, 1]), 0);
  wets.hear({ id: 'a' }, 1);
  wets.hear(said('b', 0, [1, 1]), 0);
  expect(wets.now(100)).toHaveLength(1);
  expect(wets.now(60_000)).toEqual([]);
});
