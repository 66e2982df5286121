// How large, how often and in how many bits a picture is sent: less at once when there is no way for it, more after a calm time.

export interface Rung {
  /** Lines at most; a narrower picture stays as it is. */
  height: number;
  rate: number;
  bits: number;
}

/** A face is read from few lines; a screen is read by its letters, so it loses pictures before lines. All that one page can send
 * at once, two screens' worth and a face, stays below what the server takes of one (rule M3). */
export const CAMERA: readonly Rung[] = [
  { height: 180, rate: 10, bits: 100_000 },
  { height: 270, rate: 15, bits: 220_000 },
  { height: 360, rate: 20, bits: 450_000 },
  { height: 540, rate: 20, bits: 800_000 },
  { height: 720, rate: 25, bits: 1_400_000 },
];
export const SCREEN: readonly Rung[] = [
  { height: 720, rate: 2, bits: 200_000 },
  { height: 720, rate: 5, bits: 450_000 },
  { height: 1080, rate: 8, bits: 900_000 },
  { height: 1080, rate: 15, bits: 1_400_000 },
  { height: 1080, rate: 20, bits: 1_800_000 },
];
/** Of a camera, for those to whom it is a tile. */
export const SMALL: readonly Rung[] = [
  { height: 180, rate: 5, bits: 60_000 },
  { height: 180, rate: 10, bits: 100_000 },
];
/** 540 lines, twenty times a second; a saving start is two rungs below. */
export const START = 3;
const SAVING = 1;

const CALM_MS = 10_000;
const DOWN_MS = 2_000;
/** Bytes that wait in the line: so many are a warning, long before the line takes no more. */
const WARNING_BYTES = 100_000;
const BUSY_SHARE = 0.1;

export interface Pressure {
  /** Pictures that the encoder had no time for, and those it had, since the last look. */
  skipped: number;
  taken: number;
  /** Bytes in the line, and whether it refused something. */
  waiting: number;
  refused: boolean;
}

export class Ladder {
  #at: number;
  #moved = -Infinity;
  #calm = -Infinity;
  /** After a fall the next climb waits twice as long, so that a way that is too narrow is not tried all the time. */
  #patience = CALM_MS;

  constructor(private readonly rungs: readonly Rung[], private readonly most: number, saving = false) {
    this.#at = Math.min(saving ? SAVING : START, most, rungs.length - 1);
  }

  get rung(): Rung {
    return this.rungs[this.#at];
  }

  /** Looks at how it went; true when the rung has changed. */
  look(pressure: Pressure, now: number): boolean {
    if (this.#calm === -Infinity) this.#calm = now;
    if (isPressed(pressure)) return this.#down(now);
    if (now - this.#calm < this.#patience || this.#at >= Math.min(this.most, this.rungs.length - 1)) return false;
    return this.#move(1, now);
  }

  #down(now: number): boolean {
    this.#calm = now;
    if (this.#at === 0 || now - this.#moved < DOWN_MS) return false;
    this.#patience = Math.min(this.#patience * 2, 8 * CALM_MS);
    return this.#move(-1, now);
  }

  #move(by: number, now: number): boolean {
    this.#at += by;
    this.#moved = this.#calm = now;
    return true;
  }
}

function isPressed({ skipped, taken, waiting, refused }: Pressure): boolean {
  return refused || waiting > WARNING_BYTES || skipped > BUSY_SHARE * (taken + skipped);
}

/** The size at which a picture is sent: its own shape, even numbers, no more lines than the rung has. */
export function sized(width: number, height: number, most: number): { width: number; height: number } {
  const share = Math.min(1, most / Math.min(width, height));
  const even = (n: number) => Math.max(2, Math.round((n * share) / 2) * 2);
  return { width: even(width), height: even(height) };
}
