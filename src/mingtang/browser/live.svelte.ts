// One lesson as this browser sees it: parts and `mine` as the server sent them, and the way to do something.
// It folds nothing: views come from the server, and patches are applied (docs/build/protocol.md).
import { Clock } from '@/clock';
import { freshId, Outbox, ownStore, ownTab, type Keep } from '@/outbox';
import { apply, type Json } from '@/patch';
import { LiveRecord } from '@/record.svelte';
import { Socket, type Frame } from '@/socket';
import { refusal, Teller, type Answer } from '@/teller';
import type { Commands, Role, Seat } from '@/wire.gen';

export type { Answer } from '@/teller';

export interface You {
  id: string;
  name: string;
  role: Role;
  seat: Seat;
}

/** `played`: a replay, where an answer is received by nobody. */
export type Link = 'joining' | 'live' | 'away' | 'ended' | 'removed' | 'played';

export interface LiveOptions {
  lesson: string;
  /** Which of this browser's cookies is meant: a teacher may also look at the students' page. */
  as?: 'teacher' | 'student' | 'wall';
  /** For devices that send no cookie with a socket. */
  ticket?: string;
  keep?: Keep;
}

/** A kind that is written out must exist; one that is put together at run time is taken as it is. */
type Kind<K extends string> = string extends K ? K : K extends keyof Commands ? K : never;
type Data<K> = K extends keyof Commands ? Commands[K] : object;
type Hear = (data: Json, from: string) => void;

/** Shows later what is to be shown with a voice that is heard later; `put` says whether it does. */
export interface Paced {
  put(part: string, at: number, show: () => void): boolean;
  drop(part?: string): void;
}

/** A part is asked for a little longer than it is shown: turning back and forth costs nothing. */
const LINGER = 2_000;

export class Live {
  readonly lesson: string;
  you = $state.raw<You | undefined>();
  link = $state<Link>('joining');
  /** Why it was shut: the server's word, or "". */
  why = $state('');
  /** Times of coming back, so that a screen can say it once. */
  returns = $state(0);
  /** A command of an earlier page load, or of a tab that is gone, was refused: nobody else will say it. */
  refused = $state.raw<{ code: string; params: Json } | undefined>();

  /** The step that this reader has turned to at his own pace; null follows the stage. */
  looking = $state<string | null>(null);
  /** What this reader holds in his hand (a pen, the laser), one thing at a time. */
  tool = $state<string | null>(null);
  /** Set while a voice is heard here. */
  paced: Paced | undefined;

  #parts = new LiveRecord();
  #mine = new LiveRecord();
  #wants = new Map<string, number>();
  /** What this connection has been asked for. */
  #asked = new Set<string>();
  #hears = new Map<string, Set<Hear>>();
  #clock = new Clock();
  #keep: Keep | undefined;
  #teller: Teller;
  #outbox: Outbox | undefined;
  #socket: Socket;
  #seq = 0;
  #left = 0;

  readonly parts = this.#parts.view;
  readonly mine = this.#mine.view;

  #second = $state(0);
  #beating: ReturnType<typeof setTimeout> | undefined;

  constructor({ lesson, as, ticket, keep = ownStore() }: LiveOptions) {
    this.lesson = lesson;
    this.#keep = keep;
    this.#teller = new Teller(
      (frame) => this.link === 'live' && this.#socket.send(frame),
      (answer) => (this.refused = answer.ok ? undefined : { code: answer.code, params: answer.params }),
    );
    this.#socket = new Socket(
      () => this.#address(as, ticket),
      {
        frame: (frame) => this.#receive(frame),
        open: () => this.#clock.forget(),
        away: () => this.#away(),
        shut: (code) => this.#shut(code),
      },
      () => ({ t: 'want', part: 'lesson' }),
    );
    globalThis.addEventListener?.('pagehide', this.#leave);
  }

  part<T>(name: string): T | undefined {
    return this.#parts.get(name) as T | undefined;
  }

  /** What the lesson is at: `slides.now`. */
  get now(): any {
    return (this.#parts.get('slides') as { now?: unknown } | undefined)?.now;
  }

  /** The step before this reader's eyes. */
  get step(): string | undefined {
    return this.looking ?? this.now?.step;
  }

  /** Server time in ms UTC. Not reactive: read `tick` beside it for a clock that runs. */
  clock(): number {
    return this.#clock.now();
  }

  /** The server's whole seconds; whoever reads it is told every second. */
  get tick(): number {
    if (this.#beating === undefined) this.#beat();
    void this.#second;
    return Math.floor(this.clock() / 1_000);
  }

  /** Seconds since this was true, while the line is away. */
  get age(): number {
    return this.link === 'away' && this.tick ? Math.floor((performance.now() - this.#left) / 1_000) : 0;
  }

  /** Asks for something; never rejects. While away the wish waits here and survives a reload. */
  do<K extends string>(kind: K & Kind<K>, data: Data<K>): Promise<Answer> {
    if (this.link === 'ended' || this.link === 'removed') return Promise.resolve(refusal(this.#closedBy()));
    return this.#teller.tell(freshId(), kind, data);
  }

  /** Whether a wish of this kind waits noticeably: at once while away, else after a moment. */
  pending(kind: string): boolean {
    return this.#teller.pending(kind);
  }

  /** At pointer speed, never stored, may be lost. */
  say(topic: string, data: object): void {
    this.#socket.send({ t: 'say', topic, data });
  }

  hear(topic: string, fn: Hear): () => void {
    const all = this.#hears.get(topic) ?? new Set();
    this.#hears.set(topic, all.add(fn));
    return () => all.delete(fn);
  }

  /** Holds a part that is sent only to those who ask; returns the way to let it go. */
  want(part: string): () => void {
    const count = this.#wants.get(part) ?? 0;
    this.#wants.set(part, count + 1);
    if (count === 0 && this.link === 'live') {
      this.#asked.add(part);
      this.#socket.send({ t: 'want', part });
    }
    let held = true;
    return () => {
      if (held) setTimeout(() => this.#release(part), LINGER);
      held = false;
    };
  }

  stop(): void {
    globalThis.removeEventListener?.('pagehide', this.#leave);
    this.#socket.stop();
    this.#teller.stop();
    clearTimeout(this.#beating);
  }

  #leave = (): void => this.#outbox?.leave();

  /** From the first reader on, at each whole second of the server. */
  #beat(): void {
    this.#beating = setTimeout(() => {
      this.#second += 1;
      this.#beat();
    }, 1_000 - (this.clock() % 1_000));
  }

  #release(part: string): void {
    const count = (this.#wants.get(part) ?? 1) - 1;
    if (count > 0) return void this.#wants.set(part, count);
    this.#wants.delete(part);
    this.#parts.delete(part);
    if (this.link !== 'live') return;
    this.#asked.delete(part);
    this.#socket.send({ t: 'drop', part });
  }

  #address(as?: string, ticket?: string): string {
    const query = new URLSearchParams();
    if (as) query.set('as', as);
    if (this.#seq) query.set('back', String(this.#seq));
    if (ticket) query.set('ticket', ticket);
    // After a break the answer may be what was missed: that helps only with a part that is still held.
    this.#asked = new Set([...this.#wants.keys()].filter((part) => !this.#seq || this.#parts.has(part)));
    if (this.#asked.size) query.set('want', [...this.#asked].join(','));
    const base = `${location.protocol === 'https:' ? 'wss' : 'ws'}://${location.host}/live/${this.lesson}`;
    return `${base}?${query}`.replace(/\?$/, '');
  }

  #receive(frame: Frame): void {
    if (typeof frame.at === 'number') this.#clock.hear(frame.at);
    switch (frame.t) {
      case 'hello': return this.#hello(frame);
      case 'again': return this.#arrive(frame);
      case 'patch': return this.#patch(frame.parts as Record<string, Json>, frame.seq as number, frame.at as number);
      case 'part': return this.#value(frame.part as string, frame.value);
      case 'mine': return this.#ownPatch(frame.patch as Json);
      case 'said': return this.#said(frame);
      case 'bye': return void (this.why = String(frame.code));
      case 'ok': return this.#teller.hear(String(frame.id), { ok: true, seq: frame.seq as number });
      case 'no': return this.#refuse(frame);
    }
  }

  #hello(frame: Frame): void {
    this.paced?.drop();
    this.#parts.replace(frame.parts as Json);
    this.#seq = frame.seq as number;
    this.#arrive(frame);
  }

  /** `again` does not move the place: the patches that follow it do, and the line may break before them. */
  #arrive(frame: Frame): void {
    this.you = frame.you as You;
    this.#mine.replace(frame.mine as Json);
    if (this.link === 'away') this.returns += 1;
    this.link = 'live';
    for (const part of this.#wants.keys()) if (!this.#asked.has(part)) this.#socket.send({ t: 'want', part });
    for (const part of this.#asked) if (!this.#wants.has(part)) this.#socket.send({ t: 'drop', part });
    this.#asked = new Set(this.#wants.keys());
    this.#teller.open((this.#outbox ??= new Outbox(this.#keep, this.lesson, this.you.id, ownTab())));
  }

  #patch(parts: Record<string, Json>, seq: number, at: number): void {
    this.#guard(() => {
      for (const [part, patch] of Object.entries(parts)) this.#inTime(part, at, () => this.#change(part, patch));
      this.#seq = seq;
    });
  }

  #change(part: string, patch: Json): void {
    if (this.#parts.has(part)) this.#parts.set(part, apply(this.#parts.get(part), patch));
  }

  #inTime(part: string, at: number, show: () => void): void {
    if (!this.paced?.put(part, at, () => this.#guard(show))) show();
  }

  #ownPatch(patch: Json): void {
    this.#guard(() => this.#mine.replace(apply(this.#mine.toJSON(), patch)));
  }

  #value(part: string, value: unknown): void {
    this.paced?.drop(part);
    if (this.#wants.has(part)) this.#parts.set(part, value);
  }

  #said(frame: Frame): void {
    const topic = frame.topic as string;
    this.#inTime(topic, this.clock(), () => this.#hears.get(topic)?.forEach((fn) => fn(frame.data as Json, String(frame.from))));
  }

  #refuse(frame: Frame): void {
    const answer = refusal(String(frame.code), (frame.params ?? {}) as Json);
    if (typeof frame.id === 'string') this.#teller.hear(frame.id, answer);
  }

  /** A patch that cannot be right: forget the place and begin again from a whole state. */
  #guard(act: () => void): void {
    try {
      act();
    } catch (error) {
      console.error(error);
      this.#seq = 0;
      this.#socket.restart();
    }
  }

  #away(): void {
    if (this.link === 'live') {
      this.#left = performance.now();
      this.link = 'away';
    }
    this.#teller.away();
  }

  #shut(code: number): void {
    this.link = code === 4410 ? 'ended' : 'removed';
    this.#teller.close(refusal(this.#closedBy()));
  }

  #closedBy(): string {
    return this.why || (this.link === 'ended' ? 'lesson.ended' : 'not_a_member');
  }
}
