// Who speaks now, by the level that each sound carries: for the marks on the tiles, and for the three that are mixed.
import { SOUND, type MediaObject } from '../object';

export const MOST_HEARD = 3;
const SILENT = 127;
const SPEAKS = 55; // -dBov
/** Between two words it is still the same one who speaks. */
const HELD_MS = 700;
/** So much louder, in dB, somebody must be to take another's place. */
const LOUDER = 6;

interface Loudness {
  level: number;
  spoke: number;
}

export class Levels {
  #of = new Map<number, Loudness>();
  #mixed: number[] = [];

  heard({ kind, track, level }: MediaObject, now: number): void {
    if (kind !== SOUND) return;
    const one = this.#of.get(track) ?? { level: SILENT, spoke: -Infinity };
    one.level = level < one.level ? level : one.level + (level - one.level) * 0.1;
    if (level < SPEAKS) one.spoke = now;
    this.#of.set(track, one);
  }

  speaks(track: number, now: number): boolean {
    return now - (this.#of.get(track)?.spoke ?? -Infinity) < HELD_MS;
  }

  /** The loudest of these, the same as before where it is close. */
  loudest(tracks: readonly number[]): number[] {
    for (const track of this.#of.keys()) if (!tracks.includes(track)) this.#of.delete(track);
    const bonus = (track: number): number => (this.#mixed.includes(track) ? LOUDER : 0);
    const order = (track: number): number => (this.#of.get(track)?.level ?? SILENT) - bonus(track);
    this.#mixed = [...tracks].sort((a, b) => order(a) - order(b)).slice(0, MOST_HEARD);
    return this.#mixed;
  }
}
