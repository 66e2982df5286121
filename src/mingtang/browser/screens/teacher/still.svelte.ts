// An ended lesson, opened again for reading: the same shape as a live one, but nothing can be added to its log.
// Turning a slide moves only this reader's own place.

import type { Answer, Live } from '@/live.svelte';

export interface Snapshot {
  parts: Record<string, unknown>;
  seq: number;
  /** UTC ms of the last event. */
  at: number;
}

interface Slides {
  now?: { step: string };
  steps: Record<string, { kind: string; ref?: string }>;
}

export class Still {
  readonly link = 'ended';
  readonly looking = null;
  readonly tool = null;
  readonly mine = {};
  readonly you = undefined;
  readonly age = 0;
  readonly returns = 0;
  readonly refused = undefined;
  readonly lesson: string;
  parts = $state.raw<Record<string, unknown>>({});
  #at: number;

  constructor(lesson: string, { parts, at }: Snapshot) {
    this.lesson = lesson;
    this.parts = parts;
    this.#at = at;
  }

  part<T>(name: string): T | undefined {
    return this.parts[name] as T | undefined;
  }

  get now(): unknown {
    return this.part<Slides>('slides')?.now;
  }

  get step(): string | undefined {
    return this.part<Slides>('slides')?.now?.step;
  }

  clock(): number {
    return this.#at;
  }

  get tick(): number {
    return Math.floor(this.#at / 1_000);
  }

  do(kind: string, data: object): Promise<Answer> {
    const to = kind === 'slides.turn' ? (data as { to: string }).to : undefined;
    if (to && this.#turn(to)) return Promise.resolve({ ok: true, seq: 0 });
    return Promise.resolve({ ok: false, code: 'lesson.ended', params: {} });
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

  #turn(to: string): boolean {
    const slides = this.part<Slides>('slides');
    const step = slides?.steps[to];
    if (!slides || !step) return false;
    const now = { step: to, kind: step.kind, ...(step.ref ? { ref: step.ref } : {}) };
    this.parts = { ...this.parts, slides: { ...slides, now, cover: '' } };
    return true;
  }
}

/** Components know one kind of lesson; a still one answers all they can ask. */
export const asLive = (still: Still): Live => still as unknown as Live;
