// What this page sends: one for all that show it, and let go of a while after the last of them has.
import type { Live } from '@/live.svelte';
import type { As } from '../line';
import { Sending } from './sending.svelte';

/** A screen that goes may come back with the place on the stage: what it sends is held a little longer. */
const LINGER_MS = 20_000;
let shared: { sending: Sending; live: Live; holders: number; timer?: ReturnType<typeof setTimeout> } | undefined;

/** What is sent, and the way to let it go. */
export function hold(live: Live, as: As): [Sending, () => void] {
  if (shared?.live !== live) {
    shared?.sending.close();
    shared = { sending: new Sending(live, as), live, holders: 0 };
  }
  const held = shared;
  clearTimeout(held.timer);
  held.holders += 1;
  return [held.sending, () => {
    if ((held.holders -= 1) > 0) return;
    held.timer = setTimeout(() => {
      held.sending.close();
      if (shared === held) shared = undefined;
    }, LINGER_MS);
  }];
}
