// What becomes of devices and tracks when the log or the line says something else: with a line and a device held by the test.
import { flushSync } from 'svelte';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { Live } from '@/live.svelte';
import { LiveRecord } from '@/record.svelte';
import { FakeSocket } from '@/testing/line';
import { Sending } from './sending.svelte';

class Device {
  readyState = 'live';
  enabled = true;
  onended: (() => void) | null = null;
  stop = () => void (this.readyState = 'ended');
  getSettings = () => ({ deviceId: 'one' });
}

let failing = () => undefined as void;
const orders: { do: string; span?: number }[] = [];
vi.mock('./encoders', () => ({
  Encoders: class {
    sound = async (_: unknown, wish: object) => (orders.push({ do: 'sound', ...wish }), {
      order: (order: { do: string }) => void orders.push(order),
      from: async () => void orders.push({ do: 'from' }),
      stop: () => void orders.push({ do: 'stop' }),
    });
    picture = (_: unknown, __: object, hears: { failed(): void }) => (failing = hears.failed, {
      order: (order: { do: string }) => void orders.push(order),
      small: (codec: object) => (orders.push({ do: 'small', ...codec }), { order: () => undefined, stop: () => void orders.push({ do: 'stop small' }) }),
      stop: () => void orders.push({ do: 'stop' }),
    });
    stop = () => undefined;
  },
}));
const opened: Device[] = [];
const parts = new LiveRecord();
const mine = new LiveRecord();
let asked: string[] = [];
let live: Live;
let sending: Sending;
let track = 0;

/** A log that grants everything, and shows it at once. */
function granted(kind: string, data: { source?: string; track?: number; on?: boolean }) {
  asked.push(kind);
  if (kind === 'media.enter') mine.set('media', { place: 7 });
  if (kind === 'media.start') see({ ...tracks(), [(track += 1)]: { place: 7, source: data.source, codec: 'opus' } });
  if (kind === 'media.quiet') mine.set('media', { ...mine.get('media') as object, quiet: data.on });
  return Promise.resolve({ ok: true, seq: 1 });
}
const tracks = () => (parts.get('media') as { tracks: Record<string, { source: string }> }).tracks;
const see = (tracks: object) => parts.set('media', { stage: {}, tracks });
const gone = () => (mine.set('media', {}), see({}), flushSync());

async function settled() {
  for (let n = 0; n < 12; n += 1) await vi.advanceTimersByTimeAsync(5);
  flushSync();
}

beforeEach(async () => {
  vi.useFakeTimers();
  vi.stubGlobal('WebSocket', FakeSocket);
  vi.stubGlobal('location', { protocol: 'https:', host: 'hall.test' });
  const getUserMedia = async () => ({ getTracks: () => [opened[opened.push(new Device()) - 1]] });
  const enumerateDevices = async () => [{ kind: 'audioinput', deviceId: 'one', label: 'One' }, { kind: 'audioinput', deviceId: 'two', label: 'Two' }];
  vi.stubGlobal('navigator', { mediaDevices: { getUserMedia, enumerateDevices } });
  [asked, orders.length, opened.length, track] = [[], 0, 0, 0];
  mine.replace({ media: {} });
  see({});
  live = { lesson: 'abc', link: 'live', you: { role: 'teacher' }, mine: mine.view, parts: parts.view, do: granted } as never;
  sending = new Sending(live, 'teacher');
  await settled();
  FakeSocket.last.open();
});
afterEach(() => {
  sending.close();
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

async function speaking() {
  void sending.start('microphone');
  await settled();
  expect(sending.on.microphone).toBe('on');
}

test('a switch leads to the stage, to a track, and to the encoder, in this order', async () => {
  await speaking();
  expect(asked).toEqual(['media.enter', 'media.start']);
  expect(orders.filter((order) => order.do === 'sound')).toMatchObject([{ span: 20 }]);
});

test('a camera is sent small as well, in a track of its own, and both end together', async () => {
  vi.stubGlobal('VideoEncoder', { isConfigSupported: async () => ({ supported: true }) });
  void sending.start('camera');
  await settled();
  expect(Object.values(tracks()).map(({ source }) => source)).toEqual(['camera', 'camera_small']);
  expect(orders.map((order) => order.do)).toContain('small');
  FakeSocket.last.give({ t: 'cannot', track: 2, codec: 'avc1.42E01F' });
  await settled();
  expect(asked.filter((kind) => kind === 'media.start'), 'only what is small is begun anew').toHaveLength(3);
  see({});
  flushSync();
  expect([opened[0].readyState, orders.at(-1)?.do, orders.at(-2)?.do]).toEqual(['ended', 'stop', 'stop small']);
});

test('a camera whose pictures cannot be encoded spoils nothing for the next one', async () => {
  vi.stubGlobal('VideoEncoder', { isConfigSupported: async () => ({ supported: true }) });
  void sending.start('camera');
  await settled();
  for (let n = 0; n < 3; n += 1) {
    failing();
    await settled();
  }
  expect([sending.on.camera, sending.troubles.camera]).toEqual([undefined, { why: 'able.device_failed' }]);
  void sending.start('camera');
  await settled();
  expect(sending.on.camera).toBe('on');
});

test('over a slow network a camera is sent once', async () => {
  vi.stubGlobal('VideoEncoder', { isConfigSupported: async () => ({ supported: true }) });
  vi.stubGlobal('navigator', { ...navigator, connection: { saveData: true } });
  void sending.start('camera');
  await settled();
  expect(Object.values(tracks()).map(({ source }) => source)).toEqual(['camera']);
});

test('who leaves the stage, or is taken from it, is not listened to any longer', async () => {
  await speaking();
  gone();
  expect(opened[0].readyState).toBe('ended');
  expect(sending.on).toEqual({});
  await vi.advanceTimersByTimeAsync(30_000);
  expect(asked).toEqual(['media.enter', 'media.start']);
});

test('M7: whom the log has sent away because his line was gone comes back with it, and speaks on', async () => {
  await speaking();
  FakeSocket.last.drop();
  for (let n = 0; n < 14; n += 1) await vi.advanceTimersByTimeAsync(500);
  expect(sending.away, 'nobody is told that he is heard meanwhile').toBe(true);
  FakeSocket.last.open();
  gone();
  await settled();
  expect(asked).toEqual(['media.enter', 'media.start', 'media.enter', 'media.start']);
  expect(opened.map((device) => device.readyState)).toEqual(['live']);
  expect(sending.on.microphone).toBe('on');
});

test('a short break of the line is no reason to come back uninvited', async () => {
  await speaking();
  FakeSocket.last.drop();
  await vi.advanceTimersByTimeAsync(1_600);
  FakeSocket.last.open();
  gone();
  expect(opened[0].readyState).toBe('ended');
});

test('a track that staff ended stops its device and says so; the others go on', async () => {
  await speaking();
  see({});
  flushSync();
  expect(opened[0].readyState).toBe('ended');
  expect(sending.troubles.microphone).toEqual({ why: 'send.stopped' });
});

test('muted here, in the log or by staff, the device is shut off and the track goes on', async () => {
  await speaking();
  await sending.mute(true);
  expect([opened[0].enabled, asked.at(-1)]).toEqual([false, 'media.quiet']);
  mine.set('media', { place: 7, quiet: false });
  await settled();
  expect([sending.quiet, opened[0].enabled]).toEqual([false, true]);
  mine.set('media', { place: 7, silenced: true });
  await settled();
  expect([opened[0].enabled, opened[0].readyState]).toEqual([false, 'live']);
});

test('sound is sent in short pieces; who speaks alone to a crowd, in long ones', async () => {
  const span = () => orders.filter((order) => order.do === 'span').at(-1)?.span;
  const elsewhere = async (remote: number) => {
    parts.set('roster', { here: { room: 0, remote }, joined: remote });
    await settled();
  };
  await speaking();
  await elsewhere(501);
  expect(span()).toBe(60);
  await elsewhere(450);
  expect(span(), 'an encoder is not replaced with each who comes and goes').toBe(60);
  await elsewhere(400);
  expect(span()).toBe(20);
  await elsewhere(501);
  see({ ...tracks(), 99: { place: 8, source: 'microphone', codec: 'opus' } });
  await settled();
  expect(span(), 'whoever is answered').toBe(20);
});

test('a device that is unplugged is followed by the next in the same track', async () => {
  await speaking();
  opened[0].onended?.();
  await settled();
  expect(sending.troubles.microphone).toEqual({ why: 'send.switched', params: { name: 'Two' } });
  expect(asked).toEqual(['media.enter', 'media.start']);
  expect(orders.filter((order) => order.do === 'from')).toHaveLength(1);
});
