// The page's side of the worker: which source is which, and what comes back from them.
import type { Codec } from './codecs';
import type { Order, Told } from './orders';
import type { Look } from './picture';
import { pictures, samples, type Tap } from './taps';

const CLOCK_MS = 2_000;
/** For the worker to let go of what it holds: pictures are memory that only closing gives back. */
const LAST_MS = 1_000;

export interface Hears {
  data?: (data: ArrayBuffer) => void;
  level?: (level: number) => void;
  failed?: (why: string) => void;
}

/** What one source has become in the worker. */
export interface Encoded {
  order(order: { do: 'key' } | { do: 'codec'; codec: Codec } | { do: 'span'; span: number } | { do: 'pressure'; waiting: number; refused: boolean }): void;
  /** Another device goes on in the place of the one before. */
  from(track: MediaStreamTrack): Promise<void>;
  /** The same pictures once more, small. */
  small(codec: Codec, hears: Hears): Small;
  stop(): void;
}

export type Small = Pick<Encoded, 'order' | 'stop'>;

export interface PictureWish {
  codec: Codec;
  look: Look;
  most: number;
  saving: boolean;
}

export class Encoders {
  #worker = new Worker(new URL('./worker.ts', import.meta.url), { type: 'module', name: 'capture' });
  #hears = new Map<number, Hears>();
  #next = 0;
  #beat: ReturnType<typeof setInterval>;

  /** `now` is the lesson's clock. */
  constructor(private readonly now: () => number) {
    this.#worker.onmessage = ({ data }: MessageEvent<Told>) => this.#hear(data);
    this.#tellClock();
    this.#beat = setInterval(() => this.#tellClock(), CLOCK_MS);
  }

  picture(track: MediaStreamTrack, wish: PictureWish, hears: Hears): Encoded {
    const id = this.#id(hears);
    const tap = pictures(track, (frame) => this.#post({ do: 'frame', id, frame }, [frame]));
    this.#post({ do: 'picture', id, ...wish, from: tap.from as ReadableStream<VideoFrame> | undefined }, tap.from ? [tap.from] : []);
    return this.#encoded(id, tap, async (next) => pictures(next, (frame) => this.#post({ do: 'frame', id, frame }, [frame])));
  }

  /** With `meter` only the level is told. */
  async sound(track: MediaStreamTrack, wish: { bits: number; span: number; meter: boolean }, hears: Hears): Promise<Encoded> {
    const id = this.#id(hears);
    const tap = await samples(track);
    this.#post({ do: 'sound', id, ...wish, from: tap.from as ReadableStream<AudioData> | undefined, port: tap.port }, owned(tap));
    return this.#encoded(id, tap, samples);
  }

  stop(): void {
    clearInterval(this.#beat);
    for (const id of this.#hears.keys()) this.#post({ do: 'stop', id });
    this.#hears.clear();
    setTimeout(() => this.#worker.terminate(), LAST_MS);
  }

  #encoded(id: number, first: Tap, open: (track: MediaStreamTrack) => Promise<Tap>): Encoded {
    let tap = first;
    return {
      order: (order) => this.#post({ ...order, id }),
      from: async (track) => {
        tap.close();
        tap = await open(track);
        this.#post({ do: 'from', id, from: tap.from, port: tap.port }, owned(tap));
      },
      small: (codec, hears) => this.#small(id, codec, hears),
      stop: () => {
        tap.close();
        this.#end(id);
      },
    };
  }

  #small(of: number, codec: Codec, hears: Hears): Small {
    const id = this.#id(hears);
    this.#post({ do: 'small', id, of, codec });
    return { order: (order) => this.#post({ ...order, id }), stop: () => this.#end(id) };
  }

  #end(id: number): void {
    this.#hears.delete(id);
    this.#post({ do: 'stop', id });
  }

  #id(hears: Hears): number {
    this.#next += 1;
    this.#hears.set(this.#next, hears);
    return this.#next;
  }

  #hear(told: Told): void {
    const hears = this.#hears.get(told.id);
    if ('data' in told) hears?.data?.(told.data);
    else if ('level' in told) hears?.level?.(told.level);
    else hears?.failed?.(told.failed);
  }

  #tellClock(): void {
    this.#post({ do: 'clock', ahead: this.now() - (performance.timeOrigin + performance.now()) });
  }

  #post(order: Order, owned: Transferable[] = []): void {
    this.#worker.postMessage(order, owned);
  }
}

const owned = (tap: Tap): Transferable[] => [tap.from, tap.port].filter((one) => one !== undefined);
