// The outline of a stroke: the same for a stroke being drawn and a finished one, so that nothing jumps when it is done.
import { getStroke } from 'perfect-freehand';
import type { Tool } from './palette';
import { PRESSURE, type Point } from './points';

export function outline(points: readonly Point[], width: number, tool: Tool): Path2D {
  const pressed = points[0]?.length === 3;
  const found = getStroke(
    points.map(([x, y, p]) => [x, y, pressed ? p / PRESSURE : 0.5]),
    {
      size: width,
      thinning: tool === 'pen' ? 0.35 : 0,
      smoothing: 0.5,
      streamline: 0.35,
      simulatePressure: !pressed && tool === 'pen',
      last: true,
    },
  );
  return closed(found);
}

/** A smooth closed line: each point bends the way from one middle to the next. */
function closed(found: number[][]): Path2D {
  const path = new Path2D();
  if (found.length < 3) return path;
  const middle = (a: number[], b: number[]): [number, number] => [(a[0] + b[0]) / 2, (a[1] + b[1]) / 2];
  path.moveTo(...middle(found[0], found[1]));
  for (let at = 1; at <= found.length; at++) {
    const [here, next] = [found[at % found.length], found[(at + 1) % found.length]];
    path.quadraticCurveTo(here[0], here[1], ...middle(here, next));
  }
  path.closePath();
  return path;
}
