// A plan as the editor holds it, and what can be done to its steps. Nothing here changes what it is given:
// each act answers with a new plan, so that undo is only an older one.

/** Which page of which deck, and how it looks once it is drawn. */
export interface PlanPage {
  deck: string;
  page: number;
  asset?: string;
  width?: number;
  height?: number;
  title?: string;
}

export interface PlanStep {
  id: string;
  kind: string;
  notes?: string;
  page?: PlanPage;
  /** As the activity of the kind takes it; its last state that can be asked. */
  question?: any;
  /** A note's words; the label of a timer or a break; what could not be read of a plan's text. */
  text?: string;
  seconds?: number;
  /** What is written of a question or a note and cannot be used as it is now. Only this browser knows of it. */
  draft?: unknown;
}

export interface Doc {
  title: string;
  course: string;
  language: string;
  steps: PlanStep[];
}

export interface Problem {
  line: number;
  code: string;
  params?: Record<string, string | number>;
  suggestion?: string;
}

export interface PlanDeck {
  id: string;
  name: string;
  pages: number;
  drawn: number;
  state: 'reading' | 'ready' | 'failed';
  code?: string;
  params?: Record<string, string | number>;
}

export interface PlanView extends Partial<Doc> {
  id: string;
  version: number;
  updated: number;
  problems?: Problem[];
  decks?: PlanDeck[];
}

export const docOf = (view: PlanView): Doc => ({
  title: view.title ?? '',
  course: view.course ?? '',
  language: view.language ?? 'en',
  steps: (view.steps ?? []).map(({ page, ...step }) => (page ? { ...step, page: { deck: page.deck, page: page.page } } : step)),
});

/** How pages look, by deck and number: it comes when they are drawn and is no part of what is written. */
export type Pictures = Record<string, PlanPage>;

const pictureKey = (page: PlanPage): string => `${page.deck}/${page.page}`;

export function picturesOf(view: PlanView): Pictures {
  const drawn = (view.steps ?? []).flatMap((step) => (step.page?.asset ? [[pictureKey(step.page), step.page] as const] : []));
  return Object.fromEntries(drawn);
}

export function drawn(steps: PlanStep[], pictures: Pictures): PlanStep[] {
  return steps.map((step) => (step.page && pictures[pictureKey(step.page)] ? { ...step, page: pictures[pictureKey(step.page)] } : step));
}

/** What the server takes: what is not complete stays as it was before; what never was is left out. */
export function sendable(doc: Doc): Doc {
  const steps = doc.steps.filter((step) => !step.draft || step.question || step.text);
  return { ...doc, steps: steps.map(({ draft: _, ...step }) => step) };
}

/** Questions and notes that are not complete. */
export const unfinished = (doc: Doc): PlanStep[] => doc.steps.filter((step) => step.draft !== undefined);

/** Equal whatever the order of keys; a field that is absent equals one that is empty. */
export const same = (one: unknown, other: unknown): boolean => written(one) === written(other);

function written(value: unknown): string {
  return JSON.stringify(value, (_, inner: unknown) => {
    if (!inner || typeof inner !== 'object' || Array.isArray(inner)) return inner === null || inner === '' ? undefined : inner;
    return Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)));
  });
}

export const placeOf = (doc: Doc, id: string | undefined): number => doc.steps.findIndex((step) => step.id === id);

/** Right after the step `after`; at the end when there is no such step. */
export function insert(doc: Doc, added: PlanStep[], after: string | undefined): Doc {
  const at = placeOf(doc, after);
  return { ...doc, steps: doc.steps.toSpliced(at < 0 ? doc.steps.length : at + 1, 0, ...added) };
}

/** To the place `to`, counted without the moved one; beyond the ends nothing moves. */
export function move(doc: Doc, id: string, to: number): Doc {
  const from = placeOf(doc, id);
  if (from < 0 || to < 0 || to >= doc.steps.length || to === from) return doc;
  return { ...doc, steps: doc.steps.toSpliced(from, 1).toSpliced(to, 0, doc.steps[from]) };
}

export function remove(doc: Doc, id: string): Doc {
  return { ...doc, steps: doc.steps.filter((step) => step.id !== id) };
}

export function change(doc: Doc, id: string, by: Partial<PlanStep>): Doc {
  return { ...doc, steps: doc.steps.map((step) => (step.id === id ? tidied({ ...step, ...by }) : step)) };
}

/** Absent is absent: what was set to nothing is not there. */
function tidied(step: PlanStep): PlanStep {
  return Object.fromEntries(Object.entries(step).filter(([, value]) => value !== undefined && value !== '')) as unknown as PlanStep;
}

export function duplicate(doc: Doc, id: string, fresh: string): Doc {
  const step = doc.steps[placeOf(doc, id)];
  return step ? insert(doc, [{ ...structuredClone(step), id: fresh }], id) : doc;
}

/** Who is selected when `id` has gone. */
export function neighbour(doc: Doc, id: string): string | undefined {
  const at = placeOf(doc, id);
  return (doc.steps[at + 1] ?? doc.steps[at - 1])?.id;
}
