// What a container is made of: encoded frames on the timeline of one element, and what their decoder is told.
import type { Configuration } from '../port';
import type { Bytes } from './boxes';

/** `at` and `long` are ms on the timeline of the element, not on the lesson's clock. */
export interface Sample {
  at: number;
  long: number;
  key: boolean;
  data: Bytes;
}

export interface Container {
  /** As MediaSource wants it: type and codec. */
  type: string;
  /** What goes before the first piece, and before the first after a change. */
  opening(): Bytes;
  /** A piece that can be appended: no key frame need be in it. */
  piece(samples: readonly Sample[]): Bytes;
}

export function isSound(given: Configuration): boolean {
  return given.sampleRate !== undefined;
}

/** The description of a decoder, from base64; empty where there is none. */
export function description(given: Configuration): Bytes {
  return Uint8Array.from(atob(given.description ?? ''), (sign) => sign.charCodeAt(0));
}
