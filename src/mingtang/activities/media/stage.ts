// Who is on the stages that this screen sees, and whom staff may ask to come: what the views of several activities say
// together.
import type { HandsStaffView, MediaMine, MediaPlace, MediaView, RosterList } from '@/wire.gen';

export interface OnStage extends MediaPlace {
  no: number;
}

/** In the order in which they came; with the stage of one's own group. */
export function onStage(media: MediaView | undefined, mine: MediaMine = {}): OnStage[] {
  const places = Object.entries({ ...media?.stage, ...mine.group?.stage });
  return places.map(([no, place]) => ({ ...place, no: Number(no) })).sort((a, b) => a.since - b.since || a.no - b.no);
}

export interface Candidate {
  id: string;
  name: string;
  hand: boolean;
}

/** Remote students with a hand up or with the floor who are not asked yet, in the order of the queue. */
export function hands(queue: HandsStaffView | undefined, media: MediaView | undefined): Candidate[] {
  const speaking = queue?.speaking?.seat === 'remote' && queue.speaking.id ? [{ id: queue.speaking.id, name: queue.speaking.name ?? '', hand: true }] : [];
  const up = Object.entries(queue?.line ?? {}).filter(([, hand]) => hand.seat === 'remote' && !hand.away);
  up.sort(([, a], [, b]) => (a.place ?? 0) - (b.place ?? 0));
  const all = [...speaking, ...up.map(([id, hand]) => ({ id, name: hand.name, hand: true }))];
  return all.filter(({ id }) => !taken(media, id));
}

/** All other remote students who are here, by name. */
export function others(roster: RosterList | undefined, media: MediaView | undefined, listed: readonly Candidate[]): Candidate[] {
  const rows = Object.entries(roster?.members ?? {}).filter(([, row]) => row.here && row.role === 'student' && row.seat === 'remote');
  const rest = rows.filter(([id]) => !taken(media, id) && !listed.some((one) => one.id === id));
  return rest.map(([id, row]) => ({ id, name: row.name, hand: false })).sort((a, b) => a.name.localeCompare(b.name));
}

function taken(media: MediaView | undefined, id: string): boolean {
  return Boolean(media?.invited?.[id]) || Object.values(media?.stage ?? {}).some((place) => place.member === id);
}

export interface Device {
  id: string;
  name: string;
  kind: 'wall' | 'me' | 'room';
}

const MOST = 200;

/** Which devices may be the room's ears and mouth: walls (of which nobody says whether they are here), this computer, and
 * those of people in the room. */
export function devices(roster: RosterList | undefined, me: string, lent: string | undefined): Device[] {
  const rows = Object.entries(roster?.members ?? {}).filter(([id, row]) => id === lent || row.here || row.role === 'wall');
  const of = (kind: Device['kind'], fits: (id: string, role: string, seat: string) => boolean): Device[] =>
    rows.filter(([id, row]) => fits(id, row.role, row.seat)).map(([id, row]) => ({ id, name: row.name, kind }));
  const walls = of('wall', (_, role) => role === 'wall');
  const room = of('room', (id, role, seat) => role !== 'wall' && role !== 'observer' && id !== me && (seat === 'room' || id === lent));
  return [...walls, ...of('me', (id) => id === me), ...room.slice(0, MOST)];
}
