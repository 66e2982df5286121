// How the report writes its numbers, and the arithmetic of its plots.
import { lang } from '@/i18n.svelte';
import type { Source } from '@/report.gen';
import { clockText, shareText } from '@/words';

/** 12 345 with a thin space that does not break. */
export const count = (n: number): string => String(Math.round(n)).replace(/\B(?=(\d{3})+$)/g, '\u202f');

export const percent = (share: number | undefined): string => (share === undefined ? '–' : shareText(share, lang()));

/** 0.59 and −0.12; an en dash for what there is not. */
export const coefficient = (value: number | undefined): string => (value === undefined ? '–' : value.toFixed(2).replace('-', '−'));

export const wait = (ms: number | undefined): string => (ms === undefined ? '–' : clockText(ms / 1000));

const locale = (): string => (lang() === 'en' ? 'en-GB' : 'zh-CN');

export const time = (at: number): string => new Intl.DateTimeFormat(locale(), { hour: '2-digit', minute: '2-digit', hour12: false }).format(at);

/** Monday 23 November, 10:00 – 10:45, in the words of the language. */
export function when(from: number, to: number): string {
  const day = new Intl.DateTimeFormat(locale(), { weekday: 'long', day: 'numeric', month: 'long', year: 'numeric' }).format(from);
  return `${day.replace(',', '')}${lang() === 'en' ? ', ' : ' '}${time(from)} – ${time(to)}`;
}

/** Round steps from 0 to the first that is not below `most`: at most six ticks. */
export function ticks(most: number): number[] {
  let [step, at] = [1, 0];
  while (most / step > 4.5) step *= [2, 2.5, 2][at++ % 3]; // 1, 2, 5, 10, 20 …
  return Array.from({ length: Math.max(1, Math.ceil(most / step)) + 1 }, (_, n) => n * step);
}

/** Whole minutes to write under a plot of `minutes`, `room` of them at most. */
export function minuteMarks(minutes: number, room: number): number[] {
  const step = [1, 2, 5, 10, 15, 30, 60, 120, 240, 480].find((one) => minutes / one <= Math.max(1, room)) ?? 720;
  return Array.from({ length: Math.floor(minutes / step) + 1 }, (_, n) => n * step);
}

/** One area over another, as points of a polygon: `above` along the top, `below` back along the bottom. */
export function band(above: number[], below: number[], x: (n: number) => number, y: (value: number) => number): string {
  const place = (value: number, n: number) => `${x(n).toFixed(1)},${y(value).toFixed(1)}`;
  return [...above.map(place), ...below.map(place).reverse()].join(' ');
}

/** All events of the sources, the same kind once. */
export function kinds(sources: Source[]): { kind: string; n: number }[] {
  const found = new Map<string, number>();
  for (const one of sources) found.set(one.kind, (found.get(one.kind) ?? 0) + one.n);
  return [...found].map(([kind, n]) => ({ kind, n })).sort((a, b) => b.n - a.n);
}

/** Rows of cells from CSV as the server writes it. */
export function parse(csv: string): string[][] {
  const rows: string[][] = [];
  let [row, cell, quoted] = [[] as string[], '', false];
  const text = csv.replace(/^\ufeff/, '');
  for (let at = 0; at < text.length; at += 1) {
    const sign = text[at];
    if (quoted) {
      if (sign !== '"') cell += sign;
      else if (text[at + 1] === '"') cell += text[(at += 1)];
      else quoted = false;
    } else if (sign === '"') quoted = true;
    else if (sign === ',') [row, cell] = [[...row, cell], ''];
    else if (sign === '\n') {
      rows.push([...row, cell]);
      [row, cell] = [[], ''];
    } else if (sign !== '\r') cell += sign;
  }
  return row.length || cell ? [...rows, [...row, cell]] : rows;
}

/** Sources of many figures as one line a kind: all of them, from the first event to the last. */
export function gathered(sources: Source[]): Source[] {
  const found = new Map<string, Source>();
  const seen = new Set<string>();
  for (const one of sources) {
    const name = JSON.stringify([one.kind, one.where ?? {}]);
    if (seen.has(name)) continue;
    seen.add(name);
    const had = found.get(one.kind);
    found.set(one.kind, had ? { kind: one.kind, n: had.n + one.n, first: Math.min(had.first, one.first), last: Math.max(had.last, one.last) } : one);
  }
  return [...found.values()];
}
