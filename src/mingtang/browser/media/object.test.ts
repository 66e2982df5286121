import { expect, it } from 'vitest';
import vectors from '../../../../tests/laws/object_vectors.json';
import { pack, read } from './object';

const bytes = (hex: string) => Uint8Array.from(hex.match(/../g) ?? [], (pair) => parseInt(pair, 16));

it.each(vectors)('writes and reads the bytes that the server does: $bytes', ({ payload, bytes: whole, ...head }) => {
  const data = pack(head, bytes(payload));
  expect(new Uint8Array(data)).toEqual(bytes(whole));
  expect(read(data)).toEqual({ ...head, payload: bytes(payload) });
});

it('takes nothing that is too short or of an unknown kind', () => {
  expect(read(new ArrayBuffer(16))).toBeNull();
  expect(read(bytes('0900000100000000000000000000000000').buffer)).toBeNull();
});
