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

/** Who sends sets `onkey`, `oncannot` and `onback`; who watches sets the others. */
export interface MediaPort {
  /** The lesson's clock, ms UTC. */
  now(): number;
  /** Whether the line stands now. */
  readonly isOpen: boolean;
  /** Bytes that wait here to be sent. */
  readonly waiting: number;
  /** Sends one whole object of an own track; false when the line is full or away and the object was not taken. */
  publish(data: ArrayBuffer): boolean;
  /** Which tracks are wanted, with the highest layer of each; the last call counts. */
  subscribe(tracks: ReadonlyMap<number, number>): void;
  /** Objects as they come, in the order of their track. */
  onobject: (object: MediaObject) => void;
  /** A key frame of an own track is asked for. */
  onkey: (track: number) => void;
  /** A viewer has no decoder for an own track. */
  oncannot: (track: number, codec: string) => void;
  /** The line stands (again): what an own track is must be said anew. */
  onback: () => void;
  /** This viewer is too slow: layers above `layer` are left out of the track, at -1 all of it (rule M6). */
  onlevel: (track: number, layer: number) => void;
  /** The line has come or gone. */
  online: (open: boolean) => void;
  askKey(track: number): void;
  /** There is no decoder here for the codec of this track. */
  cannot(track: number, codec: string): void;
  /** What was recorded: the configuration, then the objects from the key at or before `begin` to before `end`. */
  seek(track: number, begin: number, end: number, signal?: AbortSignal): AsyncIterable<MediaObject>;
  close(): void;
}
