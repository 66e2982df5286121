// Which of the lesson's tracks are this page's own, and what its sources are called in the log.
import type { Live } from '@/live.svelte';
import type { MediaTrack } from '@/wire.gen';

export type Kind = 'microphone' | 'camera' | 'screen' | 'screen_sound' | 'document';
export type Source = MediaTrack['source'];

const SOUNDS: ReadonlySet<string> = new Set(['microphone', 'screen_sound', 'room_microphone']);

export const isSound = (source: string): boolean => SOUNDS.has(source);

/** A device that is lent to the room sends as the room. */
export function sourceOf(kind: Kind, lent: boolean): Source {
  if (!lent) return kind;
  return kind === 'microphone' ? 'room_microphone' : 'room_camera';
}

export const smallOf = (lent: boolean): Source => (lent ? 'room_camera_small' : 'camera_small');

/** Open tracks of this member, by number: from his place on the stage (of all, or of his group) and as the room. */
export function ownTracks(live: Live): Record<string, MediaTrack> {
  const { place, lent, group } = live.mine.media ?? {};
  const all: Record<string, MediaTrack> = { ...live.parts.media?.tracks, ...group?.tracks };
  return Object.fromEntries(Object.entries(all).filter(([, track]) => (track.room ? lent : place !== undefined && track.place === place)));
}

/** Begins a track; its number, or why not. */
export async function begin(live: Live, source: Source, codec: string): Promise<number | string> {
  const before = Object.keys(ownTracks(live));
  const started = await live.do('media.start', { source, codec });
  if (!started.ok) return started.code;
  const number = await until(() => Object.entries(ownTracks(live)).find(([no, track]) => track.source === source && !before.includes(no))?.[0]);
  return number === undefined ? 'send.no_answer' : Number(number);
}

/** How many sounds are sent where this page is. */
export function speaking(live: Live): number {
  const tracks: Record<string, MediaTrack> = { ...live.parts.media?.tracks, ...live.mine.media?.group?.tracks };
  return Object.values(tracks).filter(({ source }) => isSound(source)).length;
}

const PATIENCE_MS = 5_000;
const LOOK_MS = 20;

/** What is to come with the next patch; undefined when it does not come. */
export async function until<T>(get: () => T | undefined): Promise<T | undefined> {
  const end = performance.now() + PATIENCE_MS;
  for (let found = get(); ; found = get()) {
    if (found !== undefined || performance.now() > end) return found;
    await new Promise((again) => setTimeout(again, LOOK_MS));
  }
}
