// Sound at another speed with its pitch kept: pieces of 20 ms are laid over one another where they fit best (WSOLA).
import type { Ring } from './ring';

/** So far ahead of its place it reads. */
export const REACH = 1_800;
const PIECE = 960;
const HALF = PIECE / 2;
const SEARCH = 384; // 8 ms either way: a period of the lowest voice
const COARSE = 4;

const WINDOW = Float32Array.from({ length: PIECE }, (_, n) => 0.5 - 0.5 * Math.cos((2 * Math.PI * (n + 0.5)) / PIECE));

export class Stretch {
  #ready = new Float32Array(HALF);
  #tail = new Float32Array(HALF);
  #area = new Float32Array(PIECE + 2 * SEARCH);
  #expected = new Float32Array(HALF);
  #left = 0;
  #primed = false;
  /** Where the piece before would have gone on. */
  #natural = 0;

  /** After a jump. */
  reset(): void {
    this.#left = 0;
    this.#primed = false;
  }

  /** Where it goes on without a break at the speed of life; undefined in the middle of a piece. */
  get place(): number | undefined {
    return this.#left === 0 && this.#primed ? this.#natural : undefined;
  }

  /** The next sample of what lies at `at` in the ring, where `at` moves on at any speed. */
  next(ring: Ring, at: number): number {
    if (this.#left === 0) this.#piece(ring, Math.floor(at));
    this.#left -= 1;
    return this.#ready[HALF - 1 - this.#left];
  }

  #piece(ring: Ring, at: number): void {
    const from = at - SEARCH;
    ring.read(from, this.#area);
    const shift = this.#primed ? this.#fit(ring) : SEARCH;
    for (let n = 0; n < HALF; n += 1) {
      this.#ready[n] = this.#primed ? this.#tail[n] + this.#area[shift + n] * WINDOW[n] : this.#area[shift + n];
      this.#tail[n] = this.#area[shift + HALF + n] * WINDOW[HALF + n];
    }
    this.#natural = from + shift + HALF;
    this.#primed = true;
    this.#left = HALF;
  }

  /** The shift within the area at which it is most like what would have followed. */
  #fit(ring: Ring): number {
    ring.read(this.#natural, this.#expected);
    let [best, most] = [SEARCH, -Infinity];
    for (let shift = 0; shift <= 2 * SEARCH; shift += COARSE) {
      const like = this.#alike(shift);
      if (like > most) [best, most] = [shift, like];
    }
    const [low, high] = [Math.max(0, best - COARSE + 1), Math.min(2 * SEARCH, best + COARSE - 1)];
    for (let shift = low; shift <= high; shift += 1) {
      const like = this.#alike(shift);
      if (like > most) [best, most] = [shift, like];
    }
    return best;
  }

  #alike(shift: number): number {
    let [together, power] = [0, 1e-9];
    for (let n = 0; n < HALF; n += COARSE) {
      const sample = this.#area[shift + n];
      together += sample * this.#expected[n];
      power += sample * sample;
    }
    return together / Math.sqrt(power);
  }
}
