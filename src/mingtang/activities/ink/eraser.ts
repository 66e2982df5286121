// Which strokes an eraser touches on its way.
import type { Point } from './points';
import { grown, meet, traceOf } from './trace';
import type { InkStroke } from '@/wire.gen';

/** Half the eraser's breadth, in 1/8192 of the page's width. */
export const REACH = 60;

/** The strokes within reach of the way from one place to another. */
export function hit(strokes: Record<string, InkStroke>, from: Point, to: Point): string[] {
  const way = {
    left: Math.min(from[0], to[0]),
    right: Math.max(from[0], to[0]),
    top: Math.min(from[1], to[1]),
    bottom: Math.max(from[1], to[1]),
  };
  const found: string[] = [];
  for (const [id, stroke] of Object.entries(strokes)) {
    const reach = REACH + stroke.width / 2;
    const { points, box } = traceOf(stroke);
    if (!meet(box, grown(way, reach))) continue;
    if (points.some((p, at) => near(points[Math.max(0, at - 1)], p, from, to, reach))) found.push(id);
  }
  return found;
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
