// Which codec a picture is sent in, by asking the browser. The server never encodes anew, so what a viewer cannot decode is
// left out and the next is taken.
import type { Rung } from './ladder';
import { CAMERA, sized, START } from './ladder';

export interface Codec {
  codec: string;
  scalabilityMode?: string;
  hardwareAcceleration?: HardwareAcceleration;
}

/** Best first. Constrained baseline is what every phone decodes; in software VP9 is cheaper for the same picture. */
const CANDIDATES: readonly Codec[] = [
  { codec: 'avc1.42E01F', scalabilityMode: 'L1T2', hardwareAcceleration: 'prefer-hardware' },
  { codec: 'avc1.42E01F', hardwareAcceleration: 'prefer-hardware' },
  { codec: 'vp09.00.31.08', scalabilityMode: 'L1T2' },
  { codec: 'vp8', scalabilityMode: 'L1T2' },
  { codec: 'vp8' },
  { codec: 'avc1.42E01F' },
];

/** These codecs say in their names how large a picture may be: up to 720 lines above, 1080 lines here. */
const LARGE: Readonly<Record<string, string>> = { 'avc1.42E01F': 'avc1.42E028', 'vp09.00.31.08': 'vp09.00.40.08' };

type Supported = (config: VideoEncoderConfig) => Promise<boolean>;

/** The first that the browser encodes and no viewer has said he cannot decode; undefined when none is left. */
export async function choose(supported: Supported, refused: ReadonlySet<string> = new Set(), rung: Rung = CAMERA[START]): Promise<Codec | undefined> {
  for (const one of CANDIDATES) {
    if (!refused.has(one.codec) && (await supported(settings(one, 960, 540, rung)))) return one;
  }
  return undefined;
}

export async function isSupported(config: VideoEncoderConfig): Promise<boolean> {
  try {
    return (await VideoEncoder.isConfigSupported(config)).supported === true;
  } catch {
    return false;
  }
}

/** What the encoder is told for a picture of this size on this rung. */
export function settings(codec: Codec, width: number, height: number, rung: Rung, text = false): VideoEncoderConfig {
  const size = sized(width, height, rung.height);
  const large = size.width * size.height > 1280 * 720;
  const avc = codec.codec.startsWith('avc1') ? { avc: { format: 'avc' as const } } : {};
  return {
    ...codec,
    codec: large ? (LARGE[codec.codec] ?? codec.codec) : codec.codec,
    ...avc,
    ...size,
    bitrate: rung.bits,
    framerate: rung.rate,
    latencyMode: 'realtime',
    ...(text ? { contentHint: 'text' } : {}),
  };
}
