import { expect, test } from 'vitest';
import { fileName } from './keep';

test('a file is named for its lesson and day, in signs that every system takes', () => {
  expect(fileName('Hash: A/B? "tables"', '2026-11-25')).toBe('Hash A B tables 2026-11-25.html');
  expect(fileName('哈希表', '2026-11-25')).toBe('哈希表 2026-11-25.html');
  expect(fileName('x'.repeat(300), 'd')).toHaveLength(87);
});
