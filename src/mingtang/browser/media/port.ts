// The seam at which another transport may take over what is live: recording, rewind and screens stay as they are.
import type { MediaObject } from './object';

/** What the decoder of a track is to be told (rule O3); `description` is base64. */
export interface Configuration {
  codec: string;
  codedWidth?: number;
  codedHeight?: number;
  sampleRate?: number;
  numberOfChannels?: number;
  description?: string;
}

export interface MediaPort {
  /** The lesson's clock, ms UTC. */
  now(): number;
  /** Sends one whole object of an own track; false when the line is full and the object was not taken. */
  publish(data: ArrayBuffer): boolean;
  /** Which tracks are wanted, with the highest layer of each; the last call counts. */
  subscribe(tracks: ReadonlyMap<number, number>): void;
  /** Objects as they come, in the order of their track. */
  onobject: (object: MediaObject) => void;
  /** A key frame of an own track is asked for. */
  onkey: (track: number) => void;
  askKey(track: number): void;
  /** No decoder here for this track: its publisher may choose another codec. */
  cannot(track: number, codec: string): void;
  /** The line is too slow: of this track only layers up to `layer` come now (-1: none). */
  onlevel: (track: number, layer: number) => void;
  /** What was recorded: the configuration, then the objects from the key at or before `begin` to before `end`. */
  seek(track: number, begin: number, end: number, signal?: AbortSignal): AsyncIterable<MediaObject>;
  close(): void;
}
