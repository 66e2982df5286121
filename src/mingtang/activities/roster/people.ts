// The list as it is read: staff first, then who is here, by name in the reader's language.
import type { RosterRow } from '@/wire.gen';

export type Person = RosterRow & { id: string };

const RANK: Record<string, number> = { teacher: 0, assistant: 1, student: 2, observer: 3 };

/** Walls are screens, not people. `wanted` is looked for anywhere in a name, whatever its letters' case or accents. */
export function people(members: Record<string, RosterRow>, wanted: string, lang: string): Person[] {
  const { compare } = new Intl.Collator(lang, { sensitivity: 'base', numeric: true });
  const plain = (text: string) => text.normalize('NFKD').replace(/\p{M}/gu, '').toLocaleLowerCase();
  const needle = plain(wanted.trim());
  return Object.entries(members)
    .filter(([, row]) => row.role !== 'wall' && plain(row.name).includes(needle))
    .map(([id, row]) => ({ id, ...row }))
    .sort((a, b) => RANK[a.role] - RANK[b.role] || Number(b.here) - Number(a.here) || compare(a.name, b.name));
}
