// What the page, the decoding worker and the sound worklet say to one another. Times are ms on the lesson's clock.
import type { MediaObject } from '../object';

/** Where a recording is: at `at` when the wall clock of this machine was `when` (ms), from there at this speed. */
export interface Place {
  at: number;
  when: number;
  rate: number;
  on: boolean;
}

export type ToWorker =
  | { t: 'sound'; port: MessagePort }
  | { t: 'take'; object: MediaObject; old: boolean }
  | { t: 'follow'; sounds: readonly number[]; pictures: [picture: number, sound: number | undefined][] }
  | { t: 'canvas'; id: number; track: number; canvas: OffscreenCanvas }
  /** The place shows another track from now on. */
  | { t: 'turn'; id: number; track: number }
  | { t: 'away'; id: number }
  | { t: 'place'; place: Place | undefined }
  | { t: 'latency'; ms: number }
  | { t: 'reset' };

export interface Seen {
  track: number;
  /** Capture time of the picture before the eye. */
  shown: number;
  skew?: number;
  behind: number;
}

export type FromWorker =
  | { t: 'key'; track: number }
  | { t: 'cannot'; track: number; codec: string }
  | { t: 'seen'; pictures: Seen[] };

/** Decoded sound, from the worker to the worklet. */
export interface Pcm {
  track: number;
  time: number;
  samples: Float32Array<ArrayBuffer>;
  /** Nothing is missing before it. */
  follows: boolean;
  /** From a recording: when it came says nothing of the line. */
  old: boolean;
}

/** From the worker to the worklet, in the order of the sound that they are among. */
export type Decoded = Pcm | 'reset';

export type ToWorklet =
  | { t: 'decoder'; port: MessagePort }
  | { t: 'follow'; tracks: readonly number[] }
  | { t: 'heard'; tracks: readonly number[] }
  | { t: 'place'; at: number; rate: number; on: boolean }
  /** No recording any more; what was heard of it goes on a little faster until it is live. */
  | { t: 'live' }
  | { t: 'volume'; share: number };

export interface Heard {
  track: number;
  /** Capture time of what leaves the mixer now. */
  at: number;
  delay: number;
  jitter: number;
  gap: number;
  waits: boolean;
}

/** Twenty times a second, to the page and to the worker: `now` is the sound card's clock in ms. */
export interface Report {
  now: number;
  voices: Heard[];
}

/** The wall clock of this machine, the same in a page and its workers, without its jumps. */
export const wall = (): number => performance.timeOrigin + performance.now();
