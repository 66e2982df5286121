// How long the line of what is sent was away, and how lately. So long, and so lately, is why the log sent us from the stage
// (rule M7): then we come back by ourselves.

const [LONG_MS, LATELY_MS] = [4_000, 12_000];

export class Absence {
  #from = Infinity;
  #to = -Infinity;

  /** It is away now; to be said again and again. What is interrupted for a moment only is one absence. */
  note(now: number): void {
    if (now - this.#to >= LONG_MS) this.#from = now;
    this.#to = now;
  }

  explains(now: number): boolean {
    return this.#to - this.#from > LONG_MS && now - this.#to < LATELY_MS;
  }
}
