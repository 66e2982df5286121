// The mixer at the sound card: voices added up, each as late as it must be.
import type { Decoded, Report, ToWorklet } from './talk';
import { RATE } from './ring';
import { Voice } from './voice';

declare const currentTime: number;
declare function registerProcessor(name: string, made: new () => AudioWorkletProcessor): void;
declare abstract class AudioWorkletProcessor {
  readonly port: MessagePort;
  abstract process(inputs: Float32Array[][], outputs: Float32Array[][]): boolean;
}

const MS = RATE / 1_000;
const REPORT_MS = 50;
const EASE = 1 / 480;
/** A recording that is off by more goes to its place at once, else it drifts there. */
const JUMP_MS = 300;

class Mixer extends AudioWorkletProcessor {
  #voices = new Map<number, Voice>();
  #heard: ReadonlySet<number> | undefined;
  #epoch: number | undefined;
  #decoder: MessagePort | undefined;
  #volume = 1;
  #loudness = 1;
  #told = 0;
  /** Of a recording: samples since the epoch, and how far that is from where it should be. */
  #at: number | undefined;
  #off = 0;
  #rate = 1;
  #on = false;

  constructor() {
    super();
    this.port.onmessage = ({ data }) => this.#hear(data as ToWorklet);
  }

  process(_: Float32Array[][], [[out]]: Float32Array[][]): boolean {
    const now = currentTime * 1_000;
    out.fill(0);
    if (this.#at === undefined) for (const voice of this.#voices.values()) voice.live(out, now);
    else if (this.#on) this.#play(out);
    for (let n = 0; n < out.length; n += 1) {
      this.#loudness += Math.max(-EASE, Math.min(EASE, this.#volume - this.#loudness));
      out[n] = Math.max(-1, Math.min(1, out[n] * this.#loudness));
    }
    if (now - this.#told >= REPORT_MS) this.#report(now);
    return true;
  }

  #play(out: Float32Array): void {
    const drift = Math.max(-0.02, Math.min(0.02, this.#off / RATE));
    // At another speed it is stretched anyway, and twice as much is not heard.
    const rate = this.#rate === 1 ? 1 + drift : this.#rate * (1 + 2 * drift);
    for (const voice of this.#voices.values()) voice.recorded(out, this.#at as number, rate);
    this.#at = (this.#at as number) + out.length * rate;
    this.#off -= out.length * (rate - this.#rate);
  }

  #report(now: number): void {
    this.#told = now;
    const voices = [...this.#voices].map(([track, voice]) => {
      const at = (this.#at ?? voice.head) / MS + (this.#epoch ?? 0);
      const told = { track, at, delay: voice.delay(now), jitter: voice.jitter.spread, gap: voice.gap, waits: voice.waits };
      voice.gap = 0;
      return told;
    });
    const report: Report = { now, voices };
    this.port.postMessage(report);
    this.#decoder?.postMessage(report);
  }

  #hear(data: ToWorklet): void {
    switch (data.t) {
      case 'decoder': return this.#listen(data.port);
      case 'follow': return this.#follow(new Set(data.tracks));
      case 'heard': return this.#choose(new Set(data.tracks));
      case 'place': return this.#place(data.at, data.rate, data.on);
      case 'volume': return void (this.#volume = data.share);
      case 'live': return this.#live();
    }
  }

  #listen(port: MessagePort): void {
    this.#decoder = port;
    port.onmessage = ({ data }) => this.#take(data as Decoded);
  }

  #take(decoded: Decoded): void {
    if (decoded === 'reset') return this.#voices.forEach((voice) => voice.reset());
    const { track, time, samples, follows, old } = decoded;
    this.#epoch ??= time;
    this.#voices.get(track)?.take(time - this.#epoch, samples, follows, currentTime * 1_000, old);
  }

  #follow(tracks: ReadonlySet<number>): void {
    for (const track of this.#voices.keys()) if (!tracks.has(track)) this.#voices.delete(track);
    for (const track of tracks) if (!this.#voices.has(track)) this.#voices.set(track, new Voice());
    this.#choose(this.#heard ?? tracks);
  }

  #choose(tracks: ReadonlySet<number>): void {
    this.#heard = tracks;
    for (const [track, voice] of this.#voices) voice.heard = tracks.has(track);
  }

  #live(): void {
    if (this.#at !== undefined) for (const voice of this.#voices.values()) voice.catchUp();
    this.#at = undefined;
  }

  #place(at: number, rate: number, on: boolean): void {
    this.#epoch ??= at;
    const place = (at - this.#epoch) * MS;
    if (this.#at === undefined || Math.abs(place - this.#at) > JUMP_MS * MS || rate !== this.#rate || on !== this.#on) this.#at = place;
    this.#off = place - this.#at;
    this.#rate = rate;
    this.#on = on;
  }
}

registerProcessor('mixer', Mixer);
