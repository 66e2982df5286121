// Makes objects of the sound of one source: Opus, one channel, 48 kHz, with the loudness of each piece. Or only its loudness.
import { pack, SOUND } from '../object';
import { Moments } from './moments';
import type { Block } from './orders';
import { configuration } from './picture';
import { Cutter, level, mono, RATE, Resampler, SILENCE, type Piece } from './samples';

interface Way {
  give(data: ArrayBuffer): void;
  level(level: number): void;
  failed(why: string): void;
  /** The lesson's clock. */
  now(): number;
}

export class Sound {
  #encoder: AudioEncoder | undefined;
  #moments = new Moments();
  #resampler: Resampler | undefined;
  #cutter: Cutter;
  #waiting: { time: number; level: number; span: number }[] = [];
  #stamp = 0;
  #told = 0;

  /** `meter`: nothing is encoded. */
  constructor(private span: number, private readonly bits: number, meter: boolean, private readonly way: Way) {
    this.#cutter = new Cutter(span);
    if (meter) return;
    this.#encoder = new AudioEncoder({ output: (chunk) => this.#made(chunk), error: (error) => way.failed(error.message) });
    this.#configure();
  }

  /** Another length of the pieces: short where people answer one another, long where one speaks. */
  spans(span: number): void {
    if (span === this.span || !this.#encoder) return;
    this.span = span;
    this.#cutter.span = span;
    this.#configure();
  }

  /** Samples as the browser gives them; closes them. */
  take(data: AudioData): void {
    const channels = Array.from({ length: data.numberOfChannels }, (_, n) => {
      const samples = new Float32Array(data.numberOfFrames);
      data.copyTo(samples, { planeIndex: n, format: 'f32-planar' });
      return samples;
    });
    const [long, rate] = [(data.numberOfFrames / data.sampleRate) * 1_000, data.sampleRate];
    const end = data.timestamp / 1_000 + long;
    data.close();
    this.#take(mono(channels), rate, end);
  }

  block({ samples, rate, end }: Block): void {
    this.#take(samples, rate, end);
  }

  stop(): void {
    if (this.#encoder && this.#encoder.state !== 'closed') this.#encoder.close();
  }

  #take(samples: Float32Array<ArrayBuffer>, rate: number, end: number): void {
    if (this.#resampler?.from !== rate) this.#resampler = new Resampler(rate);
    const time = this.#moments.at(end, this.way.now()) - (samples.length / rate) * 1_000;
    for (const piece of this.#cutter.take(this.#resampler.take(samples), time)) this.#piece(piece);
  }

  #piece({ samples, time }: Piece): void {
    const loud = level(samples);
    this.way.level(loud);
    if (this.#encoder?.state !== 'configured') return;
    this.#waiting.push({ time, level: loud, span: this.span });
    this.#encoder.encode(new AudioData({
      format: 'f32-planar', sampleRate: RATE, numberOfFrames: samples.length, numberOfChannels: 1, timestamp: this.#stamp, data: samples,
    }));
    this.#stamp += this.span * 1_000;
  }

  #configure(): void {
    this.#encoder!.configure({
      codec: 'opus', sampleRate: RATE, numberOfChannels: 1, bitrate: this.bits,
      opus: { frameDuration: this.span * 1_000, application: 'voip', signal: 'voice' } as OpusEncoderConfig,
    });
    this.#told = 0;
  }

  /** One packet comes out for each piece that went in, in their order. */
  #made(chunk: EncodedAudioChunk): void {
    const piece = this.#waiting.shift() ?? { time: this.way.now(), level: SILENCE, span: this.span };
    if (!this.#told) this.way.give(configuration({ codec: 'opus', sampleRate: RATE, numberOfChannels: 1 }, Math.floor(piece.time)));
    this.#told += 1;
    const payload = new Uint8Array(chunk.byteLength);
    chunk.copyTo(payload);
    const head = { kind: SOUND, track: 0, seq: 0, time: Math.floor(piece.time), key: true, layer: 0, level: piece.level, span: piece.span };
    this.way.give(pack(head, payload));
  }
}
