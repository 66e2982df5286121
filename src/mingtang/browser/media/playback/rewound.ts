// An earlier moment of the lesson in the same renderer: it is fed from the files, and near the end from the line, too, so
// that going on to live leaves nothing out and says nothing twice (docs/build/media.md, rule F3).
import { CONFIGURATION, type MediaObject } from '../object';
import { rewinds, type Renderer, type Rewinder } from '../renderer';
import { stored } from '../stored';
import { Tape, type Source, type Stored } from './tape';

/** So near to what is live the line is listened to again, and what it brings is kept. */
const NEAR_MS = 8_000;
/** Of what is kept the old is forgotten, but for a group before the place. */
const [MOST_HELD, GROUP_MS] = [1_000, 3_000];
/** A place before the last one is a jump, and one so far beyond what has been read ahead. A place that comes late, or stood
    still for its voice, is none: all that it needs is here, or on its way. */
const [BACK_MS, FORTH_MS] = [250, 3_000];
/** So near the end it does not go on before what was read reaches to what the line brought. */
const SEAM_MS = 3_200;
/** A replay does not wait for ever for a voice that may not be there. */
const PATIENCE_MS = 4_000;

export const served = (lesson: string): Source => ({
  index: async () => (await (await fetch(`/api/media/${lesson}`)).json()) as Stored,
  read: (track, from, to, signal) => stored(lesson, track, from, to, signal),
});

export class Rewound {
  #tape: Tape | undefined;
  #sounds: readonly number[] = [];
  #at = 0;
  #rate = 1;
  #on = false;
  #told = 0;
  #near = false;
  #behind = Infinity;
  #held: MediaObject[] = [];
  /** The last of each track that came from the files. */
  #had = new Map<number, number>();
  #waits: number | undefined;

  constructor(
    lesson: string,
    private readonly renderer: Renderer,
    private readonly count: (object: MediaObject) => void,
    private readonly source: Source = served(lesson),
  ) {}

  get isOn(): boolean {
    return this.#tape !== undefined;
  }

  get needsLive(): boolean {
    return !this.#tape || this.#near;
  }

  begin(): void {
    if (!rewinds(this.renderer)) return;
    this.#tape?.close();
    this.#tape = new Tape(this.source, () => this.#at);
    this.#tape.onobject = (object) => this.#take(object);
    this.#had.clear();
    this.#held = [];
    this.#near = false;
    this.renderer.reset();
  }

  subscribe(sounds: readonly number[], pictures: readonly number[]): void {
    this.#sounds = sounds;
    this.#tape?.subscribe([...sounds, ...pictures]);
  }

  /** Whether the line is needed now and was not before, or the other way round. */
  place(at: number, rate: number, on: boolean, now: number): boolean {
    const tape = this.#tape;
    if (!tape || !rewinds(this.renderer)) return false;
    const jumped = this.#isJump(at);
    [this.#at, this.#rate, this.#on, this.#told, this.#behind] = [at, rate, on, performance.now(), now - at];
    if (jumped) {
      this.#had.clear(); // what the line brought stays: it is all there is of what no file has yet
      this.renderer.reset();
      tape.moved();
    }
    this.renderer.place(at, rate, on && !this.holds);
    const near = now - at < NEAR_MS;
    const changed = near !== this.#near;
    this.#near = near;
    if (!near) this.#held = [];
    else if (this.#held.length > MOST_HELD) this.#held = this.#held.filter((one) => one.kind === CONFIGURATION || one.time > at - GROUP_MS);
    return changed;
  }

  #isJump(at: number): boolean {
    const gone = this.#on ? (performance.now() - this.#told) * this.#rate : 0;
    return at < this.#at - BACK_MS || at > this.#at + gone + FORTH_MS;
  }

  get holds(): boolean {
    if (!this.#tape || (this.#tape.isReady(this.#sounds) && this.#isJoined)) {
      this.#waits = undefined;
      return false;
    }
    if (this.#waits === undefined && rewinds(this.renderer)) this.renderer.place(this.#at, this.#rate, false);
    this.#waits ??= performance.now();
    return performance.now() - this.#waits < PATIENCE_MS;
  }

  /** Whether nothing would be missing if it went on to live now. */
  get #isJoined(): boolean {
    if (!this.#near || this.#behind > SEAM_MS) return true;
    return this.#sounds.every((track) => {
      const first = this.#held.find((one) => one.track === track && one.kind !== CONFIGURATION);
      return !first || first.time <= this.#at || (this.#had.get(track) ?? -1) >= first.seq - 1;
    });
  }

  /** What the line brings meanwhile is kept for later. */
  keeps(object: MediaObject): boolean {
    if (!this.#tape) return this.#isKnown(object);
    if (this.#near) this.#held.push(object);
    return true;
  }

  end(caughtUp: boolean): void {
    this.stop();
    if (!rewinds(this.renderer)) return;
    if (!caughtUp) {
      this.#had.clear();
      this.renderer.reset();
    }
    this.renderer.live();
    for (const object of this.#held.splice(0)) if (!this.#isKnown(object)) this.#give(this.renderer, object);
  }

  stop(): void {
    this.#tape?.close();
    this.#tape = undefined;
  }

  #take(object: MediaObject): void {
    if (!rewinds(this.renderer)) return;
    if (object.kind !== CONFIGURATION) this.#had.set(object.track, object.seq);
    this.#give(this.renderer, object);
  }

  #give(renderer: Rewinder, object: MediaObject): void {
    this.count(object);
    renderer.take(object, true);
  }

  /** It came from the file already. What comes later than all of that is not, and from then on nobody asks. */
  #isKnown(object: MediaObject): boolean {
    const had = this.#had.get(object.track);
    if (had === undefined || object.kind === CONFIGURATION) return false;
    if (object.seq <= had) return true;
    this.#had.delete(object.track);
    return false;
  }
}
