// Bytes of the two containers: boxes of MP4 and elements of WebM, each from its parts. Nothing here knows a codec.

export type Bytes = Uint8Array<ArrayBuffer>;
type Part = Bytes | readonly number[] | string;

const text = new TextEncoder();

export function joined(...parts: Part[]): Bytes {
  const each = parts.map((part) => (typeof part === 'string' ? text.encode(part) : part));
  const whole = new Uint8Array(each.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of each) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

export function u16(...values: number[]): number[] {
  return values.flatMap((value) => [(value >> 8) & 255, value & 255]);
}

export function u32(...values: number[]): number[] {
  return values.flatMap((value) => [(value >>> 24) & 255, (value >>> 16) & 255, (value >>> 8) & 255, value & 255]);
}

export function u64(value: number): number[] {
  return u32(Math.floor(value / 2 ** 32), value % 2 ** 32);
}

/** A box of MP4: its size, its name of four letters, its parts. */
export function box(name: string, ...parts: Part[]): Bytes {
  const inner = joined(...parts);
  return joined(u32(inner.length + 8), name, inner);
}

/** A box that begins with a version and flags. */
export function fullBox(name: string, version: number, flags: number, ...parts: Part[]): Bytes {
  return box(name, u32((version * 2 ** 24) | flags), ...parts);
}

/** An element of WebM of known size. */
export function element(id: readonly number[], ...parts: Part[]): Bytes {
  const inner = joined(...parts);
  return joined(id, sizeOf(inner.length), inner);
}

/** Always in eight bytes but the first bit: long enough for all, and simple. */
function sizeOf(length: number): number[] {
  return [1, ...u64(length).slice(1)];
}

/** A whole number as WebM writes it. */
export function number(value: number): number[] {
  const bytes = u64(value);
  const first = bytes.findIndex((byte) => byte !== 0);
  return first < 0 ? [0] : bytes.slice(first);
}
