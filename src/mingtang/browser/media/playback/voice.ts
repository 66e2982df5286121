// One sound as it is played: live, as late as its line asks for and no later; recorded, at the place it is told. A voice that
// has to wait says nothing and loses nothing; what it is late afterwards it makes up by going a little faster, never by
// leaving out. Places are samples of 48 kHz, `now` is the sound card's clock in ms.
import { Jitter } from './jitter';
import { RATE, Ring } from './ring';
import { REACH, Stretch } from './stretch';

const MS = RATE / 1_000;
const FADE = 240;
/** So far off its target it is left alone. */
const CALM_MS = 4;
/** By 1 % for each 50 ms, 2 % at most: nobody hears it. */
const PER_MS = 0.0002;
const MOST = 0.02;
/** Later than this it goes faster with its pitch kept, and beyond two seconds to where the others are. */
const HURRY_MS = 400;
const CALMED_MS = 100;
const HURRIED = 1.2;
const CAUGHT_UP = 1.5;
const LOST_MS = 2_000;
/** A longer silence of the sender is no fault of the line: what follows begins anew. */
const PAUSE = 200 * MS;
const EASE = 1 / FADE;

export class Voice {
  readonly ring = new Ring();
  readonly jitter = new Jitter();
  /** Whether it is to be heard: three are at once. */
  heard = true;
  head = NaN;
  /** The longest wait since it was last asked. */
  gap = 0;
  #stretch = new Stretch();
  #scratch = new Float32Array(256);
  #hurries = false;
  #catches = false;
  #starved: number | undefined;
  #loudness = 1;
  #faded = FADE;
  #echo = 0;

  /** `time` is the ms of capture since the epoch of places; `old`: it comes from a recording. */
  take(time: number, samples: Float32Array, follows: boolean, now: number, old = false): void {
    if (!old) this.jitter.heard(time, now);
    this.ring.write(Math.round(time * MS), samples, follows);
  }

  /** From capture to here. */
  delay(now: number): number {
    return Number.isNaN(this.head) ? 0 : now - this.head / MS;
  }

  get waits(): boolean {
    return this.#starved !== undefined || Number.isNaN(this.head);
  }

  /** Adds what is to be heard now. */
  live(out: Float32Array, now: number): void {
    if (!this.#goesOn(out.length, now)) return this.#trail(out);
    const late = this.delay(now) - (this.jitter.target ?? 0);
    if (late > LOST_MS && !this.#catches) this.#jump((now - (this.jitter.target ?? 0)) * MS);
    this.#hurries = this.#hurries || this.#catches ? late > CALMED_MS : late > HURRY_MS;
    this.#catches &&= this.#hurries;
    if (this.#hurries) this.#stretched(out, this.#catches ? CAUGHT_UP : HURRIED);
    else this.#plain(out, Math.abs(late) < CALM_MS ? 1 : 1 + Math.max(-MOST, Math.min(MOST, late * PER_MS)));
    this.ring.forget(this.head - RATE);
  }

  /** Adds what lies at `at`, as a recording at this speed. */
  recorded(out: Float32Array, at: number, rate: number): void {
    if (Math.abs(at - this.head) > 2) this.#jump(at);
    if (Math.abs(rate - 1) > MOST) this.#stretched(out, rate);
    else {
      this.#stretch.reset();
      this.#plain(out, rate);
    }
    this.head = at + out.length * rate;
    this.ring.forget(this.head - 2 * RATE);
  }

  /** From a recording to live, without a jump. */
  catchUp(): void {
    this.#catches = !Number.isNaN(this.head);
    this.#starved = undefined;
  }

  reset(): void {
    this.ring.clear();
    this.head = NaN;
    this.#starved = undefined;
    this.#hurries = false;
    this.#stretch.reset();
  }

  /** Whether there is something to play; begins, waits, and begins again. */
  #goesOn(length: number, now: number): boolean {
    const target = this.jitter.target;
    if (target === undefined) return false;
    if (Number.isNaN(this.head)) this.#jump((now - target) * MS);
    const need = this.#hurries ? REACH : length * (1 + MOST) + 4;
    if (this.ring.end - this.head >= need) return this.#resumes(now, target, need);
    this.#starved ??= now;
    return false;
  }

  /** `need`: what was left when the wait began is less than that. */
  #resumes(now: number, target: number, need: number): boolean {
    if (this.#starved === undefined) return true;
    const next = this.ring.next(this.head + need);
    if (next - this.head > PAUSE) this.#jump(Math.max(this.head, Math.min(next, (now - target) * MS)));
    else this.gap = Math.max(this.gap, now - this.#starved);
    this.#starved = undefined;
    this.#faded = 0;
    return true;
  }

  #jump(to: number): void {
    this.head = to;
    this.#faded = 0;
    this.#hurries = false;
    this.#stretch.reset();
  }

  #plain(out: Float32Array, rate: number): void {
    const whole = this.#stretch.place;
    if (whole !== undefined && Math.abs(whole - this.head) < REACH) this.head = whole;
    this.#stretch.reset();
    const from = Math.floor(this.head) - 1;
    const scratch = this.#scratch.subarray(0, Math.ceil(out.length * rate) + 5);
    this.ring.read(from, scratch);
    for (let n = 0; n < out.length; n += 1) {
      const place = this.head - from;
      const whole = Math.floor(place);
      this.#put(out, n, between(scratch, whole, place - whole));
      this.head += rate;
    }
  }

  #stretched(out: Float32Array, rate: number): void {
    for (let n = 0; n < out.length; n += 1) {
      this.#put(out, n, this.#stretch.next(this.ring, this.head));
      this.head += rate;
    }
  }

  #put(out: Float32Array, n: number, sample: number): void {
    this.#loudness += Math.max(-EASE, Math.min(EASE, Number(this.heard) - this.#loudness));
    const fade = this.#faded < FADE ? (this.#faded += 1) / FADE : 1;
    this.#echo = sample * this.#loudness * fade;
    out[n] += this.#echo;
  }

  /** Where sound breaks off, its last value dies away: a step would click. */
  #trail(out: Float32Array): void {
    for (let n = 0; n < out.length && Math.abs(this.#echo) > 1e-4; n += 1) {
      this.#echo *= 0.98;
      out[n] += this.#echo;
    }
  }
}

/** Between samples 1 and 2 of four (Catmull-Rom). */
function between(of: Float32Array, at: number, share: number): number {
  const [a, b, c, d] = [of[at - 1], of[at], of[at + 1], of[at + 2]];
  if (share === 0) return b;
  return b + 0.5 * share * (c - a + share * (2 * a - 5 * b + 4 * c - d + share * (3 * (b - c) + d - a)));
}
