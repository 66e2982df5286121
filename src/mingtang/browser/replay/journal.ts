// A journal as the server tells it: chunks of a keyframe and the patches up to the next, and the value of one track at a
// time. Times are ms since the lesson was opened. docs/build/replay.md.
import { apply, type Json } from '@/patch';

/** The name a chunk is fetched by, when it begins, and at which place of the log. */
export type Cut = readonly [name: string, at: number, seq: number];
export type Frame = readonly [at: number, seq: number, patch: Json];

export interface Chunk {
  at: number;
  seq: number;
  value: Json;
  frames: Frame[];
}

export interface Chapter {
  at: number;
  step: string;
  kind: string;
  title?: string;
  ref?: string;
  asset?: string;
}

export interface Mark {
  at: number;
  kind: 'poll' | 'peer' | 'question' | 'hand';
  id?: string;
}

export interface Index {
  role: string;
  title: string;
  /** UTC ms. */
  opened: number;
  until: number;
  seq: number;
  tracks: Record<string, Cut[]>;
  chapters: Chapter[];
  marks: Mark[];
  ended?: boolean;
  /** The log is still being read. */
  more?: boolean;
}

/** By activity and question. */
export type Late = Record<string, Record<string, { answer: unknown; right?: unknown }>>;

export interface Mine {
  frames: Frame[];
  late: Late;
}

/** Where a journal comes from: a server, or the page itself. */
export interface Source {
  index(): Promise<Index>;
  chunk(name: string): Promise<Chunk>;
  /** Absent where nobody is meant. */
  mine?(): Promise<Mine>;
  /** For the record, after the lesson; absent where there is no record. Rejects with a Failure. */
  answerLate?(id: string, kind: string, data: object): Promise<Mine>;
}

const MOST_HELD = 80;

/** Chunks at hand, the least used go first. */
export class Chunks {
  #held = new Map<string, Chunk>();
  #coming = new Map<string, Promise<Chunk>>();

  constructor(readonly source: Source) {}

  get(name: string): Chunk | undefined {
    const chunk = this.#held.get(name);
    if (chunk) {
      this.#held.delete(name);
      this.#held.set(name, chunk);
    }
    return chunk;
  }

  has(name: string): boolean {
    return this.#held.has(name);
  }

  load(name: string): Promise<Chunk> {
    const held = this.#held.get(name);
    if (held) return Promise.resolve(held);
    const coming = this.#coming.get(name) ?? this.#fetch(name);
    this.#coming.set(name, coming);
    return coming;
  }

  async #fetch(name: string): Promise<Chunk> {
    try {
      const chunk = await this.source.chunk(name);
      this.#held.set(name, chunk);
      for (const old of this.#held.keys()) {
        if (this.#held.size <= MOST_HELD) break;
        this.#held.delete(old);
      }
      return chunk;
    } finally {
      this.#coming.delete(name);
    }
  }
}

/** The last of `rows` that is not after `at`; -1 when all are. */
export function lastAt<T>(rows: readonly T[], at: number, when: (row: T) => number): number {
  let [low, high] = [0, rows.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (when(rows[middle]) <= at) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

const begins = (cut: Cut): number => cut[1];

/** One track at a time: going on applies what follows, going back begins at a keyframe. */
export class Cursor {
  cuts: readonly Cut[] = [];
  #seq = -1;
  #n = 0;
  #at = 0;
  #value: Json | undefined;

  constructor(private readonly chunks: Chunks) {}

  /** Whether `show(at)` can be asked for now. */
  ready(at: number): boolean {
    const cut = this.cuts[lastAt(this.cuts, at, begins)];
    return !cut || this.chunks.has(cut[0]);
  }

  async prepare(at: number): Promise<void> {
    const cut = this.cuts[lastAt(this.cuts, at, begins)];
    if (cut) await this.chunks.load(cut[0]);
  }

  /** Fetches what comes after `at`, before it is needed. */
  ahead(at: number): void {
    const next = this.cuts[lastAt(this.cuts, at, begins) + 1];
    if (next && !this.chunks.has(next[0])) this.chunks.load(next[0]).catch(() => undefined);
  }

  /** The value at `at`; undefined before there was one. A chunk that has grown since is the same up to there. */
  show(at: number): Json | undefined {
    const cut = this.cuts[lastAt(this.cuts, at, begins)];
    const chunk = cut && this.chunks.get(cut[0]);
    if (!chunk) return (this.#value = undefined);
    if (cut[2] !== this.#seq || at < this.#at || !this.#value) [this.#seq, this.#n, this.#value] = [cut[2], 0, chunk.value];
    this.#at = at;
    while (this.#n < chunk.frames.length && chunk.frames[this.#n][0] <= at) {
      this.#value = apply(this.#value, chunk.frames[this.#n][2]);
      this.#n += 1;
    }
    return this.#value;
  }
}
