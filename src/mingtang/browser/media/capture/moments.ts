// When something was captured, on the lesson's clock. Devices stamp what they give with clocks of their own, and it arrives
// now sooner, now later: what arrived soonest tells how the two clocks stand to each other.

/** A device's clock drifts, and slips where the computer is too busy: how it stood longer ago than this is forgotten. */
const WINDOW_MS = 500;
/** Nothing is so late on its way: a device that differs by more has begun anew. */
const ANEW_MS = 1_000;

export class Moments {
  #before = Infinity;
  #now = Infinity;
  #turned = -Infinity;
  #last = 0;

  /** `stamp`: of the device, when it was whole; `arrived`: on the lesson's clock. Both ms. Gives when it was captured, never
   * earlier than what was captured before it. */
  at(stamp: number, arrived: number): number {
    const ahead = arrived - stamp;
    if (Math.abs(ahead - Math.min(this.#before, this.#now)) > ANEW_MS) this.#before = this.#now = Infinity;
    if (arrived - this.#turned > WINDOW_MS) [this.#before, this.#now, this.#turned] = [this.#now, Infinity, arrived];
    this.#now = Math.min(this.#now, ahead);
    this.#last = Math.max(this.#last, Math.min(stamp + Math.min(this.#before, this.#now), arrived));
    return this.#last;
  }
}
