// Lines in the order in which they were written.
import type { CaptionsLine } from '@/wire.gen';

export type Numbered = CaptionsLine & { no: number };

export function inOrder(lines: Record<string, CaptionsLine> | undefined): Numbered[] {
  return Object.entries(lines ?? {}).map(([no, line]) => ({ ...line, no: Number(no) })).sort((a, b) => a.no - b.no);
}
