import { describe, expect, it } from 'vitest';
import { due } from './turning.svelte';

const check = { check: 1, open: true, turn: 1, turned: 100_000, seconds: 20 };

describe('the code on the wall', () => {
  it('is due when it has stood its time', () => {
    expect(due(check, 119_999, 0)).toBe(false);
    expect(due(check, 120_000, 0)).toBe(true);
  });

  it('is asked for by the console only a little later', () => {
    expect(due(check, 120_500, 1_000)).toBe(false);
    expect(due(check, 121_000, 1_000)).toBe(true);
  });

  it('is never due when no check is open', () => {
    expect(due({ ...check, open: false }, 999_999, 0)).toBe(false);
    expect(due({ check: 0, open: false }, 999_999, 0)).toBe(false);
    expect(due(undefined, 999_999, 0)).toBe(false);
  });
});
