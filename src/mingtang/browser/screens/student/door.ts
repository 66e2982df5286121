// The way into a lesson over HTTP: is the code known, and come in.
import type { Seat } from '@/wire.gen';

export interface Found {
  id: string;
  code: string;
  title: string;
  course?: string;
  opened: number;
  here: { room: number; remote: number };
  /** Set when this browser is in already. */
  member?: { name: string; seat: Seat };
  /** The server's time when it answered, ms UTC. */
  at: number;
}

export type Result<T> = { ok: true; value: T } | { ok: false; code: string; params: Record<string, unknown> };

/** The code in the address: `/j/482937`. */
export const addressed = /^\/j\/(\d{6})/.exec(location.pathname)?.[1] ?? '';

/** Asked for while the words are still on their way: on a slow phone that is a fifth of a second. */
let ahead = addressed ? ask<Found>(`/api/lessons/${addressed}`) : undefined;

export async function look(code: string): Promise<Result<Found>> {
  const early = code === addressed ? ahead : undefined;
  ahead = undefined;
  return early ?? ask<Found>(`/api/lessons/${code}`);
}

export function comeIn(code: string, name: string, seat: Seat): Promise<Result<{ lesson: string }>> {
  return ask(`/api/lessons/${code}/join`, { name, seat });
}

/** The digits of what was typed or pasted, a whole join address included. */
export function digits(text: string): string {
  const address = /\/j\/(\d{6})/.exec(text);
  return (address?.[1] ?? text).replace(/\D/g, '').slice(0, 6);
}

async function ask<T>(address: string, body?: object): Promise<Result<T>> {
  try {
    const answer = await fetch(address, body && { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) });
    const value = await answer.json();
    if (answer.ok) return { ok: true, value: { at: Date.parse(answer.headers.get('date') ?? '') || Date.now(), ...value } };
    return { ok: false, code: String(value.code ?? 'join.no_answer'), params: value.params ?? {} };
  } catch {
    return { ok: false, code: 'join.no_answer', params: {} };
  }
}
