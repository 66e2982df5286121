// A plan as a lesson that is about to be held: what the students' and the wall's own screens need to show a step of it.
// Nothing is sent anywhere; an answer given here is only tried out.
import { freshId } from '@/outbox';
import type { Answer, Live } from '@/live.svelte';
import type { Role, Seat } from '@/wire.gen';
import type { Doc, PlanStep } from '../plan/steps';
import { preparedOf } from '../plan/pieces';

export type As = 'student' | 'wall';

export interface Shown {
  as: As;
  doc: Doc;
  /** The step before everybody's eyes. */
  at: string | undefined;
}

const VOTES = /^(\w+)\.vote$/;

export class Sketch {
  readonly lesson = `preview/${freshId()}`;
  readonly link = 'live';
  readonly age = 0;
  readonly returns = 0;
  readonly refused = undefined;
  readonly why = '';
  looking = $state<string | null>(null);
  tool = $state<string | null>(null);
  you = $state.raw<{ id: string; name: string; role: Role; seat: Seat } | undefined>();
  parts = $state.raw<Record<string, any>>({});
  mine = $state.raw<Record<string, any>>({});
  #opened = Date.now();

  show({ as, doc, at }: Shown): void {
    this.looking = null;
    this.you = { id: 'preview', name: '', role: as, seat: 'room' };
    this.parts = { ...this.#frame(doc), slides: slidesOf(doc, at), ...questionsOf(doc) };
  }

  #frame(doc: Doc): Record<string, unknown> {
    const lesson = { title: doc.title, code: '', opened: this.#opened, ...(doc.course ? { course: doc.course } : {}) };
    return { lesson, roster: { here: { room: 0, remote: 0 }, joined: 0 } };
  }

  part<T>(name: string): T | undefined {
    return this.parts[name] as T | undefined;
  }

  get now(): any {
    return this.parts.slides?.now;
  }

  get step(): string | undefined {
    return this.looking ?? this.now?.step;
  }

  clock(): number {
    return Date.now();
  }

  get tick(): number {
    return Math.floor(this.#opened / 1_000);
  }

  do(kind: string, data: object): Promise<Answer> {
    const part = VOTES.exec(kind)?.[1];
    if (!part) return Promise.resolve({ ok: false, code: 'plan.only_preview', params: {} });
    const { id, answer } = data as { id: string; answer: unknown };
    const own = part === 'peer' ? { answers: { 1: answer } } : { 1: answer };
    this.mine = { ...this.mine, [part]: { ...this.mine[part], [id]: own } };
    return Promise.resolve({ ok: true, seq: 0 });
  }

  pending(): boolean {
    return false;
  }

  say(): void {}

  hear(): () => void {
    return () => {};
  }

  want(): () => void {
    return () => {};
  }

  stop(): void {}
}

function slidesOf(doc: Doc, at: string | undefined) {
  const entries = doc.steps.map((step, pos) => [step.id, slideOf(step, pos)] as const);
  const now = doc.steps.find((step) => step.id === at);
  return { cover: '', steps: Object.fromEntries(entries), ...(now ? { now: nowOf(now) } : {}) };
}

function slideOf(step: PlanStep, pos: number) {
  const { kind, seconds } = step;
  const { asset, width, height, title, page } = step.page ?? {};
  const text = (step.draft as { text?: string } | undefined)?.text ?? step.text;
  return { kind, pos, ...refOf(step), ...(text ? { text } : {}), ...(seconds ? { seconds } : {}), ...(step.page ? { asset, width, height, title, page } : {}) };
}

const refOf = (step: PlanStep) => (preparedOf(step.kind) ? { ref: step.id } : {});
const nowOf = (step: PlanStep) => ({ step: step.id, kind: step.kind, ...refOf(step) });

/** The parts of the activities whose questions stand in the plan. One that is not complete is shown as far as it is. */
function questionsOf(doc: Doc): Record<string, Record<string, object>> {
  const parts: Record<string, Record<string, object>> = {};
  for (const step of doc.steps) {
    const prepared = preparedOf(step.kind);
    const question = step.draft !== undefined && prepared ? { ...prepared.question(step.draft) } : step.question;
    if (prepared && question) (parts[step.kind] ??= {})[step.id] = prepared.item(question);
  }
  return parts;
}

/** Components know one kind of lesson; a sketch answers all they can ask. */
export const asLive = (sketch: Sketch): Live => sketch as unknown as Live;
