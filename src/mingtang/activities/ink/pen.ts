// A pen on the page: turns what a pointer does into points on the page's grid, and tells of them while they come.
import { encode, HIGHEST, MOST, PRESSURE, WIDTH, type Point } from './points';

/** Points closer together than this are one: about the width of a pixel on a large screen. */
const NEAR = 5;
export const LONGEST = 14_000;
const LETTERS_A_BYTE = 4 / 3;

export class Pen {
  readonly points: Point[] = [];
  #box: DOMRect;
  #pressed: boolean;
  #bytes = 0;

  constructor(box: DOMRect, pressed: boolean) {
    this.#box = box;
    this.#pressed = pressed;
  }

  /** True when it added something. */
  move(event: PointerEvent): boolean {
    const before = this.points.length;
    const parts = event.getCoalescedEvents?.() ?? [];
    for (const part of parts.length ? parts : [event]) this.#add(part);
    return this.points.length > before;
  }

  /** A stroke ends before it is longer than one event may be. */
  get full(): boolean {
    return this.points.length > MOST - 100 || this.#bytes * LETTERS_A_BYTE > LONGEST;
  }

  text(from = 0): string {
    return encode(this.points.slice(from));
  }

  #add(event: PointerEvent): void {
    const unit = WIDTH / this.#box.width;
    const x = clamp((event.clientX - this.#box.left) * unit, WIDTH);
    const y = clamp((event.clientY - this.#box.top) * unit, HIGHEST);
    const last = this.points.at(-1);
    if (last && Math.hypot(last[0] - x, last[1] - y) < NEAR) return;
    this.#bytes += size(x - (last?.[0] ?? 0)) + size(y - (last?.[1] ?? 0)) + (this.#pressed ? 2 : 0);
    this.points.push(this.#pressed ? [x, y, clamp(event.pressure * PRESSURE, PRESSURE)] : [x, y]);
  }
}

/** Bytes that a difference takes. */
const size = (difference: number) => (Math.abs(difference) < 64 ? 1 : Math.abs(difference) < 8192 ? 2 : 3);

const clamp = (value: number, most: number) => Math.min(most, Math.max(0, Math.round(value)));
