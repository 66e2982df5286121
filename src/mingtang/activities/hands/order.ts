// The queue as screens read it.
import type { HandItem } from '@/wire.gen';

export interface Queued extends HandItem {
  id: string;
}

/** Those who are here by place, then those who are away by age. */
export function queued(line: Record<string, HandItem> | undefined): Queued[] {
  const all = Object.entries(line ?? {}).map(([id, item]) => ({ ...item, id }));
  return all.sort((a, b) => (a.place ?? Infinity) - (b.place ?? Infinity) || a.raised - b.raised);
}

/** The key of "Hand up · 3rd" for a place: English has four endings, Chinese one. */
export function placeKey(place: number | undefined, lang: string): string {
  if (place === undefined) return 'hands.up';
  const form = new Intl.PluralRules(lang, { type: 'ordinal' }).select(place);
  return { one: 'hands.up_one', two: 'hands.up_two', few: 'hands.up_few' }[form as string] ?? 'hands.up_other';
}
