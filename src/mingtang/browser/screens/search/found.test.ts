import { expect, test } from 'vitest';
import { wayTo, type Found } from './found';

const found: Found = { lesson: 'l1', title: 'Sets', course: '', began: 0, hits: [] };

test('a hit leads to its second in the replay, one that never came to the lesson', () => {
  expect(wayTo(found, { kind: 'slide', pieces: [], at: 0 }, false)).toBe('/replay/l1?at=0');
  expect(wayTo(found, { kind: 'slide', pieces: [] }, true)).toBe('/teach/l1');
  expect(wayTo(found, { kind: 'note', pieces: [] }, false)).toBe('/notebook/l1');
});
