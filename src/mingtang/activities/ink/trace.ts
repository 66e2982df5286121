// A stroke's points and where on the page it lies, read once.
import { decode, type Point } from './points';
import type { InkStroke } from '@/wire.gen';

export interface Box {
  left: number;
  right: number;
  top: number;
  bottom: number;
}

export interface Trace {
  points: Point[];
  box: Box;
}

const read = new WeakMap<InkStroke, Trace>();

export function traceOf(stroke: InkStroke): Trace {
  const known = read.get(stroke) ?? trace(stroke);
  read.set(stroke, known);
  return known;
}

/** A stroke that cannot be read is nowhere; nobody else's is lost for it. */
function trace(stroke: InkStroke): Trace {
  const box = { left: Infinity, right: -Infinity, top: Infinity, bottom: -Infinity };
  let points: Point[] = [];
  try {
    points = decode(stroke.points);
  } catch {
    return { points, box };
  }
  for (const [x, y] of points) widen(box, { left: x, right: x, top: y, bottom: y });
  return { points, box };
}

export function widen(box: Box, by: Box): void {
  box.left = Math.min(box.left, by.left);
  box.right = Math.max(box.right, by.right);
  box.top = Math.min(box.top, by.top);
  box.bottom = Math.max(box.bottom, by.bottom);
}

export const grown = (box: Box, by: number): Box => ({
  left: box.left - by,
  right: box.right + by,
  top: box.top - by,
  bottom: box.bottom + by,
});

export const meet = (a: Box, b: Box): boolean =>
  a.left <= b.right && b.left <= a.right && a.top <= b.bottom && b.top <= a.bottom;
