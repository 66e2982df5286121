// One source that is sent: its device, what encodes it, the gate to its track, and of a camera the same once more, small.
import type { Codec } from './codecs';
import type { Encoded } from './encoders';
import type { Gate } from './gate';
import type { Tile } from './tile';
import type { Kind } from './tracks';

const ROOMY_BYTES = 60_000;

export class Running {
  tile?: Tile;

  constructor(
    readonly kind: Kind,
    public device: MediaStreamTrack,
    readonly gate: Gate,
    readonly encoded: Encoded,
    public codec?: Codec,
  ) {}

  get track(): number {
    return this.gate.track;
  }

  /** Goes on as another track, also in another codec. */
  renew(track: number, codec = this.codec): void {
    this.gate.renew(track, codec !== this.codec);
    if (codec && codec !== this.codec) this.encoded.order({ do: 'codec', codec });
    this.codec = codec;
  }

  /** The line is a new one, and knows nothing of it. */
  anew(): void {
    this.gate.anew();
    this.tile?.anew();
  }

  /** So many bytes wait for the line. */
  press(waiting: number): void {
    this.encoded.order({ do: 'pressure', waiting, refused: this.gate.refused() });
    if (waiting < ROOMY_BYTES) this.gate.mend();
    this.tile?.press(waiting, waiting < ROOMY_BYTES);
  }

  /** Lets go of its device. */
  stop(): void {
    this.device.onended = null;
    this.device.stop();
    this.tile?.stop();
    this.encoded.stop();
  }
}
