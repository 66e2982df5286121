// The worker in which all that a page sends is encoded, so that a busy page costs no picture and an encoder no tap.
import type { Block, Order, Told } from './orders';
import { Picture } from './picture';
import { Sound } from './sound';

const sources = new Map<number, Picture | Sound>();
/** The small rendition of a source, by that source. */
const smalls = new Map<number, number>();
const readers = new Map<number, ReadableStreamDefaultReader<VideoFrame | AudioData>>();
const NONE = 0;
let ahead = 0;

/** The page says how the lesson's clock stands to this one. */
const now = () => performance.timeOrigin + performance.now() + ahead;
const tell = (told: Told, owned: Transferable[] = []) => postMessage(told, { transfer: owned });

onmessage = ({ data: order }: MessageEvent<Order>) => {
  if (order.do === 'clock') ahead = order.ahead;
  else obey(order);
};

function obey(order: Exclude<Order, { do: 'clock' }>): void {
  const source = sources.get(order.id);
  switch (order.do) {
    case 'picture': return begin(order, new Picture(order, way(order.id)));
    case 'sound': return begin(order, new Sound(order.span, order.bits, order.meter, way(order.id)));
    case 'small': return beside(order);
    case 'from': return source && flow(order.id, source, order.from, order.port);
    case 'stop': return end(order.id);
    case 'frame': return source instanceof Picture ? show(order.id, source, order.frame) : order.frame.close();
    case 'span': return source instanceof Sound ? source.spans(order.span) : undefined;
    case 'codec': return source instanceof Picture ? source.recode(order.codec) : undefined;
    case 'key': return source instanceof Picture ? source.key() : undefined;
    case 'pressure': return source instanceof Picture ? source.pressed(order.waiting, order.refused) : undefined;
  }
}

function way(id: number) {
  return {
    now,
    give: (data: ArrayBuffer) => tell({ id, data }, [data]),
    level: (level: number) => tell({ id, level }),
    failed: (failed: string) => tell({ id, failed }),
  };
}

function begin(order: Extract<Order, { do: 'picture' | 'sound' }>, source: Picture | Sound): void {
  end(order.id);
  sources.set(order.id, source);
  flow(order.id, source, order.from, 'port' in order ? order.port : undefined);
}

function beside({ id, of, codec }: Extract<Order, { do: 'small' }>): void {
  if (!sources.has(of)) return;
  sources.set(id, new Picture({ codec, look: 'tile', most: Infinity, saving: false }, way(id)));
  smalls.set(of, id);
}

/** A picture to all that is made of it. */
function show(id: number, source: Picture, frame: VideoFrame): void {
  const small = sources.get(smalls.get(id) ?? NONE);
  if (small instanceof Picture) small.take(frame.clone());
  source.take(frame);
}

function flow(id: number, source: Picture | Sound, from?: ReadableStream<VideoFrame | AudioData>, port?: MessagePort): void {
  drain(id);
  if (port && source instanceof Sound) port.onmessage = ({ data }: MessageEvent<Block>) => source.block(data);
  if (!from) return;
  const reader = from.getReader();
  readers.set(id, reader);
  void read(id, reader, source);
}

async function read(id: number, reader: ReadableStreamDefaultReader<VideoFrame | AudioData>, source: Picture | Sound): Promise<void> {
  for (let got = await reader.read(); !got.done; got = await reader.read()) {
    if (sources.get(id) !== source) got.value.close();
    else if (source instanceof Picture) show(id, source, got.value as VideoFrame);
    else source.take(got.value as AudioData);
  }
}

const DRAIN_MS = 500;

/** What is on its way from a device that has just ended is still read, and closed: only then is the stream let go. */
function drain(id: number): void {
  const reader = readers.get(id);
  readers.delete(id);
  if (reader) setTimeout(() => void reader.cancel(), DRAIN_MS);
}

function end(id: number): void {
  drain(id);
  sources.get(id)?.stop();
  sources.delete(id);
  smalls.delete(id);
}
