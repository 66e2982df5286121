// The inks. A stroke names its colour by its place here, so places never change their colour.
import type { InkStroke } from '@/wire.gen';

export type Tool = InkStroke['tool'];

export const colors = ['#ad2f1d', '#20529a', '#1c1b19', '#1c6847', '#f2c04e', '#6c4685', '#ffffff', '#0b6470'] as const;
export const names = ['red', 'blue', 'black', 'green', 'yellow', 'violet', 'white', 'teal'] as const;

/** What each tool offers, and how broad it draws, in 1/8192 of the page's width. */
export const inks: Record<Tool, readonly number[]> = { pen: [0, 1, 2, 6], marker: [4, 3, 5] };
export const widths: Record<Tool, number> = { pen: 44, marker: 150 };
export const alphas: Record<Tool, number> = { pen: 1, marker: 0.38 };
