// Two stacks and the bands between them: who gave which answer first, and which second.
import type { PeerCompare, PeerItem } from '@/wire.gen';
import { choices } from './asked';

export interface Block {
  key: string;
  letter: string;
  text: string;
  right: boolean;
  /** How many in the first vote and in the second, with where the block begins and how high it is. */
  first: { n: number; y: number; h: number };
  second: { n: number; y: number; h: number };
  /** Where its words stand. */
  line: { first: number; second: number };
}

export interface Band {
  kind: 'won' | 'kept' | 'other';
  d: string;
}

export const HEIGHT = 620;
export const LEFT = 346;
export const RIGHT = 800;
/** The least room between two lines of words. */
const LINE = 62;

type Side = 'first' | 'second';

export function draw(item: PeerItem, compared: PeerCompare): { blocks: Block[]; bands: Band[] } {
  const blocks = choices(item).map(({ key, letter, text }): Block => ({
    key, letter, text, right: key === item.right,
    first: { n: item.rounds?.[compared.first]?.counts[key] ?? 0, y: 0, h: 0 },
    second: { n: item.rounds?.[compared.second]?.counts[key] ?? 0, y: 0, h: 0 },
    line: { first: 0, second: 0 },
  }));
  const most = Math.max(1, total(blocks, 'first'), total(blocks, 'second'));
  for (const side of ['first', 'second'] as const) stack(blocks, side, most);
  return { blocks, bands: bands(blocks, compared.shift, most) };
}

const total = (blocks: Block[], side: Side): number => blocks.reduce((sum, block) => sum + block[side].n, 0);

/** One below the other, with what room is left between them, and each name beside the middle of its block. */
function stack(blocks: Block[], side: Side, most: number): void {
  const gap = blocks.length > 1 ? Math.min(44, (HEIGHT * 0.34) / (blocks.length - 1)) : 0;
  const unit = (HEIGHT - gap * (blocks.length - 1)) / most;
  let y = (HEIGHT - unit * total(blocks, side) - gap * (blocks.length - 1)) / 2;
  for (const block of blocks) {
    block[side] = { ...block[side], y, h: block[side].n * unit };
    y += block[side].h + gap;
  }
  spread(blocks, side);
}

/** Words keep a line's distance: pushed down where blocks are thin, then back up from the end. */
function spread(blocks: Block[], side: Side): void {
  const step = Math.min(LINE, HEIGHT / Math.max(1, blocks.length));
  let free = step / 2;
  for (const block of blocks) {
    block.line[side] = Math.max(free, block[side].y + block[side].h / 2);
    free = block.line[side] + step;
  }
  let end = HEIGHT - step / 2;
  for (const block of [...blocks].reverse()) {
    block.line[side] = Math.min(block.line[side], end);
    end = block.line[side] - step;
  }
}

function bands(blocks: Block[], shift: PeerCompare['shift'], most: number): Band[] {
  const gap = blocks.length > 1 ? Math.min(44, (HEIGHT * 0.34) / (blocks.length - 1)) : 0;
  const unit = (HEIGHT - gap * (blocks.length - 1)) / most;
  const arrived = new Map(blocks.map((block) => [block.key, block.second.y]));
  const made: Band[] = [];
  for (const from of blocks) {
    let y = from.first.y;
    for (const to of blocks) {
      const h = (shift[from.key]?.[to.key] ?? 0) * unit;
      if (!h) continue;
      const into = arrived.get(to.key) ?? 0;
      made.push({ kind: to.right ? (from.right ? 'kept' : 'won') : 'other', d: band(y, into, h) });
      y += h;
      arrived.set(to.key, into + h);
    }
  }
  return made;
}

/** A name cut to so many letters' room. */
export function shortened(text: string, room: number): string {
  let width = 0;
  const letters = [...text];
  const end = letters.findIndex((letter) => (width += letter > '\u2e7f' ? 2 : 1) > room);
  return end < 0 ? text : `${letters.slice(0, end - 1).join('').trimEnd()}…`;
}

function band(from: number, to: number, h: number): string {
  const middle = (LEFT + RIGHT) / 2;
  const [a, b, c, d] = [from, to, to + h, from + h].map((n) => n.toFixed(1));
  return `M${LEFT} ${a}C${middle} ${a} ${middle} ${b} ${RIGHT} ${b}V${c}C${middle} ${c} ${middle} ${d} ${LEFT} ${d}z`;
}
