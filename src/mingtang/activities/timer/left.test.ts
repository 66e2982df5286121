import { describe, expect, it } from 'vitest';
import { isRunning, left, moment } from './left';

const running = { started: 1_000, length: 300_000, ends: 301_000 };
const held = { started: 1_000, length: 300_000, paused_left: 90_000 };

describe('a timer', () => {
  it('shows 0 only when time is up', () => {
    expect(left(running, 1_000)).toBe(300);
    expect(left(running, 300_001)).toBe(1);
    expect(left(running, 301_000)).toBe(0);
    expect(left(running, 999_999)).toBe(0);
  });

  it('stands still while it is held', () => {
    expect(left(held, 1_000)).toBe(left(held, 999_999));
    expect(moment(held, 999_999)).toBe('paused');
  });

  it('speaks at the start, a minute before the end, ten seconds before it, and at the end', () => {
    const said = Array.from({ length: 302 }, (_, n) => moment(running, 1_000 + n * 1_000));
    expect([...new Set(said)]).toEqual(['started', 'minute', 'seconds', 'up']);
    expect(said.indexOf('minute')).toBe(240);
    expect(said.indexOf('seconds')).toBe(290);
    expect(said.indexOf('up')).toBe(300);
  });

  it('says nothing between start and end when it is short', () => {
    const short = { started: 0, length: 30_000, ends: 30_000 };
    expect(moment(short, 29_000)).toBe('started');
    expect(moment(short, 30_000)).toBe('up');
  });

  it('is not running when the part is empty', () => {
    expect(isRunning({})).toBe(false);
    expect(isRunning(undefined)).toBe(false);
    expect(isRunning(running)).toBe(true);
  });
});
