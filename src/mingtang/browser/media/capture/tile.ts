// The small rendition of a camera: a track of its own, for those to whom the picture is a tile. It is made of the same
// pictures and lives no longer than the camera's track, with which the log ends it.
import type { Live } from '@/live.svelte';
import { choose, isSupported, type Codec } from './codecs';
import type { Encoded, Small } from './encoders';
import { Gate } from './gate';
import { SMALL } from './ladder';
import { begin, type Source } from './tracks';

export class Tile {
  #gate: Gate | undefined;
  #encoded: Small | undefined;
  #codec: Codec | undefined;
  #refused = new Set<string>();
  #stopped = false;

  constructor(
    private readonly live: Live,
    private readonly publish: (data: ArrayBuffer) => boolean,
    private readonly camera: Encoded,
    private readonly source: Source,
  ) {
    void this.#begin();
  }

  get track(): number | undefined {
    return this.#gate?.track;
  }

  get encoded(): Small | undefined {
    return this.#encoded;
  }

  /** A viewer cannot decode it, or it cannot be encoded: the next codec, or none. Nobody needs to be told, the large picture is there. */
  async cannot(): Promise<void> {
    if (!this.#codec) return;
    this.#refused.add(this.#codec.codec);
    this.#encoded?.stop();
    this.#gate = this.#encoded = this.#codec = undefined;
    await this.#begin();
  }

  anew(): void {
    this.#gate?.anew();
  }

  press(waiting: number, roomy: boolean): void {
    if (!this.#gate) return;
    this.#encoded?.order({ do: 'pressure', waiting, refused: this.#gate.refused() });
    if (roomy) this.#gate.mend();
  }

  stop(): void {
    this.#stopped = true;
    this.#encoded?.stop();
  }

  async #begin(): Promise<void> {
    const codec = await choose(isSupported, this.#refused, SMALL[SMALL.length - 1]);
    if (!codec || this.#stopped) return;
    const track = await begin(this.live, this.source, codec.codec);
    if (typeof track !== 'number' || this.#stopped) return;
    this.#codec = codec;
    const gate = (this.#gate = new Gate(track, { publish: this.publish, wantKey: () => this.#encoded?.order({ do: 'key' }) }));
    this.#encoded = this.camera.small(codec, { data: (data) => gate.take(data), failed: () => void this.cannot() });
  }
}
