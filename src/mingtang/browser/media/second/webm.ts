// WebM of one track in clusters of known size: for VP8, which MP4 does not carry in browsers, and for sound where a
// browser takes Opus in WebM alone. A cluster whose size is not said makes Firefox wait.
import type { Configuration } from '../port';
import { element, joined, number, u16, u32, type Bytes } from './boxes';
import { isSound, type Container, type Sample } from './sample';

const CODECS: Readonly<Record<string, string>> = { vp8: 'V_VP8', opus: 'A_OPUS' };
const UNKNOWN = [1, 255, 255, 255, 255, 255, 255, 255];

const ID = {
  head: [0x1a, 0x45, 0xdf, 0xa3],
  docType: [0x42, 0x82],
  segment: [0x18, 0x53, 0x80, 0x67],
  info: [0x15, 0x49, 0xa9, 0x66],
  scale: [0x2a, 0xd7, 0xb1],
  muxer: [0x4d, 0x80],
  writer: [0x57, 0x41],
  tracks: [0x16, 0x54, 0xae, 0x6b],
  entry: [0xae],
  number: [0xd7],
  uid: [0x73, 0xc5],
  kind: [0x83],
  codec: [0x86],
  private: [0x63, 0xa2],
  video: [0xe0],
  width: [0xb0],
  height: [0xba],
  audio: [0xe1],
  rate: [0xb5],
  channels: [0x9f],
  cluster: [0x1f, 0x43, 0xb6, 0x75],
  time: [0xe7],
  group: [0xa0],
  block: [0xa1],
  long: [0x9b],
  reference: [0xfb],
};

/** Undefined for a codec that is in MP4 here. */
export function webm(given: Configuration): Container | undefined {
  const codec = CODECS[given.codec];
  if (!codec) return undefined;
  return {
    type: `${isSound(given) ? 'audio' : 'video'}/webm; codecs="${given.codec}"`,
    opening: () => joined(head(), ID.segment, UNKNOWN, info(), element(ID.tracks, entry(given, codec))),
    piece: cluster,
  };
}

function head(): Bytes {
  return element(ID.head, element(ID.docType, 'webm'));
}

/** Times are ms. */
function info(): Bytes {
  return element(ID.info, element(ID.scale, number(1_000_000)), element(ID.muxer, 'mingtang'), element(ID.writer, 'mingtang'));
}

function entry(given: Configuration, codec: string): Bytes {
  const named = joined(element(ID.number, [1]), element(ID.uid, [1]), element(ID.codec, codec));
  return element(ID.entry, named, ...(isSound(given) ? soundOf(given) : pictureOf(given)));
}

function pictureOf(given: Configuration): Bytes[] {
  const size = joined(element(ID.width, number(given.codedWidth ?? 0)), element(ID.height, number(given.codedHeight ?? 0)));
  return [element(ID.kind, [1]), element(ID.video, size)];
}

function soundOf(given: Configuration): Bytes[] {
  const channels = given.numberOfChannels ?? 1;
  const rate = given.sampleRate ?? 48_000;
  const little = u32(rate).reverse();
  const opus = joined('OpusHead', [1, channels, 0, 0], little, [0, 0, 0]);
  const hertz = new DataView(new ArrayBuffer(8));
  hertz.setFloat64(0, rate);
  const told = joined(element(ID.rate, new Uint8Array(hertz.buffer)), element(ID.channels, [channels]));
  return [element(ID.kind, [2]), element(ID.private, opus), element(ID.audio, told)];
}

function cluster(samples: readonly Sample[]): Bytes {
  const begin = Math.round(samples[0].at);
  return element(ID.cluster, element(ID.time, number(begin)), ...samples.map((one) => group(one, begin)));
}

/** A frame that needs others says so by a reference: its block has no mark of its own. */
function group({ at, long, key, data }: Sample, begin: number): Bytes {
  const block = element(ID.block, [0x81], u16(Math.round(at) - begin), [0], data);
  const reference = key ? new Uint8Array(0) : element(ID.reference, [0xff]);
  return element(ID.group, block, element(ID.long, number(Math.round(long))), reference);
}
