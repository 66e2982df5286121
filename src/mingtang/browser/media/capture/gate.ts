// Between the encoders and the line: numbers the objects of one track, and leaves out what would not be understood because
// something before it could not be sent.
import { CONFIGURATION, PICTURE } from '../object';

interface Way {
  /** False when it was not taken. */
  publish(data: ArrayBuffer): boolean;
  /** A picture is wanted that needs no other. */
  wantKey(): void;
}

export class Gate {
  #seq = 0;
  #configuration: ArrayBuffer | undefined;
  #told = false;
  /** Something was left out: nothing is understood before the next key. */
  #broken = false;
  /** Whether the line has refused anything since it was last asked. */
  #refused = false;

  constructor(private number: number, private readonly way: Way) {}

  get track(): number {
    return this.number;
  }

  /** Goes on as another track; in another `codec`, what comes before its configuration is of the one before. */
  renew(track: number, codec: boolean): void {
    [this.number, this.#seq] = [track, 0];
    if (codec) this.#configuration = undefined;
    this.anew();
  }

  /** The line is a new one, and knows nothing of the track. */
  anew(): void {
    this.#told = false;
    this.#broken = true;
    this.way.wantKey();
  }

  refused(): boolean {
    const was = this.#refused;
    this.#refused = false;
    return was;
  }

  /** Once there is room again. */
  mend(): void {
    if (this.#broken) this.way.wantKey();
  }

  take(data: ArrayBuffer): void {
    const view = new DataView(data);
    const [kind, flags] = [view.getUint8(0), view.getUint8(1)];
    view.setUint16(2, this.number);
    if (kind === CONFIGURATION) return this.#configured(data);
    const [key, layer] = [(flags & 1) === 1, flags >> 1];
    if (this.#broken && !key) return;
    view.setUint32(4, this.#seq);
    if (!this.#tell() || !this.way.publish(data)) return this.#leftOut(kind === PICTURE && layer === 0);
    this.#seq += 1;
    if (key) this.#broken = false;
  }

  /** Nothing needs a picture of an upper layer, or another piece of sound. */
  #leftOut(needed: boolean): void {
    this.#refused = true;
    this.#broken ||= needed;
  }

  #configured(data: ArrayBuffer): void {
    this.#configuration = data;
    this.#told = false;
  }

  /** The configuration goes before what needs it. */
  #tell(): boolean {
    if (this.#told || !this.#configuration) return this.#told;
    const view = new DataView(this.#configuration);
    view.setUint16(2, this.number);
    view.setUint32(4, this.#seq);
    this.#told = this.way.publish(this.#configuration);
    return this.#told;
  }
}
