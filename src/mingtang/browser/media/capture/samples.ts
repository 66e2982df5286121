// Samples of a microphone as they are sent: one channel, 48 kHz, in pieces of equal length, and how loud each is.

export const RATE = 48_000;
export const SILENCE = 127;

/** Loudness in -dBov: 0 the loudest there is, 127 silence (rule O1). */
export function level(samples: Float32Array): number {
  let sum = 0;
  for (const one of samples) sum += one * one;
  const loudness = -10 * Math.log10(sum / samples.length);
  return Number.isFinite(loudness) ? Math.min(SILENCE, Math.max(0, Math.round(loudness))) : SILENCE;
}

/** The mean of all channels. */
export function mono(channels: readonly Float32Array[]): Float32Array<ArrayBuffer> {
  const mixed = new Float32Array(channels[0].length);
  for (const channel of channels) for (let n = 0; n < mixed.length; n += 1) mixed[n] += channel[n] / channels.length;
  return mixed;
}

const HALF = 12;

/** To 48 kHz by a windowed sinc of 24 taps; what comes later may still need the last taps of what came before. */
export class Resampler {
  #kept = new Float32Array(2 * HALF);
  #place = 0;

  constructor(readonly from: number) {}

  take(samples: Float32Array<ArrayBuffer>): Float32Array<ArrayBuffer> {
    if (this.from === RATE) return samples;
    const source = new Float32Array(this.#kept.length + samples.length);
    source.set(this.#kept);
    source.set(samples, this.#kept.length);
    const [step, cut] = [this.from / RATE, Math.min(1, RATE / this.from)];
    const last = source.length - 2 * HALF;
    const made = new Float32Array(Math.max(0, Math.ceil((last - this.#place) / step)));
    for (let n = 0; n < made.length; n += 1) made[n] = around(source, this.#place + n * step + HALF, cut);
    this.#place += made.length * step - last;
    this.#kept = source.slice(last);
    return made;
  }
}

function around(source: Float32Array, place: number, cut: number): number {
  const first = Math.floor(place) - HALF + 1;
  let sum = 0;
  for (let tap = first; tap < first + 2 * HALF; tap += 1) {
    const away = place - tap;
    sum += (source[tap] ?? 0) * cut * sinc(away * cut) * (0.5 + 0.5 * Math.cos((Math.PI * away) / HALF));
  }
  return sum;
}

const sinc = (x: number) => (Math.abs(x) < 1e-6 ? 1 : Math.sin(Math.PI * x) / (Math.PI * x));

export interface Piece {
  samples: Float32Array<ArrayBuffer>;
  /** When its first sample was captured, ms on the lesson's clock. */
  time: number;
}

/** A clock that differs by more has lost or won samples; less is evened out bit by bit. */
const TORN_MS = 60;
const EVENING = 0.05;

/** Cuts what comes in any size into pieces of one length, each with its time. */
export class Cutter {
  #held = new Float32Array(0);
  #time = 0;

  constructor(public span: number) {}

  /** `time`: of the first sample of these. */
  *take(samples: Float32Array, time: number): Generator<Piece> {
    const follows = this.#time + (this.#held.length / RATE) * 1_000;
    const off = time - follows;
    if (Math.abs(off) > TORN_MS) [this.#held, this.#time] = [new Float32Array(0), time];
    else this.#time += off * EVENING;
    const all = new Float32Array(this.#held.length + samples.length);
    all.set(this.#held);
    all.set(samples, this.#held.length);
    const size = (this.span * RATE) / 1_000;
    let at = 0;
    for (; at + size <= all.length; at += size, this.#time += this.span) yield { samples: all.slice(at, at + size), time: this.#time };
    this.#held = all.slice(at);
  }
}
