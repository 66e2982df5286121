// Where on an element's timeline each moment of the lesson lies. The element's timeline has no holes, or it would stall in
// each: a silence or a standing picture is a moment on it, and the lesson's clock makes a leap there.

interface Stretch {
  /** ms on the timeline, and on the lesson's clock. */
  at: number;
  time: number;
}

const KEPT = 200;

export class Timeline {
  /** Where the next frame begins. */
  end = 0;
  #stretches: Stretch[] = [];

  /** Places a frame captured at `time`; returns where it begins. Below `tolerated` ms it just follows the one before. */
  place(time: number, long: number, tolerated: number): number {
    const last = this.#stretches.at(-1);
    const at = this.end;
    if (!last || Math.abs(last.time + at - last.at - time) > tolerated) this.#begin({ at, time });
    this.end += long;
    return at;
  }

  #begin(stretch: Stretch): void {
    this.#stretches.push(stretch);
    if (this.#stretches.length > KEPT) this.#stretches.shift();
  }

  /** What comes next has nothing to do with what was. */
  forget(): void {
    this.#stretches = [];
  }

  /** The lesson's time of a place on the timeline; undefined before anything is there. */
  timeAt(at: number): number | undefined {
    const found = this.#stretches.findLast((one) => one.at <= at) ?? this.#stretches[0];
    return found && found.time + Math.max(0, at - found.at);
  }

  /** The place that is nearest to a moment of the lesson, within what is there. */
  placeOf(time: number): number | undefined {
    const index = this.#stretches.findLastIndex((one) => one.time <= time);
    if (index < 0) return this.#stretches[0]?.at;
    const [found, after] = [this.#stretches[index], this.#stretches[index + 1]];
    return Math.min(found.at + time - found.time, after?.at ?? this.end);
  }
}
