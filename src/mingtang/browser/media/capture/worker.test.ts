// Pictures are memory that only closing gives back: each one that comes into the worker is closed there, whatever becomes of it.
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { Order } from './orders';

const open = new Set<Picture>();

class Picture {
  displayWidth = 640;
  displayHeight = 360;
  timestamp: number;
  constructor(from: { timestamp: number }, init?: { timestamp: number }) {
    this.timestamp = (init ?? from).timestamp;
    open.add(this);
  }
  clone = () => new Picture(this);
  close = () => void open.delete(this);
}

let encoded = 0;
class Encoder {
  state = 'unconfigured';
  encodeQueueSize = 0;
  configure = () => void (this.state = 'configured');
  encode = () => void (encoded += 1);
  close = () => void (this.state = 'closed');
}

const codec = { codec: 'vp8' } as never;
const say = (order: Order) => (globalThis.onmessage as (event: { data: Order }) => void)({ data: order });

/** Pictures of a device, 40 ms apart, as they come. */
function device() {
  let way!: ReadableStreamDefaultController<VideoFrame>;
  let at = performance.now();
  const from = new ReadableStream<VideoFrame>({ start: (controller) => void (way = controller) });
  return {
    from,
    async gives(count: number) {
      for (let n = 0; n < count; n += 1) {
        way.enqueue(new Picture({ timestamp: (at += 40) * 1_000 }) as never);
        await vi.advanceTimersByTimeAsync(40);
      }
    },
  };
}

beforeEach(async () => {
  vi.useFakeTimers();
  vi.resetModules();
  vi.stubGlobal('onmessage', null);
  vi.stubGlobal('postMessage', () => undefined);
  vi.stubGlobal('VideoFrame', Picture);
  vi.stubGlobal('VideoEncoder', Encoder);
  encoded = 0;
  open.clear();
  await import('./worker');
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

test('of a camera and its small rendition the last picture alone is held, and none when it ends', async () => {
  const camera = device();
  say({ do: 'picture', id: 1, codec, look: 'face', most: 4, saving: false, from: camera.from });
  say({ do: 'small', id: 2, of: 1, codec });
  await camera.gives(50);
  expect(encoded).toBeGreaterThan(50);
  expect(open.size).toBe(2);
  say({ do: 'stop', id: 2 });
  expect(open.size).toBe(1);
  say({ do: 'stop', id: 1 });
  expect(open.size).toBe(0);
});

test('what is on its way when its source ends is closed, and so is what the device before gives when another goes on', async () => {
  const [camera, other] = [device(), device()];
  say({ do: 'picture', id: 1, codec, look: 'face', most: 4, saving: false, from: camera.from });
  await camera.gives(5);
  say({ do: 'from', id: 1, from: other.from });
  await camera.gives(3);
  await other.gives(3);
  expect(open.size).toBe(1);
  say({ do: 'stop', id: 1 });
  await other.gives(4);
  expect(open.size).toBe(0);
});

test('a picture by itself, where there is no stream of them, is closed also when nobody wants it any more', () => {
  say({ do: 'picture', id: 1, codec, look: 'face', most: 4, saving: false });
  say({ do: 'frame', id: 1, frame: new Picture({ timestamp: 0 }) as never });
  say({ do: 'stop', id: 1 });
  say({ do: 'frame', id: 1, frame: new Picture({ timestamp: 40_000 }) as never });
  expect(open.size).toBe(0);
});
