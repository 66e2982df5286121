import { expect, it } from 'vitest';
import arrivals from './arrivals.json';
import { RATE } from './ring';
import { Voice } from './voice';

const QUANTUM = 128;
const MS = RATE / 1_000;
const FRAME = 960;

/** A tone that a listener can tell the time by: its phase is the place. */
const tone = (from: number, length: number, hertz = 220): Float32Array =>
  Float32Array.from({ length }, (_, n) => 0.5 * Math.sin((2 * Math.PI * hertz * (from + n)) / RATE));

interface Heard {
  out: Float32Array;
  voice: Voice;
  /** Delay from capture to the ear at the end of each second, ms. */
  delays: number[];
  /** The longest stretch without any sound after `settled`, ms. */
  silence: number;
}

/** Plays sounds of 20 ms that come with these delays. */
function play(delays: readonly number[], settled = 0): Heard {
  const voice = new Voice();
  const out = new Float32Array(Math.ceil((delays.length * FRAME) / QUANTUM) * QUANTUM);
  const heard: Heard = { out, voice, delays: [], silence: 0 };
  let [next, silent, ready] = [0, 0, 0];
  for (let at = 0; at < delays.length * FRAME; at += QUANTUM) {
    const now = at / MS;
    for (; next < delays.length; next += 1) {
      ready = Math.max(ready, (next + 1) * 20 + delays[next]); // in order, as a line brings it
      if (ready > now) break;
      voice.take(next * 20, tone(next * FRAME, FRAME), next > 0, now);
    }
    const quantum = out.subarray(at, at + QUANTUM);
    voice.live(quantum, now);
    silent = quantum.some((sample) => Math.abs(sample) > 0.01) ? 0 : silent + QUANTUM / MS;
    if (now > settled) heard.silence = Math.max(heard.silence, silent);
    if (Math.floor(now / 1_000) > heard.delays.length) heard.delays.push(voice.delay(now));
  }
  return heard;
}

/** The steepest step between two samples: a click stands out. */
function steepest(out: Float32Array, from = 0): number {
  let most = 0;
  for (let n = from + 1; n < out.length; n += 1) most = Math.max(most, Math.abs(out[n] - out[n - 1]));
  return most;
}
const steady = (seconds: number, delay = 10): number[] => Array(seconds * 50).fill(delay);

it('on a steady line is heard within 60 ms, whole and without a click', () => {
  const { delays, silence, out } = play(steady(6), 200);
  expect(delays.at(-1)).toBeLessThan(60);
  expect(silence).toBe(0);
  expect(steepest(out)).toBeLessThan(0.03);
});

it('after a stall loses nothing, and is back at its delay without a leap', () => {
  const { delays, out } = play([...steady(3), ...Array.from({ length: 15 }, (_, n) => 310 - n * 20), ...steady(25)]);
  expect(delays[3]).toBeGreaterThan(200);
  expect(delays.at(-1)).toBeLessThan(70);
  expect(steepest(out)).toBeLessThan(0.03);
  // Everything that was said is there: as many periods of the tone as were sent.
  let periods = 0;
  for (let n = 1; n < out.length; n += 1) periods += Number(out[n - 1] <= 0 && out[n] > 0);
  expect(periods).toBeGreaterThan(220 * 28 - 25);
});

it('makes up a long wait by going faster with its pitch kept, and leaves out only what is two seconds old', () => {
  const hurried = play([...steady(3), ...Array.from({ length: 50 }, (_, n) => 1_010 - n * 20), ...steady(10)]);
  expect(hurried.delays[4]).toBeGreaterThan(700);
  expect(hurried.delays.at(-1)).toBeLessThan(150);
  const lost = play([...steady(3), ...Array.from({ length: 150 }, (_, n) => 3_010 - n * 20), ...steady(4)]);
  expect(lost.delays.at(-1)).toBeLessThan(150);
});

it('after a silence of the sender begins anew at once', () => {
  const voice = new Voice();
  const out = new Float32Array(QUANTUM);
  const speak = (from: number, until: number): void => {
    for (let now = from; now < until; now += QUANTUM / MS) {
      if (Math.floor(now / 20) > Math.floor((now - QUANTUM / MS) / 20)) {
        const n = Math.floor(now / 20) - 1;
        voice.take(n * 20, tone(n * FRAME, FRAME), true, now);
      }
      voice.live(out.fill(0), now);
    }
  };
  speak(0, 3_000);
  for (let now = 3_000; now < 13_000; now += QUANTUM / MS) voice.live(out.fill(0), now);
  speak(13_000, 14_000);
  expect(voice.delay(14_000)).toBeLessThan(80);
  expect(voice.gap).toBe(0);
});

it.each(Object.entries(arrivals))('on the recorded line %s no silence is longer than 200 ms once it has adapted', (_, delays) => {
  expect(play(delays, 10_000).silence).toBeLessThan(200);
});

it('who is not among the loudest falls silent without a click, and comes back so', () => {
  const voice = new Voice();
  const out = new Float32Array(RATE);
  voice.take(0, tone(0, 2 * RATE), false, 2_000);
  for (let at = 0; at < RATE; at += QUANTUM) {
    if (at === QUANTUM * 100) voice.heard = false;
    if (at === QUANTUM * 200) voice.heard = true;
    voice.live(out.subarray(at, at + QUANTUM), 2_000 + at / MS);
  }
  expect(Math.max(...out.slice(QUANTUM * 110, QUANTUM * 190))).toBe(0);
  expect(steepest(out, FRAME)).toBeLessThan(0.03);
});

/** How often a second the wave goes up through zero. */
const pitch = (out: Float32Array): number => {
  let rises = 0;
  for (let n = 1; n < out.length; n += 1) rises += Number(out[n - 1] <= 0 && out[n] > 0);
  return (rises * RATE) / out.length;
};

it.each([0.5, 0.75, 1.25, 1.5, 2])('a recording at %f times its speed keeps its pitch and its place', (rate) => {
  const voice = new Voice();
  voice.take(0, tone(0, 4 * RATE), false, 0);
  const out = new Float32Array(RATE);
  for (let at = 0; at < RATE; at += QUANTUM) voice.recorded(out.subarray(at, Math.min(at + QUANTUM, RATE)), 4_800 + at * rate, rate);
  expect(pitch(out.slice(4_800))).toBeGreaterThan(215);
  expect(pitch(out.slice(4_800))).toBeLessThan(225);
  expect(steepest(out, FRAME)).toBeLessThan(0.05);
  expect(voice.head).toBeCloseTo(4_800 + RATE * rate, -1);
});
