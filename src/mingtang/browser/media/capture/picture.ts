// Makes objects of the pictures of one source: in a worker, at the rate and size that there is a way for.
import { CONFIGURATION, pack, PICTURE } from '../object';
import type { Configuration } from '../port';
import { settings, type Codec } from './codecs';
import { CAMERA, Ladder, SCREEN, sized, SMALL, type Rung } from './ladder';
import { Moments } from './moments';

/** A group: so often there is a picture that needs no other. */
const GROUP_MS = 2_000;
/** Pictures that wait to be encoded; the next is left out. */
const MOST_WAITING = 3;
/** A picture that stands still is sent again, for those who come and for the letters to become clear. */
const STILL_MS = 1_000;
const LOOK_MS = 1_000;
const MOST_TIMES = 120;

/** What a picture is looked at for. */
export type Look = 'face' | 'text' | 'tile';
const RUNGS: Readonly<Record<Look, readonly Rung[]>> = { face: CAMERA, text: SCREEN, tile: SMALL };

export interface Shape {
  codec: Codec;
  look: Look;
  /** The highest rung. */
  most: number;
  saving: boolean;
}

interface Way {
  give(data: ArrayBuffer): void;
  failed(why: string): void;
  /** The lesson's clock. */
  now(): number;
}

export class Picture {
  #encoder: VideoEncoder;
  #codec: Codec;
  #ladder: Ladder;
  #moments = new Moments();
  #times = new Map<number, number>();
  #last: VideoFrame | undefined;
  #size = '';
  #wantsKey = true;
  #keyed = -Infinity;
  #taken = -Infinity;
  #stamp = 0;
  #counts = { taken: 0, skipped: 0 };
  #line = { waiting: 0, refused: false };
  #looked = 0;
  #still: ReturnType<typeof setInterval>;

  constructor(private readonly shape: Shape, private readonly way: Way) {
    this.#ladder = new Ladder(RUNGS[shape.look], shape.most, shape.saving);
    this.#codec = shape.codec;
    this.#encoder = this.#made();
    this.#still = setInterval(() => this.#again(), STILL_MS / 2);
  }

  /** Goes on in another codec. */
  recode(codec: Codec): void {
    if (this.#encoder.state !== 'closed') this.#encoder.close();
    [this.#codec, this.#size, this.#wantsKey] = [codec, '', true];
    this.#encoder = this.#made();
  }

  key(): void {
    this.#wantsKey = true;
    if (this.#last && this.way.now() - this.#taken > STILL_MS / 4) this.#again(0);
  }

  pressed(waiting: number, refused: boolean): void {
    this.#line = { waiting, refused: this.#line.refused || refused };
  }

  /** Takes one picture as its device gave it, and closes it. */
  take(frame: VideoFrame): void {
    const now = this.way.now();
    const time = this.#moments.at(frame.timestamp / 1_000, now);
    this.#look(now);
    if (time - this.#taken < (1_000 / this.#ladder.rung.rate) * 0.8) return frame.close();
    this.#encode(frame, time);
    this.#last?.close();
    this.#last = frame;
  }

  stop(): void {
    clearInterval(this.#still);
    this.#last?.close();
    this.#last = undefined;
    if (this.#encoder.state !== 'closed') this.#encoder.close();
  }

  /** The last picture once more, when nothing has come for a while. */
  #again(after = STILL_MS): void {
    const now = this.way.now();
    if (this.#last && now - this.#taken >= after) this.#encode(this.#last, Math.floor(now), this.#wantsKey);
  }

  #encode(frame: VideoFrame, time: number, key = this.#wantsKey || time - this.#keyed >= GROUP_MS): void {
    if (this.#encoder.state === 'closed') return;
    if (this.#encoder.encodeQueueSize >= MOST_WAITING) return void (this.#counts.skipped += 1);
    const fresh = this.#fit(frame);
    this.#counts.taken += 1;
    this.#taken = time;
    this.#stamp = Math.max(this.#stamp + 1, Math.round(time * 1_000));
    this.#times.set(this.#stamp, Math.floor(time));
    const stamped = new VideoFrame(frame, { timestamp: this.#stamp });
    this.#encoder.encode(stamped, { keyFrame: key || fresh });
    stamped.close();
    if (key || fresh) [this.#keyed, this.#wantsKey] = [time, false];
    if (this.#times.size > MOST_TIMES) this.#times.delete(this.#times.keys().next().value!);
  }

  /** Tells the encoder a new size or rung; true when it has begun anew, with a key. */
  #fit(frame: VideoFrame): boolean {
    const { displayWidth, displayHeight } = frame;
    const rung = this.#ladder.rung;
    const size = sized(displayWidth, displayHeight, rung.height);
    const name = `${size.width} ${size.height} ${rung.rate} ${rung.bits}`;
    if (name === this.#size) return false;
    this.#size = name;
    this.#encoder.configure(settings(this.#codec, displayWidth, displayHeight, rung, this.shape.look === 'text'));
    return true;
  }

  #look(now: number): void {
    if (now - this.#looked < LOOK_MS) return;
    this.#looked = now;
    this.#ladder.look({ ...this.#counts, ...this.#line }, now);
    this.#counts = { taken: 0, skipped: 0 };
    this.#line = { ...this.#line, refused: false };
  }

  #made(): VideoEncoder {
    return new VideoEncoder({
      output: (chunk, about) => this.#give(chunk, about),
      error: (error) => this.way.failed(error.message),
    });
  }

  #give(chunk: EncodedVideoChunk, about?: EncodedVideoChunkMetadata): void {
    const time = this.#times.get(chunk.timestamp) ?? Math.floor(this.way.now());
    this.#times.delete(chunk.timestamp);
    if (about?.decoderConfig) this.way.give(configuration(about.decoderConfig, time));
    const payload = new Uint8Array(chunk.byteLength);
    chunk.copyTo(payload);
    const layer = Math.min(3, about?.svc?.temporalLayerId ?? 0);
    this.way.give(pack({ kind: PICTURE, track: 0, seq: 0, time, key: chunk.type === 'key', layer, level: 127, span: 0 }, payload));
  }
}

/** Rule O3. */
export function configuration(config: VideoDecoderConfig | AudioDecoderConfig, time: number): ArrayBuffer {
  const { codec } = config;
  const told: Configuration = 'sampleRate' in config
    ? { codec, sampleRate: config.sampleRate, numberOfChannels: config.numberOfChannels }
    : { codec, codedWidth: config.codedWidth, codedHeight: config.codedHeight, ...described(config.description) };
  const payload = new TextEncoder().encode(JSON.stringify(told));
  return pack({ kind: CONFIGURATION, track: 0, seq: 0, time, key: true, layer: 0, level: 127, span: 0 }, payload);
}

function described(description?: AllowSharedBufferSource): { description?: string } {
  if (!description) return {};
  const bytes = ArrayBuffer.isView(description)
    ? new Uint8Array(description.buffer, description.byteOffset, description.byteLength)
    : new Uint8Array(description);
  return { description: btoa(String.fromCharCode(...bytes)) };
}
