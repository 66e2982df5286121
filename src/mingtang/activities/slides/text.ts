// The writing on a page, as the drawing of it found it: pieces with their places, in parts of the page.
import { assetAt } from '@/asset';

export interface Run {
  t: string;
  x: number;
  y: number;
  w: number;
  h: number;
}

const fetched = new Map<string, Promise<Run[]>>();

/** Never rejects: without its text a page is still a picture. What failed is asked for again the next time. */
export function textOf(asset: string): Promise<Run[]> {
  const known = fetched.get(asset) ?? load(asset);
  fetched.set(asset, known);
  return known;
}

async function load(asset: string): Promise<Run[]> {
  try {
    const answer = await fetch(assetAt(asset, 'text.json'));
    if (answer.ok) return ((await answer.json()) as { runs: Run[] }).runs;
  } catch {
    // Asked for again when the page is next shown.
  }
  fetched.delete(asset);
  return [];
}

interface Block {
  text: string;
  last: Run;
}

/** Pieces on one line belong together, and lines of one size that follow closely below one another are a paragraph. */
export function paragraphs(runs: Run[]): string[] {
  const blocks: Block[] = [];
  for (const run of runs) {
    const block = blocks.at(-1);
    if (block && (beside(block.last, run) || below(block.last, run))) {
      block.text = joined(block.text, run.t);
      block.last = run;
    } else blocks.push({ text: run.t, last: run });
  }
  return blocks.map((block) => block.text.trim()).filter(Boolean);
}

const alike = (a: Run, b: Run) => Math.min(a.h, b.h) > 0.75 * Math.max(a.h, b.h);

function beside(a: Run, b: Run): boolean {
  return Math.abs(a.y + a.h / 2 - b.y - b.h / 2) < a.h / 2 && b.x - a.x - a.w < 2 * a.h && b.x >= a.x;
}

function below(a: Run, b: Run): boolean {
  const gap = b.y - a.y - a.h;
  return alike(a, b) && Math.abs(a.x - b.x) < 0.02 && gap > -0.5 * a.h && gap < 0.6 * a.h;
}

/** Latin words are parted by a space, a word broken at the end of its line is whole again, Chinese has no spaces. */
function joined(before: string, after: string): string {
  if (/\p{Ll}-$/u.test(before) && /^\p{Ll}/u.test(after)) return before.slice(0, -1) + after;
  const wide = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\u3000-\u303f\uff00-\uffef]/u;
  const close = wide.test(before.at(-1) ?? '') && wide.test(after[0] ?? '');
  return before + (close || /\s$/.test(before) ? '' : ' ') + after;
}
