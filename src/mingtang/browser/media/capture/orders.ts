// What a page and its encoders say to each other. `id` is a source of the page, not a track: that number is put in at sending.
import type { Codec } from './codecs';
import type { Look } from './picture';

export type Order =
  | { do: 'picture'; id: number; codec: Codec; look: Look; most: number; saving: boolean; from?: ReadableStream<VideoFrame> }
  | { do: 'sound'; id: number; bits: number; span: number; meter: boolean; from?: ReadableStream<AudioData>; port?: MessagePort }
  /** The pictures of another source once more, for those to whom they are tiles. */
  | { do: 'small'; id: number; of: number; codec: Codec }
  /** Another device goes on in the place of the one before. */
  | { do: 'from'; id: number; from?: ReadableStream<VideoFrame | AudioData>; port?: MessagePort }
  /** One picture, where the browser has no stream of them. */
  | { do: 'frame'; id: number; frame: VideoFrame }
  | { do: 'key'; id: number }
  | { do: 'codec'; id: number; codec: Codec }
  | { do: 'span'; id: number; span: number }
  | { do: 'pressure'; id: number; waiting: number; refused: boolean }
  | { do: 'clock'; ahead: number }
  | { do: 'stop'; id: number };

export type Told =
  /** A whole object without its track and number, or the configuration for those that follow. */
  | { id: number; data: ArrayBuffer }
  | { id: number; level: number }
  | { id: number; failed: string };

/** A block of samples as the worklet gives it: of one channel, with the time of its end on the page's clock, in ms. */
export interface Block {
  samples: Float32Array<ArrayBuffer>;
  rate: number;
  end: number;
}
