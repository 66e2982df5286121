// What a line can carry, step by step: cameras go first, the voice last. Down soon, up with patience, and with more of it
// each time that up was too early. Silence is another thing: only where most of a voice is lost on the line, and never for
// long, since a voice that comes late is still a voice.

export const RUNGS = ['full', 'no_cameras', 'slides_sound', 'slides_captions'] as const;
export type Rung = (typeof RUNGS)[number];

/** What was measured in the last quarter of a second, ms; `shed`: the server leaves out pictures for this line. */
export interface Measured {
  jitter: number;
  gap: number;
  behind: number;
  shed: boolean;
  /** Of the voice so much never came, from 0 to 1. */
  missing: number;
}

const BEHIND_MS = 1_000;
const JITTER_MS = 600;
const GAP_MS = 1_500;
const BAD_FOR_MS = 3_000;
const FIRST_PATIENCE_MS = 20_000;
const MOST_PATIENCE_MS = 160_000;
/** With so much of it missing for so long nobody understands a voice; after a few seconds it is tried again. */
const LOST = 0.4;
const LOST_FOR_MS = 10_000;
const [FIRST_SILENCE_MS, MOST_SILENCE_MS] = [5_000, 20_000];
/** Worse again so soon after going up: it was too early. */
const TOO_EARLY_MS = 15_000;

export class Ladder {
  /** The most that the viewer wants. */
  chosen: Rung = 'full';
  #carried = 0;
  #bad: number | undefined;
  #good: number | undefined;
  #rose = -Infinity;
  #patience = FIRST_PATIENCE_MS;
  #silence = FIRST_SILENCE_MS;

  get rung(): Rung {
    return RUNGS[Math.max(this.#carried, RUNGS.indexOf(this.chosen))];
  }

  /** The line, and not the viewer, decides. */
  get forced(): boolean {
    return this.#carried > RUNGS.indexOf(this.chosen);
  }

  /** `now` is ms on any steady clock. Whether the rung is another one now. */
  measure(measured: Measured, now: number): boolean {
    const before = this.rung;
    if (this.#isBad(measured)) this.#sink(measured, now);
    else this.#rise(now);
    return this.rung !== before;
  }

  #isBad({ jitter, gap, behind, shed, missing }: Measured): boolean {
    if (this.rung === 'slides_captions') return false;
    if (this.rung === 'slides_sound') return missing > LOST;
    return shed || behind > BEHIND_MS || jitter > JITTER_MS || gap > GAP_MS;
  }

  #sink({ shed }: Measured, now: number): void {
    this.#good = undefined;
    this.#bad ??= now;
    if (!this.#isLong(now - this.#bad, shed)) return;
    if (now - this.#rose < TOO_EARLY_MS) this.#lengthen();
    this.#carried = Math.min(RUNGS.indexOf(this.rung) + 1, RUNGS.length - 1);
    this.#bad = undefined;
  }

  #isLong(bad: number, shed: boolean): boolean {
    return this.rung === 'slides_sound' ? bad >= LOST_FOR_MS : shed || bad >= BAD_FOR_MS;
  }

  #lengthen(): void {
    if (this.rung === 'slides_sound') this.#silence = Math.min(2 * this.#silence, MOST_SILENCE_MS);
    else this.#patience = Math.min(2 * this.#patience, MOST_PATIENCE_MS);
  }

  #rise(now: number): void {
    this.#bad = undefined;
    this.#good ??= now;
    const patience = this.rung === 'slides_captions' ? this.#silence : this.#patience;
    if (!this.forced || now - this.#good < patience) return;
    this.#carried -= 1;
    this.#rose = now;
    this.#good = undefined;
  }
}
