// Which activity components stand where: each says its places and its order, nothing lists them by hand.
import type { Component } from 'svelte';
import type { Live } from '@/live.svelte';

export type Piece = Component<{ live: Live; place: string }>;
export interface PieceModule {
  default: Piece;
  places?: readonly string[];
  order?: number;
}
export type Places = Record<string, Piece[]>;

/** Takes the modules of `import.meta.glob(…, { eager: true })`. */
export function arrange(modules: Record<string, unknown>): Places {
  const places: Places = {};
  const sorted = Object.entries(modules as Record<string, PieceModule>);
  sorted.sort(([a, one], [b, two]) => (one.order ?? 50) - (two.order ?? 50) || a.localeCompare(b));
  for (const [, module] of sorted) {
    for (const place of module.places ?? []) (places[place] ??= []).push(module.default);
  }
  return places;
}
