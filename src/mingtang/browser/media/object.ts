// One encoded frame of sound or picture and the sixteen bytes before it. docs/build/media.md, rules O1 to O4.

export const HEADER = 16;
export const CONFIGURATION = 1;
export const PICTURE = 2;
export const SOUND = 3;

/** `time` is ms UTC on the lesson's clock. `level` is of sound alone, in -dBov: 127 is silence. `span` is a sound's length in ms. */
export interface Head {
  kind: number;
  track: number;
  seq: number;
  time: number;
  key: boolean;
  layer: number;
  level: number;
  span: number;
}

export interface MediaObject extends Head {
  payload: Uint8Array<ArrayBuffer>;
}

export function pack(head: Head, payload: Uint8Array): ArrayBuffer {
  const bytes = new Uint8Array(HEADER + payload.length);
  const view = new DataView(bytes.buffer);
  view.setUint8(0, head.kind);
  view.setUint8(1, Number(head.key) | (head.layer << 1));
  view.setUint16(2, head.track);
  view.setUint32(4, head.seq);
  view.setUint16(8, Math.floor(head.time / 2 ** 32));
  view.setUint32(10, head.time % 2 ** 32);
  view.setUint8(14, head.level);
  view.setUint8(15, head.span);
  bytes.set(payload, HEADER);
  return bytes.buffer;
}

/** Null for bytes that are no media object. */
export function read(data: ArrayBuffer): MediaObject | null {
  if (data.byteLength <= HEADER) return null;
  const view = new DataView(data);
  const [kind, flags] = [view.getUint8(0), view.getUint8(1)];
  if (kind < CONFIGURATION || kind > SOUND || flags > 7) return null;
  return {
    kind,
    track: view.getUint16(2),
    seq: view.getUint32(4),
    time: view.getUint16(8) * 2 ** 32 + view.getUint32(10),
    key: (flags & 1) === 1,
    layer: (flags >> 1) & 3,
    level: Math.min(view.getUint8(14), 127),
    span: view.getUint8(15),
    payload: new Uint8Array(data, HEADER),
  };
}
