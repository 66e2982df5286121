import { expect, it } from 'vitest';
import { SOUND, type MediaObject } from '../object';
import { Levels } from './levels';

const sound = (track: number, level: number): MediaObject => ({ kind: SOUND, track, level, seq: 0, time: 0, key: true, layer: 0, span: 20, payload: new Uint8Array() });

it('who was loud a moment ago still speaks, and a second later not', () => {
  const levels = new Levels();
  levels.heard(sound(1, 30), 1_000);
  levels.heard(sound(2, 90), 1_000);
  expect([levels.speaks(1, 1_500), levels.speaks(2, 1_500), levels.speaks(1, 2_000)]).toEqual([true, false, false]);
});

it('mixes the three loudest, and lets nobody in for a little more', () => {
  const levels = new Levels();
  const all = [1, 2, 3, 4];
  for (const [track, level] of [[1, 30], [2, 32], [3, 40], [4, 60]]) levels.heard(sound(track, level), 0);
  expect(levels.loudest(all).sort()).toEqual([1, 2, 3]);
  levels.heard(sound(4, 38), 20);
  expect(levels.loudest(all).sort()).toEqual([1, 2, 3]);
  levels.heard(sound(4, 20), 40);
  expect(levels.loudest(all).sort()).toEqual([1, 2, 4]);
});
