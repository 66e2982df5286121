// How much of the voice never comes: by the numbers that are left out on the line. A machine that is busy takes what came
// late, but it takes all of it; only a line too narrow for sound loses it. Times are ms on any steady clock.
import { SOUND, type MediaObject } from '../object';

const WINDOW_MS = 15_000;
/** However long a line was away: it was away once. */
const MOST_AT_ONCE_MS = 5_000;
/** Of a sound that does not say how long it is. */
const SPAN_MS = 20;

interface Seen {
  at: number;
  /** Of these one came. */
  of: number;
}

export class Missing {
  #last = new Map<number, number>();
  #seen: Seen[] = [];

  heard({ kind, track, seq, span }: MediaObject, now: number): void {
    if (kind !== SOUND) return;
    const last = this.#last.get(track);
    if (last !== undefined && seq <= last) return;
    this.#last.set(track, seq);
    this.#seen.push({ at: now, of: last === undefined ? 1 : Math.min(seq - last, MOST_AT_ONCE_MS / (span || SPAN_MS)) });
  }

  /** From 0 to 1, of the last quarter of a minute. */
  share(now: number): number {
    this.#seen = this.#seen.filter(({ at }) => at > now - WINDOW_MS);
    const all = this.#seen.reduce((sum, { of }) => sum + of, 0);
    return all ? 1 - this.#seen.length / all : 0;
  }

  /** What was not wanted meanwhile is not missing. */
  forget(): void {
    this.#last.clear();
    this.#seen = [];
  }
}
