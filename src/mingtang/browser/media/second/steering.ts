// What an element is to do so that it is where it should be: wait, leap, or play a little faster or slower. Pure.

export type Act = { act: 'wait'; ms: number } | { act: 'leap' } | { act: 'play'; rate: number };

export interface Limits {
  /** So late that catching up would take too long: from here on it leaps. */
  late: number;
  /** By how much of its speed it is made faster or slower at most. */
  most: number;
}

export const EAR: Limits = { late: 1400, most: 0.06 };
/** What is done to a picture is hardly seen. */
export const EYE: Limits = { late: 400, most: 0.15 };
const EARLY_MS = 150;
const [BEGIN_MS, DONE_MS] = [60, 15];
const PER_MS = 1 / 2000;

/** `ahead` is how many ms the element is before where it should be; negative: late. `rate` is what it plays at now. */
export function steer(ahead: number, rate: number, begun: boolean, { late, most }: Limits = EAR): Act {
  if (ahead > EARLY_MS || (!begun && ahead > DONE_MS)) return { act: 'wait', ms: ahead };
  if (ahead < -late || (!begun && ahead < -EARLY_MS)) return { act: 'leap' };
  const enough = rate === 1 ? BEGIN_MS : DONE_MS;
  if (Math.abs(ahead) < enough) return { act: 'play', rate: 1 };
  const change = Math.min(Math.max(-ahead * PER_MS, -most), most);
  return { act: 'play', rate: Math.round((1 + change) * 100) / 100 };
}

/** How late objects come compared with the one that came soonest of late: what is left of it is the line. */
export class Lateness {
  #samples: { at: number; way: number }[] = [];
  #soonest = Infinity;
  static readonly REMEMBERED_MS = 20_000;

  /** `at` is performance.now(), `time` of the lesson's clock; returns the lateness in ms. */
  came(at: number, time: number): number {
    const way = at - time;
    this.#samples.push({ at, way });
    if (this.#samples[0].at < at - 2 * Lateness.REMEMBERED_MS) this.#forget(at);
    this.#soonest = Math.min(this.#soonest, way);
    return way - this.#soonest;
  }

  /** What the lesson's clock shows here, less the way of the object that came soonest. */
  now(at: number): number | undefined {
    return this.#soonest === Infinity ? undefined : at - this.#soonest;
  }

  #forget(at: number): void {
    this.#samples = this.#samples.filter((one) => one.at >= at - Lateness.REMEMBERED_MS);
    this.#soonest = this.#samples.reduce((least, one) => Math.min(least, one.way), Infinity);
  }
}
