// The media socket of a page: objects out and in, the lesson's clock, and coming back (docs/build/media.md, rules M1 to M7).
import { read, SOUND, type MediaObject } from './object';
import type { MediaPort } from './port';
import { stored } from './stored';

export type As = 'teacher' | 'student' | 'wall';

/** Closed for good: no sign of who it is, not allowed, no such lesson, ended. */
const FINAL = new Set([4401, 4403, 4404, 4410]);
const [SOONEST, LATEST, LATEST_AWAY, PROMPT_TRIES, STEADY] = [200, 1_500, 5_000, 12, 10_000];
/** Pictures wait for more room than this; sound is let through while there is hope for it. */
const FULL_BYTES = 300_000;
const HOPELESS_BYTES = 1_000_000;
/** The clock is asked a few times at once, then every few seconds, which also tells a dead line from a quiet one. */
const FIRST_ASKS = 5;
const [FIRST_MS, ASK_MS, PATIENCE_MS] = [120, 5_000, 9_000];
const SAMPLES = 12;

/** The lesson's clock from questions and answers: the answer that came soonest is the truest. */
export class Offset {
  #samples: { way: number; ahead: number }[] = [];
  #ahead = Date.now() - performance.now();

  /** `asked` and `heard` are of performance.now(), `at` of the lesson's clock. */
  hear(asked: number, heard: number, at: number): void {
    this.#samples = [...this.#samples, { way: heard - asked, ahead: at - (asked + heard) / 2 }].slice(-SAMPLES);
    this.#ahead = this.#samples.reduce((best, one) => (one.way < best.way ? one : best)).ahead;
  }

  /** The way of the truest answer may have changed: a new line counts anew. */
  forget(): void {
    this.#samples = [];
  }

  set(at: number): void {
    if (!this.#samples.length) this.#ahead = at - performance.now();
  }

  now(): number {
    return performance.now() + this.#ahead;
  }
}

export class Line implements MediaPort {
  onobject: (object: MediaObject) => void = () => undefined;
  onkey: (track: number) => void = () => undefined;
  oncannot: (track: number, codec: string) => void = () => undefined;
  onback: () => void = () => undefined;
  onlevel: (track: number, layer: number) => void = () => undefined;
  online: (open: boolean) => void = () => undefined;

  #clock = new Offset();
  #asked = new Map<number, number>();
  #asks = 0;
  #heard = 0;
  #socket: WebSocket | undefined;
  #seen: ReadonlyMap<number, number> = new Map();
  #tries = 0;
  #opened = 0;
  #closed = false;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #beat: ReturnType<typeof setTimeout> | undefined;

  constructor(readonly lesson: string, readonly as: As, private readonly gone: () => void = () => undefined) {
    globalThis.addEventListener?.('online', this.#nudge);
    this.#connect();
  }

  get isOpen(): boolean {
    return this.#socket?.readyState === WebSocket.OPEN;
  }

  get waiting(): number {
    return this.#socket?.bufferedAmount ?? 0;
  }

  now(): number {
    return this.#clock.now();
  }

  publish(data: ArrayBuffer): boolean {
    const most = new DataView(data).getUint8(0) === SOUND ? HOPELESS_BYTES : FULL_BYTES;
    if (!this.isOpen || this.waiting > most) return false;
    this.#socket!.send(data);
    return true;
  }

  subscribe(tracks: ReadonlyMap<number, number>): void {
    this.#seen = new Map(tracks);
    this.#see();
  }

  askKey(track: number): void {
    this.#say({ t: 'key', track });
  }

  cannot(track: number, codec: string): void {
    this.#say({ t: 'cannot', track, codec });
  }

  seek(track: number, begin: number, end: number, signal?: AbortSignal): AsyncIterable<MediaObject> {
    return stored(this.lesson, track, begin, end, signal);
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    clearTimeout(this.#timer);
    clearTimeout(this.#beat);
    globalThis.removeEventListener?.('online', this.#nudge);
    this.#socket?.close(1000);
    this.#socket = undefined;
    this.gone();
  }

  #say(frame: object): void {
    if (this.isOpen) this.#socket!.send(JSON.stringify(frame));
  }

  #see(): void {
    this.#say({ t: 'see', tracks: Object.fromEntries(this.#seen) });
  }

  #connect(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const base = `${location.protocol === 'https:' ? 'wss' : 'ws'}://${location.host}`;
    const socket = new WebSocket(`${base}/media/${this.lesson}?as=${this.as}`);
    socket.binaryType = 'arraybuffer';
    this.#socket = socket;
    const mine = () => socket === this.#socket;
    socket.onopen = () => mine() && this.#open();
    socket.onmessage = (event) => mine() && this.#receive(event.data as ArrayBuffer | string);
    socket.onclose = (event) => mine() && this.#lose(event.code);
  }

  #open(): void {
    this.#opened = performance.now();
    this.#heard = this.#opened;
    this.#clock.forget();
    this.#asked.clear();
    this.#asks = 0;
    this.#ask();
    if (this.#seen.size) this.#see();
    this.online(true);
    this.onback();
  }

  #receive(data: ArrayBuffer | string): void {
    this.#heard = performance.now();
    if (typeof data === 'string') return this.#hear(JSON.parse(data));
    const object = read(data);
    if (object) this.onobject(object);
  }

  #hear(frame: { t: string; [key: string]: unknown }): void {
    this.#tries = 0;
    switch (frame.t) {
      case 'hello': return this.#clock.set(Number(frame.at));
      case 'clock': return this.#answer(Number(frame.n), Number(frame.at));
      case 'key': return this.onkey(Number(frame.track));
      case 'cannot': return this.oncannot(Number(frame.track), String(frame.codec));
      case 'level': return this.onlevel(Number(frame.track), Number(frame.layer));
    }
  }

  #answer(n: number, at: number): void {
    const asked = this.#asked.get(n);
    if (asked !== undefined) this.#clock.hear(asked, performance.now(), at);
    this.#asked.delete(n);
  }

  /** Asks the clock; a line on which nothing has come for long is dead. */
  #ask(): void {
    clearTimeout(this.#beat);
    if (!this.isOpen) return;
    if (performance.now() - this.#heard > PATIENCE_MS) return this.#lose();
    const n = (this.#asks += 1);
    this.#asked.set(n, performance.now());
    this.#say({ t: 'clock', n });
    this.#beat = setTimeout(() => this.#ask(), n < FIRST_ASKS ? FIRST_MS : ASK_MS);
  }

  #lose(code = 1006): void {
    const socket = this.#socket;
    this.#socket = undefined;
    clearTimeout(this.#beat);
    if (socket && socket.readyState <= WebSocket.OPEN) socket.close();
    if (this.#closed) return;
    this.online(false);
    if (FINAL.has(code)) return this.close();
    this.#later();
  }

  #later(): void {
    if (this.#opened && performance.now() - this.#opened > STEADY) this.#tries = Math.min(this.#tries, 1);
    const most = Math.min(this.#tries < PROMPT_TRIES ? LATEST : LATEST_AWAY, SOONEST * 2 ** (this.#tries + 1));
    this.#tries += 1;
    this.#timer = setTimeout(() => this.#connect(), SOONEST + Math.random() * (most - SOONEST));
  }

  /** Back on the network: the wait is not sat out. */
  #nudge = (): void => {
    if (this.#timer !== undefined) this.#connect();
  };
}

const lines = new Map<string, { line: Line; holders: number }>();

/** The one line of this page for a lesson; each `mediaPort` wants its own `letGo`. */
export function mediaPort(lesson: string, as: As): Line {
  const name = `${as} ${lesson}`;
  const held = lines.get(name) ?? { line: new Line(lesson, as, () => lines.delete(name)), holders: 0 };
  lines.set(name, held);
  held.holders += 1;
  return held.line;
}

/** Closes the line when nobody on this page holds it any more. */
export function letGo(line: Line): void {
  const held = lines.get(`${line.as} ${line.lesson}`);
  if (held?.line === line && (held.holders -= 1) <= 0) line.close();
}
