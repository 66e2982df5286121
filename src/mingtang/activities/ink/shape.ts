// The outline of a stroke: the same for a stroke being drawn and a finished one, so that nothing jumps when it is done;
// on a canvas, or as the text of an SVG path.
import { getStroke } from 'perfect-freehand';
import type { Tool } from './palette';
import { PRESSURE, type Point } from './points';

type Way = Pick<Path2D, 'moveTo' | 'quadraticCurveTo' | 'closePath'>;

export function outline(points: readonly Point[], width: number, tool: Tool): Path2D {
  const path = new Path2D();
  follow(path, around(points, width, tool));
  return path;
}

/** The `d` of an SVG path. */
export function outlineText(points: readonly Point[], width: number, tool: Tool): string {
  const said: string[] = [];
  const whole = (...numbers: number[]) => numbers.map((n) => Math.round(n)).join(' ');
  const path: Way = {
    moveTo: (x, y) => said.push(`M${whole(x, y)}`),
    quadraticCurveTo: (...numbers) => said.push(`Q${whole(...numbers)}`),
    closePath: () => said.push('Z'),
  };
  follow(path, around(points, width, tool));
  return said.join('');
}

function around(points: readonly Point[], width: number, tool: Tool): number[][] {
  const pressed = points[0]?.length === 3;
  return getStroke(
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
}

/** A smooth closed line: each point bends the way from one middle to the next. */
function follow(path: Way, found: number[][]): void {
  if (found.length < 3) return;
  const middle = (a: number[], b: number[]): [number, number] => [(a[0] + b[0]) / 2, (a[1] + b[1]) / 2];
  path.moveTo(...middle(found[0], found[1]));
  for (let at = 1; at <= found.length; at++) {
    const [here, next] = [found[at % found.length], found[(at + 1) % found.length]];
    path.quadraticCurveTo(here[0], here[1], ...middle(here, next));
  }
  path.closePath();
}
