// The server's clock in this browser. Only the monotonic clock is used, so a wrong or jumping wall clock does not matter (T3).

const MINUTE = 60_000;

export class Clock {
  #ahead = Date.now() - performance.now();
  #set = false;
  #since = 0;

  /** Milliseconds UTC at the server. */
  now(): number {
    return performance.now() + this.#ahead;
  }

  /** A frame came that was written at `at`: the frame that was least delayed tells the clock best. */
  hear(at: number): void {
    const ahead = at - performance.now();
    const stale = performance.now() - this.#since > 10 * MINUTE;
    if (this.#set && ahead <= this.#ahead && !stale) return;
    this.#ahead = ahead;
    this.#set = true;
    this.#since = performance.now();
  }

  /** A new line: what was learnt before a sleep may be wrong by the sleep. */
  forget(): void {
    this.#set = false;
  }
}
