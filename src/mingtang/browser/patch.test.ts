import { describe, expect, test } from 'vitest';
import vectors from '../../../tests/laws/patch_vectors.json';
import { apply, type Json } from '@/patch';

describe('a merge patch', () => {
  test.each(vectors as unknown as [Json, Json, Json][])('%j + %j = %j', (old, patch, next) => {
    const before = JSON.stringify(old);
    expect(apply(old, patch)).toEqual(next);
    expect(JSON.stringify(old)).toBe(before);
  });

  test('takes the place of a value that was no object', () => {
    for (const old of [undefined, null, 7, 'x', [1]]) expect(apply(old, { a: 1 })).toEqual({ a: 1 });
  });

  test.each(['__proto__', 'constructor', 'prototype'])('S6: refuses the key %s at any depth', (key) => {
    for (const text of [`{"${key}":{"seen":1}}`, `{"a":{"${key}":{"seen":1}}}`, `{"a":{"b":{"${key}":null}}}`]) {
      expect(() => apply({ a: { b: {} } }, JSON.parse(text))).toThrow(key);
    }
    expect(({} as Json).seen).toBeUndefined();
  });

  test('shares every subtree it does not touch', () => {
    const old = { strokes: { a: { p: [1] }, b: { p: [2] } }, other: { deep: {} } };
    const next = apply(old, { strokes: { b: { p: [3] } } }) as typeof old;
    expect(next.other).toBe(old.other);
    expect(next.strokes.a).toBe(old.strokes.a);
    expect(next.strokes.b).not.toBe(old.strokes.b);
  });

  test('copies no stroke of 2 000 when one comes', () => {
    const strokes = Object.fromEntries(Array.from({ length: 2_000 }, (_, n) => [`s${n}`, { d: `${n}`.repeat(50) }]));
    let part: Json = { strokes };
    for (let n = 0; n < 100; n += 1) part = apply(part, { strokes: { [`t${n}`]: { d: 'x' } } });
    const now = part.strokes as typeof strokes;
    expect(Object.keys(now)).toHaveLength(2_100);
    expect(Object.keys(strokes).every((id) => now[id] === strokes[id])).toBe(true);
  });
});
