import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { FakeSocket } from '@/testing/line';
import { letGo, Line, mediaPort, Offset } from './line';
import { pack, PICTURE, SOUND, type Head } from './object';
import { objects } from './stored';

class MediaSocket extends FakeSocket {
  bufferedAmount = 0;
  binaryType = '';
  bytes: ArrayBuffer[] = [];
  override send(data: string | ArrayBuffer): void {
    if (typeof data === 'string') super.send(data);
    else this.bytes.push(data);
  }
}

const head = (more: Partial<Head> = {}): Head => ({ kind: PICTURE, track: 3, seq: 7, time: 1_000, key: true, layer: 0, level: 127, span: 0, ...more });
const bytes = (more: Partial<Head> = {}, size = 10) => pack(head(more), new Uint8Array(size).fill(5));
const last = () => FakeSocket.last as MediaSocket;
const asked = (t: string) => last().sent.filter((frame) => frame.t === t);
let line: Line;

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal('WebSocket', MediaSocket);
  vi.stubGlobal('location', { protocol: 'https:', host: 'hall.test' });
  FakeSocket.all = [];
  line = new Line('abc', 'student');
});
afterEach(() => {
  line.close();
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

test('comes by its own address and says who it is', () => {
  expect(last().url).toBe('wss://hall.test/media/abc?as=student');
  expect(last().binaryType).toBe('arraybuffer');
});

test('M1: the answer that was quickest tells the clock, and a wrong clock of the device does not matter', () => {
  last().open().give({ t: 'hello', at: 5_000_000 });
  for (const [wait, at] of [[200, 5_000_150], [40, 5_000_220], [300, 5_000_600]]) {
    vi.advanceTimersByTime(wait);
    last().give({ t: 'clock', n: asked('clock').at(-1)!.n as number, at });
    vi.advanceTimersByTime(120);
  }
  const offset = new Offset();
  offset.hear(100, 300, 1_250);
  offset.hear(400, 440, 1_520);
  offset.hear(500, 900, 1_950);
  expect(offset.now() - performance.now()).toBe(1_100);
  expect(Math.abs(line.now() - performance.now() - 5_000_000)).toBeLessThan(400);
});

test('M1: the clock is asked a few times at once, then now and then', () => {
  last().open();
  for (let n = 0; n < 20; n += 1) {
    vi.advanceTimersByTime(100);
    last().give({ t: 'clock', n: -1, at: 1 });
  }
  expect(asked('clock')).toHaveLength(5);
});

test('M2: after a break the same tracks are wanted again, and who sends is told', () => {
  const back = vi.fn();
  line.onback = back;
  last().open();
  line.subscribe(new Map([[3, 2], [5, 0]]));
  expect(asked('see')).toEqual([{ t: 'see', tracks: { 3: 2, 5: 0 } }]);
  last().drop();
  vi.advanceTimersByTime(1_600);
  expect(FakeSocket.all).toHaveLength(2);
  last().open();
  expect(asked('see')).toEqual([{ t: 'see', tracks: { 3: 2, 5: 0 } }]);
  expect(back).toHaveBeenCalledTimes(2);
});

test('objects and notices reach who asked for them; nonsense reaches nobody', () => {
  const got: unknown[] = [];
  line.onobject = (object) => got.push([object.track, object.seq]);
  line.onkey = (track) => got.push(['key', track]);
  line.oncannot = (track, codec) => got.push(['cannot', track, codec]);
  line.onlevel = (track, layer) => got.push(['level', track, layer]);
  last().open();
  last().onmessage?.({ data: bytes() as never });
  last().onmessage?.({ data: new ArrayBuffer(3) as never });
  last().give({ t: 'key', track: 3 }, { t: 'cannot', track: 3, codec: 'avc1' }, { t: 'level', track: 5, layer: -1 });
  expect(got).toEqual([[3, 7], ['key', 3], ['cannot', 3, 'avc1'], ['level', 5, -1]]);
});

test('a full line takes no picture but still takes sound; a line that is away takes nothing', () => {
  expect(line.publish(bytes())).toBe(false);
  last().open();
  expect(line.publish(bytes())).toBe(true);
  last().bufferedAmount = 300_001;
  expect(line.publish(bytes())).toBe(false);
  expect(line.publish(bytes({ kind: SOUND }))).toBe(true);
  last().bufferedAmount = 1_000_001;
  expect(line.publish(bytes({ kind: SOUND }))).toBe(false);
  expect(last().bytes).toHaveLength(2);
});

test('a line on which nothing comes is dropped and tried again', () => {
  last().open();
  vi.advanceTimersByTime(20_000);
  expect(FakeSocket.all.length).toBeGreaterThan(1);
});

test.each([4401, 4403, 4404, 4410])('closed with %i it stays away', (code) => {
  last().open().drop(code);
  vi.advanceTimersByTime(60_000);
  expect(FakeSocket.all).toHaveLength(1);
});

test.each([1012, 4408, 1006])('closed with %i it comes back at a random moment within seconds', (code) => {
  last().open().drop(code);
  vi.advanceTimersByTime(2_000);
  expect(FakeSocket.all).toHaveLength(2);
});

test('a page has one line however many use it, and it closes with the last of them', () => {
  const [one, two] = [mediaPort('xyz', 'teacher'), mediaPort('xyz', 'teacher')];
  expect(one).toBe(two);
  last().open();
  letGo(one);
  expect(last().readyState).toBe(1);
  letGo(two);
  expect(last().readyState).toBe(3);
  const three = mediaPort('xyz', 'teacher');
  expect(three).not.toBe(one);
  letGo(three);
});

test('F2: what was stored is read whole however it is cut on the way', async () => {
  const stream = [1, 2, 3].flatMap((seq) => {
    const object = new Uint8Array(bytes({ seq }, 40 * seq));
    return [0, 0, 0, object.length, ...object];
  });
  for (const size of [1, 7, 60, 1_000]) {
    const pieces = Array.from({ length: Math.ceil(stream.length / size) }, (_, n) => Uint8Array.from(stream.slice(n * size, (n + 1) * size)));
    const got: number[] = [];
    for await (const object of objects((async function* () { yield* pieces; })())) got.push(object.seq * 1_000 + object.payload.length);
    expect(got).toEqual([1_040, 2_080, 3_120]);
  }
});
