import { expect, it } from 'vitest';
import type { MediaPlace, MediaView } from '@/wire.gen';
import { faceOf, largeOf, sceneOf, speakerOf } from './scene';

const place = (name: string, more: Partial<MediaPlace> = {}): MediaPlace => ({ name, seat: 'remote', since: 0, ...more });
const media: MediaView = {
  stage: { 1: place('Wu', { staff: true, seat: 'room' }), 2: place('Mei', { quiet: true }) },
  tracks: {
    1: { source: 'microphone', codec: 'opus', place: 1 },
    2: { source: 'camera', codec: 'vp8', place: 1 },
    3: { source: 'screen', codec: 'vp8', place: 1 },
    4: { source: 'screen_sound', codec: 'opus', place: 1 },
    5: { source: 'microphone', codec: 'opus', place: 2 },
    6: { source: 'document', codec: 'vp8', place: 2 },
    7: { source: 'room_microphone', codec: 'opus', room: true },
    8: { source: 'room_camera', codec: 'vp8', room: true },
  },
};

it('everybody on the stage is a tile, and so is the room that has a voice', () => {
  const { tiles, sounds } = sceneOf(media, undefined);
  expect(tiles.map((tile) => [tile.id, tile.camera, tile.muted])).toEqual([['room', 8, false], ['1', 2, false], ['2', undefined, true]]);
  expect(sounds.sort()).toEqual([1, 4, 5, 7]);
});

it('each picture goes with the voice of the one who shows it, a screen with its own sound', () => {
  expect([...sceneOf(media, undefined).pairs]).toEqual([[2, 1], [3, 4], [6, 5], [8, 7]]);
});

it('the wall, which has no names, shows nobody who sits before it, but what he shares', () => {
  const stage = { 1: { seat: 'room', since: 0, staff: true }, 2: { seat: 'remote', since: 0 } } as MediaView['stage'];
  const { tiles, sounds, screen, pairs } = sceneOf({ ...media, stage }, { lent: true });
  expect(tiles.map((tile) => tile.id)).toEqual(['2']);
  expect([sounds, screen, pairs.has(2)]).toEqual([[5], 3, false]);
});

it('nobody hears or sees himself, and the device of the room not the room', () => {
  expect(sceneOf(media, { place: 1 }).sounds.sort()).toEqual([5, 7]);
  const lent = sceneOf(media, { lent: true });
  expect([lent.sounds.includes(7), lent.pairs.has(8), lent.tiles.some((tile) => tile.room)]).toEqual([false, false, false]);
});

it('a face is the small picture in its tile, the whole one where it is large, and what there is of the two', () => {
  const small = { 9: { source: 'camera_small' as const, codec: 'vp8', place: 1 }, 10: { source: 'room_camera_small' as const, codec: 'vp8', room: true } };
  const scene = sceneOf({ ...media, tracks: { ...media.tracks, ...small } }, undefined);
  const [room, wu, mei] = scene.tiles;
  const none = new Set<number>();
  expect([faceOf(wu, false, none), faceOf(wu, true, none), faceOf(room, false, none)]).toEqual([9, 2, 10]);
  expect(faceOf(wu, true, new Set([2]))).toBe(9);
  expect(scene.pairs.get(9)).toBe(scene.pairs.get(2));
  expect(faceOf(mei, true, none)).toBeUndefined();
  expect([faceOf(sceneOf(media, undefined).tiles[1], false, none), faceOf(sceneOf(media, undefined).tiles[1], true, new Set([2]))]).toEqual([2, 2]);
});

it('an earlier moment has no small pictures: they were not recorded', () => {
  const tracks = { ...media.tracks, 9: { source: 'camera_small' as const, codec: 'vp8', place: 1 } };
  const scene = sceneOf({ ...media, tracks }, undefined, false);
  expect([scene.tiles[1].small, scene.pairs.has(9)]).toEqual([undefined, false]);
});

it('the stage of a group is seen beside that of all', () => {
  const group = { no: 1, stage: { 9: place('Lin') }, tracks: { 9: { source: 'microphone' as const, codec: 'opus', place: 9 } } };
  expect(sceneOf(media, { group }).sounds).toContain(9);
});

it('a screen is large by itself, a choice as long as there is something to choose', () => {
  const scene = sceneOf(media, undefined);
  expect(largeOf(scene, undefined, true)).toEqual({ can: ['slides', 'screen', 'board', 'speaker'], is: 'screen' });
  expect(largeOf(scene, 'slides', true).is).toBe('slides');
  expect(largeOf(scene, 'speaker', false).is).toBe('screen');
});

it('the face that is large is of who speaks, and stays in the pauses', () => {
  const scene = sceneOf(media, undefined);
  expect(speakerOf(scene, new Set(['1']), undefined)?.id).toBe('1');
  expect(speakerOf(scene, new Set(), 'room')?.id).toBe('room');
  expect(speakerOf(scene, new Set(['2']), undefined)?.id).toBe('1');
});
