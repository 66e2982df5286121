// How strongly marks are still felt: each counts whole for two minutes, then fades until six.
import type { PaceOn } from '@/wire.gen';

const SPAN = 30_000;
const WHOLE = 120_000;
export const FADES = 360_000;

export type Mark = keyof PaceOn;

/** The marks of a page that are felt at `now` (server ms), as a whole number. */
export function felt(spans: Record<string, number> | undefined, now: number): number {
  let sum = 0;
  for (const [span, n] of Object.entries(spans ?? {})) sum += n * weight(now - (Number(span) + 1) * SPAN);
  return Math.round(sum);
}

function weight(age: number): number {
  return Math.max(0, Math.min(1, (FADES - age) / (FADES - WHOLE)));
}

/** Whether one's own mark, put at `at`, still stands. */
export function stands(at: number | undefined, now: number): boolean {
  return at !== undefined && now - at < FADES;
}
