// Frames on their way into pieces of about a tenth of a second. Pure: who calls says what time it is.
import type { MediaObject } from '../object';
import { SOUND } from '../object';
import type { Sample } from './sample';
import { Timeline } from './timeline';

const PIECE_MS = 100;
/** The last picture's length is known when the next comes; after so long it is shown without. */
export const STANDING_MS = 180;
const [CLOSE_MS, SAME_MS, MOST_MS] = [20, 1, 1000];

interface Held {
  object: MediaObject;
  came: number;
}

export class Gathering {
  readonly timeline = new Timeline();
  #held: Held | undefined;
  #piece: Sample[] = [];
  #begun = 0;

  take(object: MediaObject, came: number): void {
    if (object.kind === SOUND) return this.#put(object, object.span || 20, CLOSE_MS, came);
    if (this.#held) this.#show(this.#held.object, object.time - this.#held.object.time, came);
    this.#held = { object, came };
  }

  /** From here on another moment of the lesson comes. */
  forget(): void {
    this.#held = undefined;
    this.#piece = [];
    this.timeline.forget();
  }

  /** A piece, when there is enough for one or nothing more has come for a while; empty: not yet. */
  give(now: number): Sample[] {
    if (this.#held && now - this.#held.came >= STANDING_MS) {
      this.#show(this.#held.object, now - this.#held.came, now);
      this.#held = undefined;
    }
    const long = this.#piece.reduce((sum, one) => sum + one.long, 0);
    return long >= PIECE_MS || now - this.#begun >= STANDING_MS ? this.#piece.splice(0) : [];
  }

  #show(object: MediaObject, long: number, now: number): void {
    this.#put(object, Math.min(Math.max(long, SAME_MS), MOST_MS), SAME_MS, now);
  }

  #put(object: MediaObject, long: number, tolerated: number, now: number): void {
    if (!this.#piece.length) this.#begun = now;
    const at = this.timeline.place(object.time, long, tolerated);
    this.#piece.push({ at, long, key: object.key || object.kind === SOUND, data: object.payload });
  }
}
