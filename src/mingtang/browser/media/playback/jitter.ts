// How long sound must wait so that it is there when its turn comes. Measured, not assumed: what came late twice within half
// a minute is expected to come so late again. Times are ms; two clocks may differ by any amount, only their drift counts.

const BLOCK_MS = 1_000;
const BLOCKS = 30;
/** Until two blocks are known, a little more than what was seen. */
const UNSURE_MS = 25;
const MARGIN_MS = 8;
const LONGEST_MS = 1_500;

export class Jitter {
  /** The latest arrivals of each second, newest last. */
  #blocks: { from: number; worst: number }[] = [];
  /** The least delay of each second: what the way takes when nothing is in it. */
  #least: { from: number; best: number }[] = [];

  /** Something captured at `time` was ready at `now`. */
  heard(time: number, now: number): void {
    const late = now - time;
    const block = this.#blocks.at(-1);
    if (!block || now - block.from >= BLOCK_MS) {
      this.#blocks.push({ from: now, worst: late });
      this.#least.push({ from: now, best: late });
    } else {
      block.worst = Math.max(block.worst, late);
      const least = this.#least[this.#least.length - 1];
      least.best = Math.min(least.best, late);
    }
    while (this.#blocks.length > BLOCKS || this.#blocks[0].from < now - 2 * BLOCKS * BLOCK_MS) {
      this.#blocks.shift();
      this.#least.shift();
    }
  }

  /** From capture to its turn: so long sound is to wait in all. Undefined before anything was heard. */
  get target(): number | undefined {
    if (!this.#blocks.length) return undefined;
    const worst = this.#blocks.map((block) => block.worst).sort((a, b) => b - a);
    const unsure = worst.length < 3 ? UNSURE_MS : 0;
    const seen = worst.length < 3 ? worst[0] : worst[1];
    return Math.min(seen + unsure + MARGIN_MS, this.best + LONGEST_MS);
  }

  /** What the way takes at its best. */
  get best(): number {
    return Math.min(...this.#least.map((block) => block.best));
  }

  /** How much of the waiting is for the line's sake. */
  get spread(): number {
    return this.target === undefined ? 0 : this.target - this.best;
  }
}
