// A poll as its screens read it: which one is before us, what can be chosen, numbers in bins, answers in words.
import { t } from '@/i18n.svelte';
import type { Live } from '@/live.svelte';
import { lettered, percent, type Choice } from '@/parts/question/choices';
import type { PollHistogram, PollItem, PollRound } from '@/wire.gen';

export type Answer = string[] | number | string;

export interface Asked {
  id: string;
  item: PollItem;
}

const all = (live: Live): Record<string, PollItem> => live.parts.poll ?? {};
const found = (live: Live, id: string | undefined): Asked | undefined => (id && all(live)[id] ? { id, item: all(live)[id] } : undefined);

/** The poll on the stage; else one that is still open while a slide is shown. */
export function current(live: Live): Asked | undefined {
  const now = live.now;
  if (now?.kind === 'poll') return found(live, now.ref);
  if (now?.kind === 'peer') return undefined;
  return found(live, Object.keys(all(live)).find((id) => all(live)[id].state === 'open'));
}

/** What a student has before him: what can be answered now comes before what he looks back at. */
export function before(live: Live): Asked | undefined {
  const now = current(live);
  if (now?.item.state === 'open') return now;
  const step = live.parts.slides?.steps?.[live.step ?? ''];
  return step?.kind === 'poll' ? found(live, step.ref) : undefined;
}

export const isChoice = (item: PollItem): boolean => ['single', 'multiple', 'truefalse', 'rating'].includes(item.form);
export const isWritten = (item: PollItem): boolean => item.form === 'text' || item.form === 'cloud';

export function choices(item: PollItem): Choice[] {
  if (item.form === 'truefalse') return ['true', 'false'].map((key) => ({ key, letter: '', text: t(`poll.${key}`) }));
  if (item.form !== 'rating') return lettered(item.options);
  return Array.from({ length: item.scale ?? 5 }, (_, n) => ({ key: String(n + 1), letter: String(n + 1), text: '' }));
}

export function isRight(item: PollItem, key: string): boolean {
  return Array.isArray(item.right) && item.right.includes(key);
}

const nameOf = (item: PollItem, key: string): string => {
  const one = choices(item).find((choice) => choice.key === key);
  return [one?.letter, one?.text].filter(Boolean).join(' · ') || key;
};

/** An answer as one reads it: `C · Three`, `3`, `hash, heap`. */
export function say(item: PollItem, answer: Answer): string {
  if (!Array.isArray(answer)) return String(answer);
  return (isChoice(item) ? answer.map((key) => nameOf(item, key)) : answer).join(t('poll.comma'));
}

export const same = (a: Answer | undefined, b: Answer | undefined): boolean => JSON.stringify(a) === JSON.stringify(b);

export interface Bin {
  label: string;
  n: number;
  /** Per cent of the highest bin. */
  height: number;
}

const tidy = (n: number): string => String(Number(n.toPrecision(10)));

/** The bins in order, with those beyond the ends where there are any. */
export function bins(histogram: PollHistogram): Bin[] {
  const { start, width, size } = histogram;
  const edge = (i: number) => tidy(start + i * width);
  const inside = Array.from({ length: size }, (_, i) => ({ label: edge(i), n: histogram.bins[i] ?? 0 }));
  if (histogram.below) inside.unshift({ label: `< ${edge(0)}`, n: histogram.below });
  if (histogram.above) inside.push({ label: `${histogram.whole ? '>' : '≥'} ${edge(histogram.whole ? size - 1 : size)}`, n: histogram.above });
  const most = Math.max(1, ...inside.map((bin) => bin.n));
  return inside.map((bin) => ({ ...bin, height: (100 * bin.n) / most }));
}

/** A bin in words: `3`, or `10 – 20`. */
export function binWords(histogram: PollHistogram, bin: Bin): string {
  const from = Number(bin.label);
  return histogram.whole || Number.isNaN(from) ? bin.label : `${bin.label} – ${tidy(from + histogram.width)}`;
}

/** Written entries, most frequent first. */
export function ranked(round: PollRound | undefined) {
  const entries = Object.entries(round?.entries ?? {}).map(([id, entry]) => ({ id, ...entry }));
  return entries.sort((a, b) => b.n - a.n || Number(a.id.slice(1)) - Number(b.id.slice(1)));
}

export const countAndShare = (n: number, of: number): string => t('poll.count_share', { n, share: percent(n, of) });

/** A number as people type it, in either way of writing; undefined when it is none. */
export function readNumber(text: string): number | undefined {
  const plain = text.trim().replace(/[\s\u2009\u202f]/g, '').replace('−', '-').replace(',', '.');
  const number = plain === '' ? NaN : Number(plain);
  return Number.isFinite(number) && Math.abs(number) <= 1e12 ? number : undefined;
}

/** The words of a cloud, parted by commas of any script or by lines; five are enough. */
export function readWords(text: string): string[] {
  return text.split(/[,，、;；\n]/).map((word) => word.trim()).filter(Boolean).slice(0, 5);
}
