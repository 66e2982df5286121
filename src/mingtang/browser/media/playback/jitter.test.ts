import { expect, it } from 'vitest';
import arrivals from './arrivals.json';
import { Jitter } from './jitter';

/** Sounds of 20 ms whose delays are these, one after another. */
function hear(jitter: Jitter, delays: readonly number[], from = 0): number {
  delays.forEach((delay, n) => jitter.heard(from + n * 20, from + n * 20 + delay));
  return from + delays.length * 20;
}
const steady = (seconds: number, delay = 30): number[] => Array(seconds * 50).fill(delay);

it('asks of a steady line little more than what it takes', () => {
  const jitter = new Jitter();
  hear(jitter, steady(10));
  expect(jitter.target).toBeGreaterThan(30);
  expect(jitter.target).toBeLessThan(45);
});

it('waits for what came late twice, and not for what came late once', () => {
  const jitter = new Jitter();
  const until = hear(jitter, [...steady(5), 230, ...steady(5)]);
  expect(jitter.target).toBeLessThan(45);
  hear(jitter, [230, ...steady(2)], until);
  expect(jitter.target).toBeGreaterThan(230);
});

it('forgets a bad time half a minute after it', () => {
  const jitter = new Jitter();
  hear(jitter, [...steady(2), ...steady(3, 200), ...steady(31)]);
  expect(jitter.target).toBeLessThan(45);
});

it('does not mind what the two clocks show', () => {
  const jitter = new Jitter();
  hear(jitter, [...steady(5, -8_000_000), -7_999_900, ...steady(1, -8_000_000)]);
  expect(jitter.target).toBeLessThan(-7_999_900);
  expect(jitter.spread).toBeLessThan(20);
});

it.each(Object.entries(arrivals))('on the recorded line %s no more than one sound in a hundred comes after its turn', (_, delays) => {
  const jitter = new Jitter();
  let [late, counted] = [0, 0];
  delays.forEach((delay, n) => {
    const now = n * 20 + delay;
    if (n > 500) {
      counted += 1;
      late += Number(delay > (jitter.target ?? 0));
    }
    jitter.heard(n * 20, now);
  });
  expect(late / counted).toBeLessThan(0.01);
});
