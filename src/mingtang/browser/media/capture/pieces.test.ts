// What is computed on the way from a device to an object, without a device.
import { expect, test } from 'vitest';
import { choose, settings } from './codecs';
import { judge, share } from './judged';
import { CAMERA, Ladder, SCREEN, sized, START, type Pressure } from './ladder';
import { Moments } from './moments';
import { Cutter, level, mono, RATE, Resampler, SILENCE } from './samples';

const tone = (hertz: number, rate: number, samples: number, loud = 0.5) =>
  Float32Array.from({ length: samples }, (_, n) => loud * Math.sin((2 * Math.PI * hertz * n) / rate));

test('O1: the level is -dBov: full scale near 3 for a sine, silence 127', () => {
  expect(level(tone(1_000, RATE, 4_800, 1))).toBe(3);
  expect(level(tone(1_000, RATE, 4_800, 0.1))).toBe(23);
  expect(level(new Float32Array(960))).toBe(SILENCE);
  expect(level(new Float32Array(960).fill(1))).toBe(0);
});

test('two channels become one at the same loudness', () => {
  const one = tone(440, RATE, 960);
  expect([...mono([one, one])]).toEqual([...one]);
});

test.each([44_100, 32_000, 16_000, 96_000])('from %i Hz to 48 kHz the tone stays, however it is cut', (rate) => {
  const resampler = new Resampler(rate);
  const source = tone(1_000, rate, rate);
  const made: number[] = [];
  for (let at = 0; at < source.length; at += 441) made.push(...resampler.take(source.slice(at, at + 441)));
  expect(Math.abs(made.length - RATE)).toBeLessThan(60);
  const steady = Float32Array.from(made.slice(4_800, 43_200));
  expect(Math.abs(level(steady) - 9)).toBeLessThanOrEqual(1);
  let crossings = 0;
  for (let n = 1; n < steady.length; n += 1) crossings += Number(steady[n - 1] < 0 && steady[n] >= 0);
  expect(Math.abs(crossings - 800)).toBeLessThanOrEqual(1);
  let roughest = 0;
  for (let n = 2; n < steady.length; n += 1) roughest = Math.max(roughest, Math.abs(steady[n] - 2 * steady[n - 1] + steady[n - 2]));
  expect(roughest, 'no seam between the pieces').toBeLessThan(0.02);
});

test('pieces are of one length and follow one another without a gap, whatever comes in', () => {
  const cutter = new Cutter(20);
  const pieces = [...Array(100).keys()].flatMap((n) => [...cutter.take(new Float32Array(480), 5_000 + n * 10 + (n % 3) * 4)]);
  expect(pieces).toHaveLength(50);
  for (const piece of pieces) expect(piece.samples).toHaveLength(960);
  for (let n = 1; n < pieces.length; n += 1) expect(Math.abs(pieces[n].time - pieces[n - 1].time - 20)).toBeLessThan(1);
});

test('after samples were lost the times go on where the clock is', () => {
  const cutter = new Cutter(20);
  [...cutter.take(new Float32Array(960), 1_000)];
  const [after] = [...cutter.take(new Float32Array(960), 3_000)];
  expect(after.time).toBe(3_000);
});

test('a device that delivers now sooner, now later is timed by the soonest, and its clock may drift', () => {
  const moments = new Moments();
  const late = [3, 40, 9, 25, 3, 60];
  const times = late.map((wait, n) => moments.at(1_000 + n * 50, 90_000 + n * 50 + wait));
  expect(times).toEqual([90_003, 90_053, 90_103, 90_153, 90_203, 90_253]);
  let last = 0;
  for (let n = 6; n < 3_000; n += 1) last = moments.at(1_000 + n * 50, 90_000 + n * 50.01 + 3) - (90_000 + n * 50.01 + 3);
  expect(Math.abs(last)).toBeLessThan(10);
});

test('a device whose own clock slips behind, because its computer was too busy, is timed aright a second later', () => {
  const moments = new Moments();
  for (const slip of [40, 300, 2_000]) {
    const late = [...Array(200).keys()].map((n) => 70_000 + slip * 100 + n * 10 - moments.at(n * 10 - slip, 70_000 + slip * 100 + n * 10));
    expect(Math.max(...late.slice(110))).toBe(0);
  }
});

test('times never go back, and a device that begins anew is timed anew', () => {
  const moments = new Moments();
  const before = moments.at(900_000, 5_000);
  const after = moments.at(0, 5_100);
  expect(after).toBe(5_100);
  expect(moments.at(10, 5_090)).toBeGreaterThanOrEqual(before);
});

const calm: Pressure = { skipped: 0, taken: 20, waiting: 0, refused: false };

test('a picture begins at 540 lines and twenty a second, and with a slow way lower', () => {
  expect(new Ladder(CAMERA, 4).rung).toMatchObject({ height: 540, rate: 20 });
  expect(new Ladder(CAMERA, START, true).rung.height).toBeLessThan(540);
});

test.each([
  ['the line refuses', { ...calm, refused: true }],
  ['the line is full', { ...calm, waiting: 150_000 }],
  ['the encoder is late', { ...calm, skipped: 5 }],
])('when %s it goes down at once and no faster than every two seconds', (_, pressure) => {
  const ladder = new Ladder(CAMERA, 4);
  expect([0, 1_000, 2_000, 3_000, 4_000].map((now) => ladder.look(pressure, now))).toEqual([true, false, true, false, true]);
  expect(ladder.rung).toBe(CAMERA[0]);
});

test('it climbs after calm seconds, later after each fall, and never above what its sender may', () => {
  const ladder = new Ladder(CAMERA, START);
  for (let now = 0; now < 100_000; now += 1_000) expect(ladder.look(calm, now)).toBe(false);
  ladder.look({ ...calm, refused: true }, 100_000);
  const climbs = [...Array(60).keys()].filter((n) => ladder.look(calm, 101_000 + n * 1_000));
  expect(climbs).toEqual([19]);
  expect(ladder.rung).toBe(CAMERA[START]);
});

test('a screen loses pictures before it loses lines', () => {
  for (let n = 1; n < SCREEN.length; n += 1) expect(SCREEN[n - 1].height / SCREEN[n].height).toBeGreaterThanOrEqual(SCREEN[n - 1].rate / SCREEN[n].rate);
});

test('the shape of a picture stays, upright or lying, and its sides are even', () => {
  expect(sized(1920, 1080, 540)).toEqual({ width: 960, height: 540 });
  expect(sized(1080, 1920, 540)).toEqual({ width: 540, height: 960 });
  expect(sized(641, 481, 720)).toEqual({ width: 642, height: 482 });
});

test('H.264 where hardware makes it, else VP9 in layers, VP8 last; what somebody cannot decode is left out', async () => {
  const has = (...codecs: string[]) => async (config: VideoEncoderConfig) =>
    codecs.includes(config.codec) && (config.codec !== 'avc1.42E01F' || config.hardwareAcceleration === 'prefer-hardware');
  expect((await choose(has('avc1.42E01F', 'vp8', 'vp09.00.31.08')))?.codec).toBe('avc1.42E01F');
  expect(await choose(has('vp8', 'vp09.00.31.08'))).toEqual({ codec: 'vp09.00.31.08', scalabilityMode: 'L1T2' });
  expect((await choose(has('vp8', 'vp09.00.31.08'), new Set(['vp09.00.31.08'])))?.codec).toBe('vp8');
  expect(await choose(has())).toBeUndefined();
});

test('above 720 lines the codec says the larger size in its name', () => {
  const rung = SCREEN[4];
  expect(settings({ codec: 'avc1.42E01F' }, 1920, 1080, rung, true)).toMatchObject({ codec: 'avc1.42E028', height: 1080, contentHint: 'text' });
  expect(settings({ codec: 'vp8' }, 1280, 720, CAMERA[4])).toMatchObject({ codec: 'vp8', width: 1280, latencyMode: 'realtime' });
});

test('the sound check hears a speaker between his pauses, and tells soft, too loud and nothing apart', () => {
  const speech = (loud: number) => [...Array(100).keys()].map((n) => (n % 3 ? loud : 80));
  expect(judge(speech(28))).toBe('heard');
  expect(judge(speech(52))).toBe('quiet');
  expect(judge(speech(3))).toBe('loud');
  expect(judge(Array(100).fill(SILENCE))).toBe('nothing');
  expect(judge(Array(100).fill(75))).toBe('nothing');
  expect([share(SILENCE), share(70), share(40), share(0)]).toEqual([0, 0, 0.5, 1]);
});
