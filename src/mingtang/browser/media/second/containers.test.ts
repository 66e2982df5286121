import { ALL_FORMATS, BufferSource, EncodedPacketSink, Input } from 'mediabunny';
import { expect, it } from 'vitest';
import type { Configuration } from '../port';
import { joined, type Bytes } from './boxes';
import { mp4 } from './mp4';
import type { Sample } from './sample';
import { webm } from './webm';

const sizes = { codedWidth: 640, codedHeight: 360 };
const opus = { codec: 'opus', sampleRate: 48_000, numberOfChannels: 1 };
const avcc = btoa(String.fromCharCode(1, 0x42, 0xe0, 0x1f, 0xff, 0xe1, 0, 4, 0x67, 0x42, 0xe0, 0x1f, 1, 0, 2, 0x68, 0xce));
const bytes = (length: number, value: number): Bytes => new Uint8Array(length).fill(value);
const samples: Sample[] = [0, 1, 2, 3].map((n) => ({ at: n * 40, long: 40, key: n === 0, data: bytes(30 + n, n) }));

/** What a reader that is not ours finds in it. */
async function reread(data: Bytes) {
  const input = new Input({ source: new BufferSource(data.buffer), formats: ALL_FORMATS });
  const [track] = await input.getTracks();
  const packets = [];
  for await (const packet of new EncodedPacketSink(track).packets(undefined, undefined, { verifyKeyPackets: false })) {
    packets.push({ at: packet.timestamp * 1000, key: packet.type === 'key', data: Array.from(packet.data) });
  }
  return { codec: track.codec, packets };
}

const frames = (key: (n: number) => boolean) => samples.map(({ at, data }, n) => ({ at, key: key(n), data: Array.from(data) }));

it.each([
  ['vp9', { codec: 'vp09.00.31.08', ...sizes }],
  ['av1', { codec: 'av01.0.04M.08', ...sizes }],
  ['avc', { codec: 'avc1.42E01F', ...sizes, description: avcc }],
])('puts %s into fragments that a reader of MP4 takes', async (codec, given: Configuration) => {
  const made = mp4(given)!;
  const read = await reread(joined(made.opening(), made.piece(samples.slice(0, 2)), made.piece(samples.slice(2))));
  expect(made.type).toBe(`video/mp4; codecs="${given.codec}"`);
  expect(read.codec).toBe(codec);
  expect(read.packets).toEqual(frames((n) => n === 0));
});

it('puts Opus into either, each of its frames a key', async () => {
  for (const made of [mp4(opus)!, webm(opus)!]) {
    const sounds = samples.map((one) => ({ ...one, key: true }));
    const read = await reread(joined(made.opening(), made.piece(sounds.slice(0, 3)), made.piece(sounds.slice(3))));
    expect([read.codec, read.packets]).toEqual(['opus', frames(() => true)]);
  }
});

it('puts VP8 into clusters whose size is said', async () => {
  const made = webm({ codec: 'vp8', ...sizes })!;
  const read = await reread(joined(made.opening(), made.piece(samples.slice(0, 2)), made.piece(samples.slice(2))));
  expect([read.codec, read.packets]).toEqual(['vp8', frames((n) => n === 0)]);
});

it('has no place for a codec that it does not know', () => {
  expect([mp4({ codec: 'vp8', ...sizes }), mp4({ codec: 'theora' }), webm({ codec: 'av01.0.04M.08', ...sizes })]).toEqual([undefined, undefined, undefined]);
});
