// Slides and pen wait for the voice: what happened while a word was said is shown when the word is heard. All else is shown
// at once, and order is kept.

const LONGEST_MS = 4_000;
const WITH_VOICE = /^(slides|ink)(\/|$)/;

interface Late {
  part: string;
  due: number;
  show: () => void;
}

export class Pace {
  #late: Late[] = [];
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** `lag`: from the moment to its being heard, ms, 0 while nothing is heard; `now` on the lesson's clock. */
  constructor(
    private readonly lag: () => number,
    private readonly now: () => number,
  ) {}

  /** Whether it takes what happened at `at` to show it later. */
  put(part: string, at: number, show: () => void): boolean {
    if (!WITH_VOICE.test(part)) return false;
    const due = Math.max(at + Math.min(this.lag(), LONGEST_MS), this.#late.at(-1)?.due ?? 0);
    if (!this.#late.length && due <= this.now()) return false;
    this.#late.push({ part, due, show });
    this.#wait();
    return true;
  }

  /** A part has come whole, or all have: what was to change it is in it. */
  drop(part?: string): void {
    this.#late = this.#late.filter((one) => part !== undefined && one.part !== part);
  }

  /** Nobody is heard any more. */
  stop(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    for (const { show } of this.#late.splice(0)) show();
  }

  #wait(): void {
    this.#timer ??= setTimeout(() => this.#due(), Math.max(0, this.#late[0].due - this.now()));
  }

  #due(): void {
    this.#timer = undefined;
    while (this.#late.length && this.#late[0].due <= this.now()) this.#late.shift()?.show();
    if (this.#late.length) this.#wait();
  }
}
