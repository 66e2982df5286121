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

interface Packed {
  time: number;
  level: number;
}

export class Sound {
  #encoder: AudioEncoder | undefined;
  #moments = new Moments();
  #resampler: Resampler | undefined;
  #cutter: Cutter;
  #waiting: Packed[] = [];
  #stamp = 0;
  #wish: number;

  /** `meter`: nothing is encoded. */
  constructor(private span: number, private readonly bits: number, meter: boolean, private readonly way: Way) {
    this.#cutter = new Cutter(span);
    this.#wish = span;
    if (!meter) this.#begin();
  }

  /** Another length of the pieces: short where people answer one another, long where one speaks. Told a new length, an
   * encoder goes on with its old one, so another encoder is taken. */
  spans(span: number): void {
    this.#wish = span;
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
    // At a moment when nothing is on its way through the encoder, so that nothing comes out of order.
    if (this.#encoder && this.#wish !== this.span && !this.#waiting.length) this.#turn();
    for (const piece of this.#cutter.take(this.#resampler.take(samples), time)) this.#piece(piece);
  }

  #piece({ samples, time }: Piece): void {
    const loud = level(samples);
    this.way.level(loud);
    if (this.#encoder?.state !== 'configured') return;
    this.#waiting.push({ time, level: loud });
    this.#encoder.encode(new AudioData({
      format: 'f32-planar', sampleRate: RATE, numberOfFrames: samples.length, numberOfChannels: 1, timestamp: this.#stamp, data: samples,
    }));
    this.#stamp += this.span * 1_000;
  }

  #turn(): void {
    this.stop();
    this.span = this.#cutter.span = this.#wish;
    this.#begin();
  }

  #begin(): void {
    const [span, waiting] = [this.span, (this.#waiting = [] as Packed[])];
    let told = false;
    const output = (chunk: EncodedAudioChunk) => {
      const piece = waiting.shift() ?? { time: this.way.now(), level: SILENCE };
      if (!told) this.way.give(configuration({ codec: 'opus', sampleRate: RATE, numberOfChannels: 1 }, Math.floor(piece.time)));
      told = true;
      this.#give(chunk, piece, span);
    };
    this.#encoder = new AudioEncoder({ output, error: (error) => this.way.failed(error.message) });
    this.#encoder.configure({
      codec: 'opus', sampleRate: RATE, numberOfChannels: 1, bitrate: this.bits,
      opus: { frameDuration: span * 1_000, application: 'voip', signal: 'voice' } as OpusEncoderConfig,
    });
  }

  /** One packet comes out for each piece that went in, in their order. */
  #give(chunk: EncodedAudioChunk, { time, level }: Packed, span: number): void {
    const payload = new Uint8Array(chunk.byteLength);
    chunk.copyTo(payload);
    this.way.give(pack({ kind: SOUND, track: 0, seq: 0, time: Math.floor(time), key: true, layer: 0, level, span }, payload));
  }
}
