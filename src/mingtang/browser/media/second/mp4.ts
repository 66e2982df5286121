// Fragmented MP4 of one track: VP9, H.264 and AV1 pictures, Opus sound. Written here because the muxers that there are
// cut pieces at key frames only, and ours are a tenth of a second long.
import type { Configuration } from '../port';
import { box, fullBox, joined, u16, u32, u64, type Bytes } from './boxes';
import { description, isSound, type Container, type Sample } from './sample';

const [PICTURE_SCALE, SOUND_SCALE] = [1000, 48_000];
const [KEY, DELTA] = [0x0200_0000, 0x0101_0000];
const MATRIX = u32(0x1_0000, 0, 0, 0, 0x1_0000, 0, 0, 0, 0x4000_0000);
const NO_LANGUAGE = 0x55c4;
const NO_BASE = 0x2_0000;
const WITH_OFFSET_LENGTH_SIZE_FLAGS = 0x701;

/** Undefined for a codec that MP4 has no place for here. */
export function mp4(given: Configuration): Container | undefined {
  const entry = sampleEntry(given);
  if (!entry) return undefined;
  const sound = isSound(given);
  const scale = sound ? SOUND_SCALE : PICTURE_SCALE;
  let number = 0;
  return {
    type: `${sound ? 'audio' : 'video'}/mp4; codecs="${given.codec}"`,
    opening: () => joined(box('ftyp', 'iso5', u32(512), 'iso5iso6mp41'), movie(given, entry, scale)),
    piece: (samples) => fragment((number += 1), samples, scale / 1000),
  };
}

function movie(given: Configuration, entry: Bytes, scale: number): Bytes {
  const head = fullBox('mvhd', 0, 0, u32(0, 0, scale, 0, 0x1_0000), u16(0x100, 0), u32(0, 0), MATRIX, u32(0, 0, 0, 0, 0, 0, 2));
  const later = box('mvex', fullBox('trex', 0, 0, u32(1, 1, 0, 0, 0)));
  return box('moov', head, track(given, entry, scale), later);
}

function track(given: Configuration, entry: Bytes, scale: number): Bytes {
  const size = [(given.codedWidth ?? 0) * 0x1_0000, (given.codedHeight ?? 0) * 0x1_0000];
  const head = fullBox('tkhd', 0, 7, u32(0, 0, 1, 0, 0, 0, 0), u16(0, 0, isSound(given) ? 0x100 : 0, 0), MATRIX, u32(...size));
  return box('trak', head, media(given, entry, scale));
}

function media(given: Configuration, entry: Bytes, scale: number): Bytes {
  const sound = isSound(given);
  const head = fullBox('mdhd', 0, 0, u32(0, 0, scale, 0), u16(NO_LANGUAGE, 0));
  const handler = fullBox('hdlr', 0, 0, u32(0), sound ? 'soun' : 'vide', u32(0, 0, 0), '\0');
  const kind = sound ? fullBox('smhd', 0, 0, u16(0, 0)) : fullBox('vmhd', 0, 1, u16(0, 0, 0, 0));
  const here = box('dinf', fullBox('dref', 0, 0, u32(1), fullBox('url ', 0, 1)));
  return box('mdia', head, handler, box('minf', kind, here, table(entry)));
}

/** Empty: the frames are told of in each fragment. */
function table(entry: Bytes): Bytes {
  const none = (name: string, count = 1) => fullBox(name, 0, 0, u32(...Array<number>(count).fill(0)));
  return box('stbl', fullBox('stsd', 0, 0, u32(1), entry), none('stts'), none('stsc'), none('stsz', 2), none('stco'));
}

function sampleEntry(given: Configuration): Bytes | undefined {
  const [family, ...rest] = given.codec.split('.');
  switch (family) {
    case 'opus': return soundEntry(given);
    case 'vp09': return pictureEntry('vp09', given, fullBox('vpcC', 1, 0, vp9(rest.map(Number))));
    case 'av01': return pictureEntry('av01', given, box('av1C', given.description ? description(given) : av1(rest)));
    case 'avc1': return given.description ? pictureEntry('avc1', given, box('avcC', description(given))) : undefined;
    default: return undefined;
  }
}

/** From `vp09.profile.level.depth`: 4:2:0, and colours as they are on screens. */
function vp9([profile = 0, level = 10, depth = 8]: number[]): number[] {
  return [profile, level, (depth << 4) | 2, 1, 1, 1, 0, 0];
}

/** From `av01.profile.levelTier.depth`. */
function av1([profile = '0', level = '04M', depth = '08']: string[]): number[] {
  const [tier, deep] = [level.endsWith('H') ? 0x80 : 0, Number(depth) > 8 ? 0x40 : 0];
  return [0x81, (Number(profile) << 5) | parseInt(level, 10), tier | deep | 0x0c, 0];
}

function pictureEntry(name: string, given: Configuration, told: Bytes): Bytes {
  const size = u16(given.codedWidth ?? 0, given.codedHeight ?? 0);
  const blank = new Uint8Array(32);
  return box(name, u32(0), u16(0, 1), u32(0, 0, 0, 0), size, u32(0x48_0000, 0x48_0000, 0), u16(1), blank, u16(24, 0xffff), told);
}

/** Nothing is skipped at the beginning: we always come in the midst of it. */
function soundEntry(given: Configuration): Bytes {
  const channels = given.numberOfChannels ?? 1;
  const told = box('dOps', [0, channels], u16(0), u32(given.sampleRate ?? SOUND_SCALE), u16(0), [0]);
  return box('Opus', u32(0), u16(0, 1), u32(0, 0), u16(channels, 16, 0, 0), u32(SOUND_SCALE * 0x1_0000), told);
}

function fragment(number: number, samples: readonly Sample[], perMs: number): Bytes {
  const rows = samples.flatMap(({ long, data, key }) => u32(Math.round(long * perMs), data.length, key ? KEY : DELTA));
  const begin = fullBox('tfdt', 1, 0, u64(Math.round(samples[0].at * perMs)));
  const head = (offset: number) =>
    box('moof', fullBox('mfhd', 0, 0, u32(number)), box('traf', fullBox('tfhd', 0, NO_BASE, u32(1)), begin,
      fullBox('trun', 0, WITH_OFFSET_LENGTH_SIZE_FLAGS, u32(samples.length, offset), rows)));
  return joined(head(head(0).length + 8), box('mdat', ...samples.map(({ data }) => data)));
}
