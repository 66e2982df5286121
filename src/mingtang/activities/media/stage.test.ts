import { expect, it } from 'vitest';
import type { HandsStaffView, MediaView, RosterList } from '@/wire.gen';
import { devices, hands, onStage, others } from './stage';

const place = (member: string, since: number) => ({ seat: 'remote' as const, since, name: member, member });
const media: MediaView = { stage: { '2': place('ann', 5), '1': place('bob', 9) }, tracks: {}, invited: { cat: { name: 'Cat', at: 1 } } };
const hand = (place: number, seat = 'remote') => ({ name: `N${place}`, seat, raised: 1, place });
const queue = {
  up: { room: 1, remote: 3 }, away: 0, parity: {},
  line: { dan: hand(3), cat: hand(1), rue: hand(2, 'room'), eve: hand(4), ann: hand(5) },
} as unknown as HandsStaffView;
const row = (role: string, seat: string, here = true) => ({ name: `${role} ${seat}`, role, seat, here, joined: 1 });
const roster = {
  members: { ann: row('student', 'remote'), fay: row('student', 'remote'), gus: row('student', 'remote', false), rue: row('student', 'room'), tea: row('teacher', 'room'), wal: row('wall', 'room', false) },
  removed: {},
} as unknown as RosterList;

it('lists who is on the stage in the order they came, those of the own group among them', () => {
  expect(onStage(media).map((one) => one.no)).toEqual([2, 1]);
  expect(onStage(media, { group: { no: 1, stage: { '7': place('x', 1) }, tracks: {} } })[0].no).toBe(7);
  expect(onStage(undefined)).toEqual([]);
});

it('offers remote hands in the order of the queue, but not who sits in the room, is invited or is there already', () => {
  expect(hands(queue, media).map((one) => one.id)).toEqual(['dan', 'eve']);
});

it('offers first the remote one who has the floor', () => {
  const speaking = { ...queue, speaking: { seat: 'remote', since: 1, id: 'fay', name: 'Fay' } };
  expect(hands(speaking, media).map((one) => one.id)).toEqual(['fay', 'dan', 'eve']);
});

it('offers the other remote students who are here', () => {
  expect(others(roster, media, []).map((one) => one.id)).toEqual(['fay']);
  expect(others(roster, media, [{ id: 'fay', name: '', hand: true }])).toEqual([]);
});

it('lists walls, this computer and devices in the room, and the lent one wherever it is', () => {
  expect(devices(roster, 'tea', undefined).map((one) => [one.id, one.kind])).toEqual([['wal', 'wall'], ['tea', 'me'], ['rue', 'room']]);
  expect(devices(roster, 'tea', 'gus').map((one) => one.id)).toContain('gus');
});
