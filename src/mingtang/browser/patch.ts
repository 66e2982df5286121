// RFC 7396 merge patches of parts. Untouched subtrees are shared, never copied.

export type Json = { [key: string]: unknown };

const FORBIDDEN = new Set(['__proto__', 'constructor', 'prototype']);

export const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** A new object; `old` is not changed. Throws for keys that reach a prototype (S6). */
export function apply(old: unknown, patch: Json): Json {
  const next: Json = isObject(old) ? { ...old } : {};
  for (const key of Object.keys(patch)) {
    if (FORBIDDEN.has(key)) throw new Error(`a patch may not hold the key ${key}`);
    const value = patch[key];
    if (value === null) delete next[key];
    else next[key] = isObject(value) ? apply(next[key], value) : value;
  }
  return next;
}
