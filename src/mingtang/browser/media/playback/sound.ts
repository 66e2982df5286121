// One track of sound on its way from objects to samples.
import type { Configuration } from '../port';
import type { MediaObject } from '../object';
import type { Pcm } from './talk';

type Put = (pcm: Omit<Pcm, 'track'>) => void;

export class Sound {
  #decoder: AudioDecoder | undefined;
  #seq: number | undefined;
  /** Of each object that is being decoded: whether it follows the one before, and is not live. */
  #coming: { follows: boolean; old: boolean }[] = [];
  #told = '';

  constructor(
    private readonly put: Put,
    private readonly cannot: (codec: string) => void,
  ) {}

  configure(text: string): void {
    if (text === this.#told && this.#decoder?.state === 'configured') return;
    this.#told = text;
    this.close();
    const { codec, sampleRate = 48_000, numberOfChannels = 1, description } = JSON.parse(text) as Configuration;
    this.#decoder = new AudioDecoder({ output: (data) => this.#output(data), error: () => this.#again() });
    try {
      this.#decoder.configure({ codec, sampleRate, numberOfChannels, ...(description ? { description: bytesOf(description) } : {}) });
    } catch {
      this.cannot(codec);
    }
  }

  take(object: MediaObject, old: boolean): void {
    if (this.#decoder?.state !== 'configured') return;
    this.#coming.push({ follows: this.#seq !== undefined && object.seq === this.#seq + 1, old });
    this.#seq = object.seq;
    this.#decoder.decode(new EncodedAudioChunk({ type: 'key', timestamp: object.time * 1_000, data: object.payload }));
  }

  /** What comes next does not follow what came; it is of the same kind. */
  reset(): void {
    if (this.#told) this.#again();
  }

  close(): void {
    if (this.#decoder && this.#decoder.state !== 'closed') this.#decoder.close();
    this.#coming = [];
    this.#seq = undefined;
  }

  /** Each sound stands for itself: the next one may be whole. */
  #again(): void {
    const told = this.#told;
    this.#told = '';
    this.configure(told);
  }

  #output(data: AudioData): void {
    const samples = new Float32Array(data.numberOfFrames);
    data.copyTo(samples, { planeIndex: 0, format: 'f32-planar' });
    if (data.numberOfChannels > 1) mixIn(samples, data);
    const { follows, old } = this.#coming.shift() ?? { follows: false, old: true };
    this.put({ time: data.timestamp / 1_000, samples, follows, old });
    data.close();
  }
}

function mixIn(samples: Float32Array, data: AudioData): void {
  const other = new Float32Array(data.numberOfFrames);
  data.copyTo(other, { planeIndex: 1, format: 'f32-planar' });
  for (let n = 0; n < samples.length; n += 1) samples[n] = (samples[n] + other[n]) / 2;
}

export const bytesOf = (base64: string): Uint8Array<ArrayBuffer> => Uint8Array.from(atob(base64), (one) => one.charCodeAt(0));
