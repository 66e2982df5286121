// One track of pictures: kept encoded until shortly before its turn, decoded, and shown when the sound that it goes with is
// at the ear. A picture may be a little early, never late on purpose.
import type { Configuration } from '../port';
import type { MediaObject } from '../object';
import { bytesOf } from './sound';
import type { Seen } from './talk';

/** Light is faster than sound, and eyes expect it. */
const LEAD_MS = 40;
/** Decoded so long before its turn, and no more than this many: each is a whole picture in memory. */
const AHEAD_MS = 150;
const MOST_READY = 6;
const MOST_DECODING = 6;
/** Later than this an upper layer is left out up to the next key: this machine is too slow for it. */
const LATE_MS = 120;
const BEST_OF_MS = 30_000;
/** When nothing has come for so long, what was measured says nothing any more. */
const SILENT_MS = 3_000;

export interface Outside {
  /** The capture time of the sound at the ear; undefined: there is none, a picture is shown as it comes. */
  ear(): number | undefined;
  /** ms on any steady clock. */
  now(): number;
  draw(frame: VideoFrame): void;
  key(): void;
  cannot(codec: string): void;
}

type Waiting = MediaObject | { configuration: string };

export class Picture {
  #decoder: VideoDecoder | undefined;
  #encoded: Waiting[] = [];
  #ready: VideoFrame[] = [];
  #needsKey = true;
  #without = Infinity;
  #told = '';
  #configured = '';
  #codec = '';
  #timer: ReturnType<typeof setTimeout> | undefined;
  #best = { from: 0, least: Infinity, before: Infinity };
  #behind = 0;
  #shown = 0;
  #came = -Infinity;
  #skew: number | undefined;
  #errors = 0;

  constructor(private readonly outside: Outside) {}

  configure(text: string): void {
    if (text === this.#told) return;
    this.#told = text;
    this.#encoded.push({ configuration: text });
    this.pump();
  }

  take(object: MediaObject): void {
    this.#measure(object);
    // A number that is missing was left out by the relay: a whole layer, or all up to this key (rules O4 and M6).
    if (object.key) this.#needsKey = false;
    if (this.#needsKey) return;
    this.#encoded.push(object);
    this.pump();
  }

  seen(track: number): Seen {
    if (this.outside.now() - this.#came > SILENT_MS) return { track, shown: this.#shown, behind: 0 };
    return { track, shown: this.#shown, skew: this.#skew, behind: this.#behind };
  }

  reset(): void {
    this.#encoded = this.#told ? [{ configuration: this.#told }] : [];
    this.#drop(this.#ready.length);
    this.#needsKey = true;
    this.#shown = 0;
    this.#configured = '';
    this.#codec = '';
    if (this.#decoder?.state === 'configured') this.#decoder.reset();
  }

  close(): void {
    clearTimeout(this.#timer);
    this.#drop(this.#ready.length);
    this.#encoded = [];
    if (this.#decoder && this.#decoder.state !== 'closed') this.#decoder.close();
  }

  /** Decodes what is soon due and shows what is due; called again by itself when the next one is. */
  pump(): void {
    clearTimeout(this.#timer);
    const ear = this.outside.ear();
    this.#skip(ear);
    while (this.#mayDecode(ear)) this.#decode(this.#encoded.shift() as Waiting, ear);
    this.#show(ear);
    const wait = this.#untilNext(ear);
    if (wait !== undefined) this.#timer = setTimeout(() => this.pump(), wait);
  }

  #untilNext(ear: number | undefined): number | undefined {
    if (ear === undefined || (!this.#ready.length && !this.#encoded.length)) return undefined;
    const next = this.#ready.length ? this.#ready[0].timestamp / 1_000 - LEAD_MS - ear : 20;
    return Math.max(1, Math.min(next, 20));
  }

  /** What is behind is not decoded when a key after it is due, too. */
  #skip(ear: number | undefined): void {
    const due = (one: Waiting): boolean => 'time' in one && one.key && (ear === undefined || one.time <= ear + LEAD_MS);
    const last = this.#encoded.findLastIndex(due);
    if (last < MOST_DECODING) return;
    const told = this.#encoded.slice(0, last).findLast((one) => 'configuration' in one);
    this.#encoded.splice(0, last, ...(told ? [told] : []));
  }

  #mayDecode(ear: number | undefined): boolean {
    const next = this.#encoded[0];
    if (!next) return false;
    if ('configuration' in next) return true;
    if ((this.#decoder?.decodeQueueSize ?? 0) >= MOST_DECODING) return false;
    if (ear === undefined) return true;
    return next.time <= ear + LEAD_MS || (this.#ready.length < MOST_READY && next.time <= ear + LEAD_MS + AHEAD_MS);
  }

  #decode(next: Waiting, ear: number | undefined): void {
    if ('configuration' in next) return void (this.#configured = next.configuration);
    if (next.key) this.#without = Infinity;
    else if (next.layer > 0 && ear !== undefined && next.time < ear - LATE_MS) this.#without = Math.min(this.#without, next.layer);
    if (next.layer >= this.#without) return;
    if (next.key && this.#configured && (this.#codec !== this.#configured || this.#decoder?.state !== 'configured')) this.#open();
    if (this.#decoder?.state !== 'configured') return;
    const { key, time, payload } = next;
    try {
      this.#decoder.decode(new EncodedVideoChunk({ type: key ? 'key' : 'delta', timestamp: time * 1_000, data: payload }));
    } catch {
      this.#lose();
    }
  }

  #open(): void {
    this.#codec = this.#configured;
    const { codec, codedWidth, codedHeight, description } = JSON.parse(this.#codec) as Configuration;
    if (!this.#decoder || this.#decoder.state === 'closed') {
      this.#decoder = new VideoDecoder({ output: (frame) => this.#output(frame), error: () => this.#fail(codec) });
      this.#decoder.ondequeue = () => this.pump();
    }
    try {
      const described = description ? { description: bytesOf(description) } : {};
      this.#decoder.configure({ codec, codedWidth, codedHeight, ...described, optimizeForLatency: true });
    } catch {
      this.outside.cannot(codec);
    }
  }

  #fail(codec: string): void {
    this.#errors += 1;
    if (this.#shown === 0 && this.#errors > 1) this.outside.cannot(codec);
    this.#codec = '';
    this.#lose();
  }

  /** It cannot go on before the next key. */
  #lose(): void {
    const key = this.#encoded.findIndex((one) => 'time' in one && one.key);
    const kept = this.#encoded.slice(0, key < 0 ? undefined : key).filter((one) => 'configuration' in one);
    this.#encoded.splice(0, key < 0 ? this.#encoded.length : key, ...kept);
    if (key >= 0) return;
    this.#needsKey = true;
    this.outside.key();
  }

  #output(frame: VideoFrame): void {
    // After a break the group comes again from its key: what was seen is decoded, not shown.
    if (frame.timestamp / 1_000 < this.#shown) frame.close();
    else this.#ready.push(frame);
    this.pump();
  }

  #show(ear: number | undefined): void {
    const last = ear === undefined ? this.#ready.length - 1 : lastDue(this.#ready.map((frame) => frame.timestamp / 1_000), ear + LEAD_MS);
    if (last < 0) return;
    const frame = this.#ready[last];
    this.outside.draw(frame);
    this.#errors = 0;
    this.#shown = frame.timestamp / 1_000;
    this.#skew = ear === undefined ? undefined : ear - this.#shown;
    this.#drop(last + 1);
  }

  #drop(count: number): void {
    for (const frame of this.#ready.splice(0, count)) frame.close();
  }

  /** How much later than the quickest of the last half minute. */
  #measure(object: MediaObject): void {
    const now = this.outside.now();
    const late = now - object.time;
    this.#came = now;
    if (now - this.#best.from > BEST_OF_MS) this.#best = { from: now, least: late, before: this.#best.least };
    this.#best.least = Math.min(this.#best.least, late);
    this.#behind = late - Math.min(this.#best.least, this.#best.before);
  }
}

/** The place of the last time that is due; -1 when none is. */
export function lastDue(times: readonly number[], until: number): number {
  return times.findLastIndex((time) => time <= until);
}
