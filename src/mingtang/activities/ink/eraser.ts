// Which strokes an eraser touches on its way.
import { decode, type Point } from './points';
import type { InkStroke } from '@/wire.gen';

interface Trace {
  points: Point[];
  left: number;
  right: number;
  top: number;
  bottom: number;
}

/** Half the eraser's breadth, in 1/8192 of the page's width. */
export const REACH = 60;

export class Eraser {
  #traces = new WeakMap<InkStroke, Trace>();

  /** The strokes within reach of the way from one place to another. */
  hit(strokes: Record<string, InkStroke>, from: Point, to: Point): string[] {
    return Object.entries(strokes)
      .filter(([, stroke]) => touches(this.#trace(stroke), from, to, REACH + stroke.width / 2))
      .map(([id]) => id);
  }

  #trace(stroke: InkStroke): Trace {
    const known = this.#traces.get(stroke) ?? trace(stroke);
    this.#traces.set(stroke, known);
    return known;
  }
}

function trace(stroke: InkStroke): Trace {
  const points = decode(stroke.points);
  const [xs, ys] = [points.map((p) => p[0]), points.map((p) => p[1])];
  return { points, left: Math.min(...xs), right: Math.max(...xs), top: Math.min(...ys), bottom: Math.max(...ys) };
}

function touches(it: Trace, a: Point, b: Point, reach: number): boolean {
  const beside = Math.max(a[0], b[0]) < it.left - reach || Math.min(a[0], b[0]) > it.right + reach;
  const apart = Math.max(a[1], b[1]) < it.top - reach || Math.min(a[1], b[1]) > it.bottom + reach;
  if (beside || apart) return false;
  return it.points.some((p, at) => near(it.points[Math.max(0, at - 1)], p, a, b, reach));
}

/** Whether two pieces of line come as near as `reach`, or cross. */
function near(p: Point, q: Point, a: Point, b: Point, reach: number): boolean {
  const ends = Math.min(gap(p, a, b), gap(q, a, b), gap(a, p, q), gap(b, p, q));
  return ends <= reach || (side(p, q, a) !== side(p, q, b) && side(a, b, p) !== side(a, b, q));
}

const side = (a: Point, b: Point, p: Point) => (b[0] - a[0]) * (p[1] - a[1]) - (b[1] - a[1]) * (p[0] - a[0]) > 0;

function gap(p: Point, a: Point, b: Point): number {
  const [dx, dy] = [b[0] - a[0], b[1] - a[1]];
  const square = dx * dx + dy * dy;
  const at = square ? Math.min(1, Math.max(0, ((p[0] - a[0]) * dx + (p[1] - a[1]) * dy) / square)) : 0;
  return Math.hypot(p[0] - a[0] - at * dx, p[1] - a[1] - at * dy);
}
