// The decoder path seen from the page: objects go to a worker, its samples to a mixer, its pictures into canvases here.
import { SOUND, type MediaObject } from '../object';
import type { Rewinder, Shown, Stats } from '../renderer';
import mixerAt from './worklet?worker&url';
import { wall, type FromWorker, type Heard, type Place, type Report, type Seen, type ToWorker, type ToWorklet } from './talk';

const STATS_MS = 250;

export class Playback implements Rewinder {
  onstats = (_: Stats): void => {};
  onkey = (_: number): void => {};
  oncannot = (_: number, _codec: string): void => {};
  #worker = new Worker(new URL('./decode.ts', import.meta.url), { type: 'module', name: 'media' });
  #context: AudioContext | undefined;
  #mixer: AudioWorkletNode | undefined;
  #built: Promise<void> | undefined;
  #sounds: readonly number[] = [];
  #mixed: readonly number[] | undefined;
  #volume = 1;
  #place: Place | undefined;
  #heard = new Map<number, Heard>();
  #told = 0;
  #gap = 0;
  #seen: Seen[] = [];
  #canvases = 0;
  #stopped = false;
  #telling = setInterval(() => this.onstats(this.stats), STATS_MS);

  /** `now` is the lesson's clock; it is of no use to a recording, which says itself where it is. */
  constructor(private readonly now: () => number = wall) {
    this.#worker.onmessage = ({ data }) => this.#hearWorker(data as FromWorker);
    // Where nobody has touched the page yet a browser would refuse, and say so on its console.
    if (navigator.userActivation?.hasBeenActive) void this.unlock();
  }

  get stats(): Stats {
    const voices = this.#sounds.flatMap((track) => this.#heard.get(track) ?? []).filter((voice) => !voice.waits);
    const gap = this.#gap;
    this.#gap = 0;
    return {
      locked: this.#context?.state !== 'running',
      delay: Math.max(0, ...voices.map((voice) => this.delay(voice.track) ?? 0)),
      jitter: Math.max(0, ...voices.map((voice) => voice.jitter)),
      gap,
      behind: Math.max(0, ...this.#seen.map((one) => one.behind)),
      skew: this.#seen.find((one) => one.skew !== undefined)?.skew,
    };
  }

  /** From capture to the ear, of one sound; undefined while it is not heard. */
  delay(track: number): number | undefined {
    const voice = this.#heard.get(track);
    if (!voice || voice.waits || Number.isNaN(voice.at)) return undefined;
    return this.now() - (voice.at + wall() - this.#told) + this.#latency;
  }

  take(object: MediaObject, old = false): void {
    if (object.kind === SOUND && !this.#mixer) return;
    this.#tell({ t: 'take', object, old }, [object.payload.buffer]);
  }

  follow(sounds: readonly number[], pictures: ReadonlyMap<number, number | undefined>): void {
    this.#sounds = sounds;
    this.#tell({ t: 'follow', sounds, pictures: [...pictures] });
    this.#mix({ t: 'follow', tracks: sounds });
  }

  mix(sounds: readonly number[]): void {
    this.#mixed = sounds;
    this.#mix({ t: 'heard', tracks: sounds });
  }

  show(track: number, place: HTMLElement): Shown {
    const id = (this.#canvases += 1);
    const canvas = place.ownerDocument.createElement('canvas');
    place.append(canvas);
    const offscreen = canvas.transferControlToOffscreen();
    this.#tell({ t: 'canvas', id, track, canvas: offscreen }, [offscreen]);
    return {
      to: (next) => this.#tell({ t: 'turn', id, track: next }),
      away: () => {
        this.#tell({ t: 'away', id });
        canvas.remove();
      },
    };
  }

  /** Of a recording: where it is, how fast it goes, and whether it goes. */
  place(at: number, rate: number, on: boolean): void {
    this.#place = { at, when: wall(), rate, on };
    this.#tell({ t: 'place', place: this.#place });
    this.#mix({ t: 'place', at: at + this.#latency * rate, rate, on });
  }

  /** No recording any more: what was heard of it is caught up with, not left out. */
  live(): void {
    this.#place = undefined;
    this.#tell({ t: 'place', place: undefined });
    this.#mix({ t: 'live' });
  }

  /** All that came before is not to be shown or heard any more. */
  reset(): void {
    this.#tell({ t: 'reset' });
  }

  async unlock(): Promise<boolean> {
    if (this.#stopped) return false;
    this.#context ??= new AudioContext({ sampleRate: 48_000, latencyHint: 'interactive' });
    await Promise.all([this.#context.resume(), this.#mixer ?? this.#build(this.#context)]);
    return this.#context.state === 'running';
  }

  volume(share: number): void {
    this.#volume = share;
    this.#mix({ t: 'volume', share });
  }

  stop(): void {
    this.#stopped = true;
    clearInterval(this.#telling);
    this.#worker.terminate();
    void this.#context?.close();
  }

  get #latency(): number {
    const { outputLatency = 0, baseLatency = 0 } = this.#context ?? {};
    return (outputLatency || baseLatency) * 1_000;
  }

  #build(context: AudioContext): Promise<void> {
    return (this.#built ??= context.audioWorklet.addModule(mixerAt).then(() => this.#connect(context)));
  }

  #connect(context: AudioContext): void {
    if (this.#stopped) return;
    const mixer = new AudioWorkletNode(context, 'mixer', { numberOfInputs: 0, outputChannelCount: [1] });
    mixer.port.onmessage = ({ data }) => this.#hearMixer(data as Report);
    mixer.connect(context.destination);
    const { port1, port2 } = new MessageChannel();
    this.#mixer = mixer;
    this.#mix({ t: 'decoder', port: port1 }, [port1]);
    this.#tell({ t: 'sound', port: port2 }, [port2]);
    this.#mix({ t: 'follow', tracks: this.#sounds });
    this.#mix({ t: 'volume', share: this.#volume });
    if (this.#mixed) this.#mix({ t: 'heard', tracks: this.#mixed });
    if (this.#place) this.place(this.#place.at + (this.#place.on ? (wall() - this.#place.when) * this.#place.rate : 0), this.#place.rate, this.#place.on);
  }

  #hearMixer({ voices }: Report): void {
    this.#told = wall();
    this.#heard = new Map(voices.map((voice) => [voice.track, voice]));
    this.#gap = Math.max(this.#gap, ...voices.map((voice) => voice.gap));
    this.#tell({ t: 'latency', ms: this.#latency });
  }

  #hearWorker(data: FromWorker): void {
    if (data.t === 'key') this.onkey(data.track);
    else if (data.t === 'cannot') this.oncannot(data.track, data.codec);
    else this.#seen = data.pictures;
  }

  #tell(message: ToWorker, transfer: Transferable[] = []): void {
    this.#worker.postMessage(message, transfer);
  }

  #mix(message: ToWorklet, transfer: Transferable[] = []): void {
    this.#mixer?.port.postMessage(message, transfer);
  }
}
