// The steps of a lesson in their order, and which of them a screen shows.
import type { SlidesStep, SlidesView } from '@/wire.gen';

/** `n` is the step's number as people count, from 1. */
export interface Placed extends SlidesStep {
  id: string;
  n: number;
}

export const hasPicture = (step: SlidesStep): boolean => step.kind === 'page' || step.kind === 'board';

/** The words of a step that is a note. */
export function noted(slides: Partial<SlidesView> | undefined, step: string | undefined): string {
  const found = slides?.steps?.[step ?? ''];
  return found?.kind === 'note' ? (found.text ?? '') : '';
}

/** Several parts of a screen ask this of the same view. */
const sorted = new WeakMap<SlidesView, Placed[]>();

export function inOrder(slides: SlidesView | undefined): Placed[] {
  const known = slides && sorted.get(slides);
  if (known || !slides) return known ?? [];
  const all = Object.entries(slides.steps).map(([id, step]) => ({ ...step, id, n: 0 }));
  all.sort((a, b) => a.pos - b.pos || (a.id < b.id ? -1 : 1));
  for (const [at, step] of all.entries()) step.n = at + 1;
  sorted.set(slides, all);
  return all;
}

/** The page or board on a screen: the one looked at, else the one on the stage; under a question, the last one before. */
export function pictured(slides: SlidesView | undefined, looking: string | null): Placed | undefined {
  const all = inOrder(slides);
  const at = all.findIndex((step) => step.id === looking);
  const here = at >= 0 ? at : all.findIndex((step) => step.id === slides?.now?.step);
  return all.slice(0, here + 1).filter(hasPicture).at(-1);
}
