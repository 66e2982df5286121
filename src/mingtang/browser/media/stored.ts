// What was recorded of a track, object by object as it arrives (docs/build/media.md, rule F2).
import { read, type MediaObject } from './object';

const LENGTH = 4;

/** From the key at or before `begin` to before `end`, ms UTC; the configuration comes first. Rejects with the status when refused. */
export async function* stored(lesson: string, track: number, begin: number, end: number, signal?: AbortSignal): AsyncGenerator<MediaObject> {
  const answer = await fetch(`/api/media/${lesson}/${track}?from=${Math.floor(begin)}&to=${Math.ceil(end)}`, { signal });
  if (!answer.ok || !answer.body) throw new Error(`media ${track}: ${answer.status}`);
  yield* objects(chunks(answer.body));
}

/** Cuts `[u32 length][object]…` into objects, however it arrives; what no object is, is left out. */
export async function* objects(pieces: AsyncIterable<Uint8Array>): AsyncGenerator<MediaObject> {
  let held = new Uint8Array(0);
  for await (const piece of pieces) {
    held = join(held, piece);
    let at = 0;
    for (let size; (size = lengthAt(held, at)) !== undefined && at + LENGTH + size <= held.length; at += LENGTH + size) {
      const object = read(held.slice(at + LENGTH, at + LENGTH + size).buffer);
      if (object) yield object;
    }
    held = held.subarray(at);
  }
}

/** A stream as it can be walked in every browser. */
async function* chunks(stream: ReadableStream<Uint8Array>): AsyncGenerator<Uint8Array> {
  const reader = stream.getReader();
  try {
    for (let got = await reader.read(); !got.done; got = await reader.read()) yield got.value;
  } finally {
    await reader.cancel().catch(() => undefined);
  }
}

function lengthAt(bytes: Uint8Array, at: number): number | undefined {
  return at + LENGTH <= bytes.length ? new DataView(bytes.buffer, bytes.byteOffset + at).getUint32(0) : undefined;
}

function join(before: Uint8Array<ArrayBuffer>, after: Uint8Array): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(before.length + after.length);
  whole.set(before);
  whole.set(after, before.length);
  return whole;
}
