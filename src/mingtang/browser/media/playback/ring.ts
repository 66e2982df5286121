// Sound by its place in time: what was decoded lies where it was captured, holes stay holes. Places are samples of 48 kHz
// since an epoch of the reader's choosing.

export const RATE = 48_000;
const SIZE = 1 << 19; // eleven seconds
const MASK = SIZE - 1;
const FADE = 240; // where a span begins after a hole: 5 ms, so that it does not click
/** Times are whole ms and clocks drift: what begins this near the end before it follows it. */
const NEAR = 480;

interface Span {
  begin: number;
  end: number;
}

export class Ring {
  #samples = new Float32Array(SIZE);
  #spans: Span[] = [];

  get end(): number {
    return this.#spans.at(-1)?.end ?? -Infinity;
  }

  /** Takes samples that begin at `at`; what lies before the end is old and is left out. `follows`: nothing is missing before. */
  write(at: number, samples: Float32Array, follows: boolean): void {
    const last = this.#spans.at(-1);
    const joins = last !== undefined && Math.abs(at - last.end) <= (follows ? NEAR : 0);
    const begin = joins ? last.end : at;
    if (last && begin < last.end) return;
    if (joins) last.end += samples.length;
    else this.#spans.push({ begin, end: begin + samples.length });
    for (let n = 0; n < samples.length; n += 1) this.#samples[(begin + n) & MASK] = samples[n];
    if (!joins) this.#fadeIn(begin, samples.length);
    this.#forget(this.end - SIZE);
  }

  /** The sample at `at`, 0 where there is none. */
  at(at: number): number {
    return this.spanOf(at) ? this.#samples[at & MASK] : 0;
  }

  /** Fills `out` with what lies from `from` on; returns how many of it were there. */
  read(from: number, out: Float32Array): number {
    let had = 0;
    out.fill(0);
    for (const { begin, end } of this.#spans) {
      const [first, stop] = [Math.max(begin, from), Math.min(end, from + out.length)];
      for (let n = first; n < stop; n += 1) out[n - from] = this.#samples[n & MASK];
      if (stop > first) had += stop - first;
    }
    return had;
  }

  /** Where the next sound at or after `at` begins; Infinity when none has come yet. */
  next(at: number): number {
    for (const { begin, end } of this.#spans) if (end > at) return Math.max(begin, at);
    return Infinity;
  }

  clear(): void {
    this.#spans = [];
  }

  spanOf(at: number): Span | undefined {
    return this.#spans.find(({ begin, end }) => begin <= at && at < end);
  }

  /** What lies before is not wanted any more. */
  forget(before: number): void {
    this.#forget(before);
  }

  #forget(before: number): void {
    while (this.#spans.length && this.#spans[0].end <= before) this.#spans.shift();
    if (this.#spans.length && this.#spans[0].begin < before) this.#spans[0].begin = before;
  }

  #fadeIn(begin: number, length: number): void {
    for (let n = 0; n < Math.min(FADE, length); n += 1) this.#samples[(begin + n) & MASK] *= n / FADE;
  }
}
