// The points of a stroke as short text; points.py says how it is written, and both obey points.json.

/** One unit is 1/8192 of the page's width, in both directions. */
export const WIDTH = 8192;
export const HIGHEST = 8 * WIDTH;
export const PRESSURE = 255;
export const MOST = 4000;

/** [x, y] or [x, y, pressure]; all points of a stroke alike. */
export type Point = readonly number[];

export function encode(points: readonly Point[]): string {
  const width = points[0]?.length ?? 2;
  const bytes = [width === 3 ? 1 : 0];
  let last: Point = new Array<number>(width).fill(0);
  for (const point of points) {
    for (let at = 0; at < width; at++) put(bytes, point[at] - last[at]);
    last = point;
  }
  return btoa(String.fromCharCode(...bytes)).replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '');
}

function put(bytes: number[], difference: number): void {
  let rest = difference >= 0 ? difference * 2 : -difference * 2 - 1;
  for (; rest > 127; rest >>= 7) bytes.push((rest & 127) | 128);
  bytes.push(rest);
}

/** Throws for what is no stroke on the page. */
export function decode(text: string): Point[] {
  if (!/^[\w-]*$/.test(text)) throw new RangeError('not base64url');
  const bytes = atob(text.replaceAll('-', '+').replaceAll('_', '/'));
  const head = bytes.charCodeAt(0);
  if (!(head <= 1)) throw new RangeError('not a stroke');
  const points = group(numbers(bytes), head ? 3 : 2);
  if (points.length === 0 || points.length > MOST) throw new RangeError('too few or too many points');
  return points;
}

function numbers(bytes: string): number[] {
  const found: number[] = [];
  let [value, shift] = [0, 0];
  for (let at = 1; at < bytes.length; at++) {
    const byte = bytes.charCodeAt(at);
    value |= (byte & 127) << shift;
    shift += 7;
    if (byte < 128) {
      found.push(value & 1 ? -(value >> 1) - 1 : value >> 1);
      value = shift = 0;
    } else if (shift > 14) throw new RangeError('a number of more than three bytes');
  }
  if (shift) throw new RangeError('cut short');
  return found;
}

function group(found: number[], width: number): Point[] {
  if (found.length % width) throw new RangeError('cut short');
  const points: Point[] = [];
  let last: Point = [0, 0, 0];
  for (let at = 0; at < found.length; at += width) {
    last = Array.from({ length: width }, (_, n) => last[n] + found[at + n]);
    if (!fits(last)) throw new RangeError('off the page');
    points.push(last);
  }
  return points;
}

const fits = ([x, y, pressure = 0]: Point) =>
  x >= 0 && x <= WIDTH && y >= 0 && y <= HIGHEST && pressure >= 0 && pressure <= PRESSURE;
