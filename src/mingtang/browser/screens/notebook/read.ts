// The notebook as the server reads it from the log, and each step of it in the shape that activities' components know.
import type { Answer, Live } from '@/live.svelte';
import type { Json } from '@/patch';
import { inOrder, type Placed } from '@/steps';
import type { Seat } from '@/wire.gen';

export interface Notebook {
  lesson: string;
  you: { name: string; seat: Seat };
  seq: number;
  at: number;
  began: number;
  parts: Record<string, any>;
  mine: Record<string, any>;
  moments: Record<string, number>;
  texts: Record<string, string[]>;
  /** Opened by the personal link: there is no way from here into the lesson or its replay. */
  linked: boolean;
}

/** A lesson that is only read, with one step before the reader's eyes; "" is none. */
class Opened {
  readonly link = 'ended';
  readonly you = undefined;
  readonly tool = null;
  readonly lesson: string;
  readonly parts: Record<string, any>;
  readonly mine: Record<string, any>;
  readonly step: string;
  readonly looking: string;
  #at: number;

  constructor({ lesson, parts, mine, texts, at }: Notebook, step: string) {
    this.lesson = lesson;
    this.parts = { ...parts, texts };
    this.mine = mine;
    this.step = this.looking = step;
    this.#at = at;
  }

  get now() {
    const step = this.parts.slides?.steps?.[this.step];
    return step && { step: this.step, ...step };
  }

  part<T>(name: string): T | undefined {
    return this.parts[name] as T | undefined;
  }

  clock = () => this.#at;
  get tick(): number {
    return Math.floor(this.#at / 1_000);
  }

  do = (): Promise<Answer> => Promise.resolve({ ok: false, code: 'lesson.ended', params: {} as Json });
  pending = () => false;
  say = () => undefined;
  hear = () => () => undefined;
  want = () => () => undefined;
}

export const opened = (book: Notebook, step: string): Live => new Opened(book, step) as unknown as Live;

/** Timers and breaks leave nothing to read. */
export const stepsOf = (book: Notebook): Placed[] => inOrder(book.parts.slides).filter((step) => !['timer', 'break'].includes(step.kind));

/** Whether the student left something of his own on a step. */
export function isMarked(book: Notebook, step: Placed): boolean {
  const { stars, texts } = book.mine.notes ?? {};
  const asked = Object.values<{ page?: string }>(book.mine.questions?.asked ?? {});
  return Boolean(stars?.[step.id] || texts?.[step.id] || asked.some((one) => one.page === step.id));
}

/** Seconds into the lesson at which a step first came; undefined when it only went by. */
export function secondOf(book: Notebook, step: Placed): number | undefined {
  const at = book.moments[`slides/${step.id}`];
  return at === undefined ? undefined : Math.max(0, Math.floor((at - book.began) / 1_000));
}
