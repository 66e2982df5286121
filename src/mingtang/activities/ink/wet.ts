// Strokes that others are drawing right now: heard in pieces, shown until the finished one arrives.
import type { Wet } from './painter';
import { decode, type Point } from './points';
import type { Tool } from './palette';

/** Nothing heard for so long: whoever drew it is gone. */
const SILENT = 8_000;

interface Heard extends Wet {
  at: number;
}

export class Wets {
  #all = new Map<string, Heard>();
  #done = new Set<string>();

  /** True when there is something new to show. */
  hear(said: Record<string, unknown>, now: number): boolean {
    const id = String(said.id);
    if (this.#done.has(id)) return false;
    if (typeof said.points !== 'string') return this.#all.delete(id);
    const points = read(said.points);
    const wet = this.#all.get(id) ?? begun(said);
    wet.points.length = Math.min(wet.points.length, Number(said.at));
    if (points.length && wet.points.length && points[0].length !== wet.points[0].length) return false;
    wet.points.push(...points);
    wet.at = now;
    this.#all.set(id, wet);
    return points.length > 0;
  }

  /** The finished ones are on the page now. */
  settle(strokes: Record<string, unknown>): void {
    for (const id of this.#all.keys()) {
      if (!(id in strokes)) continue;
      this.#all.delete(id);
      this.#done.add(id);
    }
  }

  now(now: number): Wet[] {
    for (const [id, wet] of this.#all) if (now - wet.at > SILENT) this.#all.delete(id);
    return [...this.#all.values()];
  }
}

const begun = (said: Record<string, unknown>): Heard => ({
  tool: said.tool as Tool,
  color: Number(said.color),
  width: Number(said.width),
  points: [],
  at: 0,
});

function read(text: string): Point[] {
  try {
    return decode(text);
  } catch {
    return [];
  }
}
