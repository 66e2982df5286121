import { expect, it } from 'vitest';
import { PICTURE, SOUND, type MediaObject } from '../object';
import { Gathering, STANDING_MS } from './gathering';
import { EAR, EYE, Lateness, steer } from './steering';
import { Timeline } from './timeline';

const object = (kind: number, time: number, key = false): MediaObject => ({
  kind, time, key, track: 1, seq: 0, layer: 0, level: 127, span: kind === SOUND ? 20 : 0, payload: new Uint8Array([1]),
});

it('has no holes where the lesson had a silence, and knows the time of each place', () => {
  const line = new Timeline();
  expect([line.place(1000, 20, 5), line.place(1020, 20, 5), line.place(9000, 20, 5)]).toEqual([0, 20, 40]);
  expect([0, 30, 40, 55].map((at) => line.timeAt(at))).toEqual([1000, 1030, 9000, 9015]);
  expect([900, 1030, 5000, 9010, 9999].map((time) => line.placeOf(time))).toEqual([0, 30, 40, 50, 60]);
});

it('lets small jitter of the clock pass without a leap', () => {
  const line = new Timeline();
  for (const time of [1000, 1022, 1041, 1059]) line.place(time, 20, 20);
  expect(line.timeAt(70)).toBe(1070);
});

it('cuts pieces of a tenth of a second, and gives each picture the length until the next', () => {
  const gathering = new Gathering();
  const pieces = [];
  for (const [n, time] of [0, 50, 90, 150, 200].entries()) {
    gathering.take(object(PICTURE, time, n === 0), 10_000 + time);
    pieces.push(gathering.give(10_000 + time));
  }
  expect(pieces.map((piece) => piece.map(({ at, long }) => [at, long]))).toEqual([[], [], [], [[0, 50], [50, 40], [90, 60]], []]);
});

it('shows a picture after which none comes', () => {
  const gathering = new Gathering();
  gathering.take(object(PICTURE, 500, true), 0);
  expect(gathering.give(STANDING_MS - 1)).toEqual([]);
  expect(gathering.give(STANDING_MS)).toMatchObject([{ at: 0, long: STANDING_MS, key: true }]);
  gathering.take(object(PICTURE, 5500), 5000);
  gathering.take(object(PICTURE, 5600), 5100);
  expect(gathering.give(5100)).toMatchObject([{ at: STANDING_MS, long: 100, key: false }]);
  expect(gathering.timeline.timeAt(STANDING_MS)).toBe(5500);
});

it('gives the last words although they fill no piece', () => {
  const gathering = new Gathering();
  gathering.take(object(SOUND, 0), 0);
  expect(gathering.give(0)).toEqual([]);
  expect(gathering.give(STANDING_MS)).toHaveLength(1);
});

it('waits when it is early, leaps when it is far too late, and else changes its rate a little until it is there', () => {
  expect(steer(300, 1, true)).toEqual({ act: 'wait', ms: 300 });
  expect(steer(-EAR.late - 1, 1, true)).toEqual({ act: 'leap' });
  expect(steer(-EYE.late - 1, 1, true, EYE)).toEqual({ act: 'leap' });
  expect(steer(-300, 1, true, EYE)).toEqual({ act: 'play', rate: 1.15 });
  expect(steer(-80, 1, true)).toEqual({ act: 'play', rate: 1.04 });
  expect(steer(-1000, 1, true)).toEqual({ act: 'play', rate: 1.06 });
  expect([steer(-40, 1, true), steer(-40, 1.02, true), steer(-10, 1.01, true)].map((one) => one.act === 'play' && one.rate)).toEqual([1, 1.02, 1]);
  expect(steer(100, 1, false), 'before it has begun it waits to the moment').toEqual({ act: 'wait', ms: 100 });
});

it('measures lateness against the object that came soonest, and forgets an old way', () => {
  const lateness = new Lateness();
  expect(lateness.now(0)).toBeUndefined();
  expect([lateness.came(1040, 1000), lateness.came(1130, 1100), lateness.came(1250, 1200)]).toEqual([0, 0, 20]);
  expect(lateness.now(2000)).toBe(1970);
  for (let at = 2000; at < 2000 + 3 * Lateness.REMEMBERED_MS; at += 1000) lateness.came(at + 200, at);
  expect(lateness.now(100_000)).toBe(99_800);
});

it('forgets the moment before another one, and goes on where its element has room', () => {
  const gathering = new Gathering();
  gathering.take(object(SOUND, 5000), 0);
  gathering.forget();
  for (const time of [100, 120, 140, 160, 180]) gathering.take(object(SOUND, time), 1);
  expect(gathering.give(1).map(({ at }) => at)).toEqual([20, 40, 60, 80, 100]);
  expect([gathering.timeline.timeAt(50), gathering.timeline.placeOf(5000)]).toEqual([130, 120]);
});
