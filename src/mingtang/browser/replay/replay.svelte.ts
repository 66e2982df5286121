// A lesson that is played: the same shape as a live one, at a time of the reader's choosing. Nothing is folded here
// either: keyframes and patches come from the journal.
import { untrack } from 'svelte';
import type { Answer, Link, Live } from '@/live.svelte';
import { freshId } from '@/outbox';
import type { Json } from '@/patch';
import { LiveRecord } from '@/record.svelte';
import { refusal } from '@/teller';
import { Answers } from './answers.svelte';
import { Chunks, Cursor, lastAt, type Chapter, type Chunk, type Index, type Mark, type Source } from './journal';
import { Failure } from './source';

export const RATES = [0.5, 0.75, 1, 1.25, 1.5, 2, 2.5, 3] as const;
const BEAT_MS = 50;
const LONGEST_BEAT_MS = 2_000;
const AGAIN_MS = 5_000; // between two looks at the table of a lesson that goes on
const READING_MS = 250;
const NEAR_MS = 12_000;
/** The journal is that much behind what happens: the next fact must be sure to come after. */
const BEHIND_MS = 2_500;
/** A part is held a little longer than it is shown, as live. */
const LINGER_MS = 2_000;
const MAIN = 'main';
const OWN = 'mine';

export interface Options {
  lesson: string;
  source: Source;
  /** What components are told: an ended lesson is read, a played one answered in private. */
  link?: Link;
  /** The server's time (UTC ms), where the lesson goes on. */
  now?: () => number;
  /** Called when a lesson that goes on has been caught up with. */
  caughtUp?: () => void;
}

export class Replay {
  readonly lesson: string;
  readonly link: Link;
  readonly you = undefined;
  readonly why = '';
  readonly age = 0;
  readonly returns = 0;
  readonly refused = undefined;
  looking = $state<string | null>(null);
  tool = $state<string | null>(null);

  index = $state.raw<Index | undefined>();
  at = $state(0);
  playing = $state(false);
  rate = $state(1);
  /** What is to be shown is being fetched. */
  waiting = $state(false);
  trouble = $state.raw<Failure | undefined>();
  /** Set while a voice is played with it: whether that must be waited for. */
  held: (() => boolean) | undefined;
  /** Playing stops where a question was opened. */
  stops = $state(false);

  readonly answers: Answers;
  #parts = new LiveRecord();
  #mine = new LiveRecord();
  readonly parts = this.#parts.view;
  readonly mine = this.#mine.view;

  #source: Source;
  #chunks: Chunks;
  #cursors = new Map<string, Cursor>();
  #wants = new Map<string, number>();
  #own: Cursor | undefined;
  #ownChunk: Chunk | undefined;
  #second = $state(0);
  #last = 0;
  #asked = 0;
  #refreshing = false;
  #turn = 0;
  #moving = false;
  #beat: ReturnType<typeof setInterval> | undefined;
  #now: (() => number) | undefined;
  #caughtUp: (() => void) | undefined;

  constructor({ lesson, source, link = 'played', now, caughtUp }: Options) {
    this.lesson = lesson;
    this.link = link;
    this.#source = source;
    this.#now = now;
    this.#caughtUp = caughtUp;
    this.#chunks = new Chunks(source);
    this.#cursors.set(MAIN, new Cursor(this.#chunks));
    this.answers = new Answers(lesson);
  }

  /** Reads the table and what is one's own, shows the lesson at `at`, or where its first step came. Rejects with a Failure. */
  async begin(at?: number): Promise<void> {
    const [index] = await Promise.all([this.#source.index(), this.#readOwn()]);
    this.#take(index);
    await this.seek(at ?? index.chapters[0]?.at ?? 0);
    this.#last = performance.now();
    this.#beat = setInterval(() => this.#tick(), BEAT_MS);
  }

  stop(): void {
    clearInterval(this.#beat);
    this.#beat = undefined;
  }

  // Time

  get opened(): number {
    return this.index?.opened ?? 0;
  }

  get ended(): boolean {
    return Boolean(this.index?.ended);
  }

  /** Where it can be played to now. Not reactive where the lesson goes on. */
  get end(): number {
    const until = this.index?.until ?? 0;
    return this.ended || !this.#now || this.index?.more ? until : Math.max(until, this.#now() - BEHIND_MS - this.opened);
  }

  clock(): number {
    return this.opened + this.at;
  }

  get tick(): number {
    void this.#second;
    return Math.floor(this.clock() / 1_000);
  }

  play(): void {
    if (this.at >= this.end && this.ended) void this.seek(0);
    this.#last = performance.now();
    this.playing = true;
  }

  pause(): void {
    this.playing = false;
  }

  toggle(): void {
    if (this.playing) this.pause();
    else this.play();
  }

  /** One step slower or faster. */
  change(by: 1 | -1): void {
    const next = RATES.findIndex((rate) => rate === this.rate) + by;
    this.rate = RATES[Math.min(Math.max(next, 0), RATES.length - 1)];
  }

  async seek(at: number): Promise<void> {
    this.looking = null;
    await this.#go(Math.min(Math.max(0, at), this.end));
  }

  skip(by: number): void {
    void this.seek(this.at + by);
  }

  get chapters(): Chapter[] {
    return this.index?.chapters ?? [];
  }

  /** The place of the chapter that is on, -1 before the first. */
  get chapter(): number {
    return lastAt(this.chapters, this.at, (one) => one.at);
  }

  /** To the chapter after this one or before it; its own beginning first when it has gone on for a while. */
  leap(by: 1 | -1): void {
    const here = this.chapter;
    const begun = here >= 0 && this.at - this.chapters[here].at > 3_000;
    const to = by < 0 && begun ? here : here + by;
    void this.seek(to < 0 ? 0 : (this.chapters[to]?.at ?? this.end));
  }

  // What components ask of a lesson

  part<T>(name: string): T | undefined {
    return this.#parts.get(name) as T | undefined;
  }

  get now(): any {
    return this.part<{ now?: unknown }>('slides')?.now;
  }

  get step(): string | undefined {
    return this.looking ?? this.now?.step;
  }

  async do(kind: string, data: object): Promise<Answer> {
    const said = data as Record<string, unknown>;
    if (kind === 'slides.turn') return this.#turnTo(String(said.to));
    if (kind === 'poll.vote' || kind === 'peer.vote') return this.#answer(kind.slice(0, 4), String(said.id), said.answer);
    if (kind.endsWith('.answer_late')) return this.#handIn(kind, data);
    return refusal('lesson.ended');
  }

  pending(): boolean {
    return false;
  }

  say(): void {}

  hear(): () => void {
    return () => {};
  }

  /** Called by effects, which must not follow what is read and shown here. */
  want(part: string): () => void {
    return untrack(() => this.#want(part));
  }

  #want(part: string): () => void {
    this.#wants.set(part, (this.#wants.get(part) ?? 0) + 1);
    if (!this.#cursors.has(part)) {
      const cursor = new Cursor(this.#chunks);
      cursor.cuts = this.index?.tracks[part] ?? [];
      this.#cursors.set(part, cursor);
      if (this.index) void this.#go(this.at);
    }
    return () => setTimeout(() => this.#release(part), LINGER_MS);
  }

  #release(part: string): void {
    const left = (this.#wants.get(part) ?? 1) - 1;
    this.#wants.set(part, left);
    if (left > 0) return;
    this.#wants.delete(part);
    this.#cursors.delete(part);
    this.#parts.delete(part);
  }

  // Answering

  /** Whether an answer can be handed in for the record. */
  get records(): boolean {
    return this.ended && this.#source.answerLate !== undefined;
  }

  /** What a part was in the end: there the lesson may have told what was right. */
  async final(part: string): Promise<Json | undefined> {
    const cursor = new Cursor(this.#chunks);
    cursor.cuts = this.index?.tracks[MAIN] ?? [];
    await cursor.prepare(Infinity);
    return cursor.show(Infinity)?.[part] as Json | undefined;
  }

  #answer(activity: string, id: string, answer: unknown): Answer {
    const item = this.part<Record<string, { round?: string }>>(activity)?.[id];
    this.answers.set(activity, id, item?.round ?? '1', answer);
    this.#showMine();
    return { ok: true, seq: 0 };
  }

  async #handIn(kind: string, data: object): Promise<Answer> {
    if (!this.#source.answerLate) return refusal('lesson.ended');
    try {
      this.answers.late = (await this.#source.answerLate(freshId(), kind, data)).late;
      this.#showMine();
      return { ok: true, seq: 0 };
    } catch (failure) {
      const { code, params } = failure as Failure;
      return refusal(code, params);
    }
  }

  #turnTo(step: string): Answer {
    const chapter = this.chapters.find((one) => one.step === step);
    if (!chapter) {
      this.looking = step;
      return { ok: true, seq: 0 };
    }
    void this.seek(chapter.at);
    return { ok: true, seq: 0 };
  }

  // Moving

  #tick(): void {
    const now = performance.now();
    const gone = Math.min(now - this.#last, LONGEST_BEAT_MS) * this.rate;
    this.#last = now;
    if (this.#isDue(now)) void this.#refresh();
    if (!this.playing || this.#moving || this.held?.()) return;
    let to = this.at + gone;
    const stop = this.stops ? this.#question(this.at, to) : undefined;
    if (stop) [to, this.playing] = [stop.at, false];
    const end = this.end;
    if (to >= end) {
      to = Math.max(end, this.at);
      if (this.ended) this.playing = false;
      else if (!this.index?.more) this.#caughtUp?.();
    }
    void this.#go(to);
  }

  #question(from: number, to: number): Mark | undefined {
    return this.index?.marks.find((mark) => mark.at > from && mark.at <= to && (mark.kind === 'poll' || mark.kind === 'peer'));
  }

  #isDue(now: number): boolean {
    if (this.ended || this.#refreshing) return false;
    if (this.index?.more) return now - this.#asked > READING_MS;
    return now - this.#asked > AGAIN_MS && this.at > (this.index?.until ?? 0) - NEAR_MS;
  }

  async #refresh(): Promise<void> {
    this.#refreshing = true;
    try {
      this.#take(await this.#source.index());
      this.trouble = undefined;
    } catch (failure) {
      if (failure instanceof Failure) this.trouble = failure;
    } finally {
      this.#asked = performance.now();
      this.#refreshing = false;
    }
  }

  #take(index: Index): void {
    this.index = index;
    for (const [part, cursor] of this.#cursors) cursor.cuts = index.tracks[part] ?? [];
  }

  /** The newest wish wins: a seek that waits for its chunk gives way to the next. */
  async #go(to: number): Promise<void> {
    const turn = ++this.#turn;
    const cursors = [...this.#cursors.values()];
    if (!cursors.every((cursor) => cursor.ready(to)) && !(await this.#prepare(cursors, to, turn))) return;
    this.at = to;
    this.#show();
    for (const cursor of cursors) cursor.ahead(to);
  }

  async #prepare(cursors: Cursor[], to: number, turn: number): Promise<boolean> {
    this.#moving = this.waiting = true;
    try {
      await Promise.all(cursors.map((cursor) => cursor.prepare(to)));
      this.trouble = undefined;
    } catch (failure) {
      this.trouble = failure instanceof Failure ? failure : new Failure('replay.no_answer');
      this.#asked = 0;
      await this.#refresh(); // files may have been made anew
    } finally {
      if (turn === this.#turn) this.#moving = this.waiting = false;
    }
    return turn === this.#turn && cursors.every((cursor) => cursor.ready(to));
  }

  #show(): void {
    const values: Json = { ...this.#cursors.get(MAIN)?.show(this.at) };
    for (const [part, cursor] of this.#cursors) {
      const value = part === MAIN ? undefined : cursor.show(this.at);
      if (value) values[part] = value;
    }
    this.#parts.replace(values);
    this.#showMine();
    const second = Math.floor(this.clock() / 1_000);
    if (second !== this.#second) this.#second = second;
  }

  #showMine(): void {
    this.#mine.replace(this.answers.over(this.#own?.show(this.at) ?? {}));
  }

  async #readOwn(): Promise<void> {
    if (!this.#source.mine) return;
    const mine = await this.#source.mine();
    this.answers.late = mine.late;
    this.#ownChunk = { at: 0, seq: 0, value: {}, frames: mine.frames };
    const chunks = new Chunks({ ...this.#source, chunk: () => Promise.resolve(this.#ownChunk as Chunk) });
    await chunks.load(OWN);
    this.#own = new Cursor(chunks);
    this.#own.cuts = [[OWN, 0, 0]];
  }
}

/** Components know one kind of lesson; a played one answers all they can ask. */
export const asLive = (replay: Replay): Live => replay as unknown as Live;
