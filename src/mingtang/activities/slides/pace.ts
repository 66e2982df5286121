// A student's own place in the lesson: pages before and after the one before his eyes, and the way back.
import type { Live } from '@/live.svelte';
import { hasPicture, inOrder, pictured, type Placed } from '@/steps';

const pages = (live: Live): Placed[] => inOrder(live.parts.slides).filter(hasPicture);

export function neighbour(live: Live, step: Placed, by: 1 | -1): Placed | undefined {
  const all = pages(live);
  return all[all.findIndex((one) => one.id === step.id) + by];
}

/** Turning to the page that the lesson shows is following the lesson again. */
export function look(live: Live, to: Placed | undefined): void {
  if (to) live.looking = to.id === pictured(live.parts.slides, null)?.id ? null : to.id;
}

export const turn = (live: Live, by: 1 | -1): void => {
  const step = pictured(live.parts.slides, live.looking);
  if (step) look(live, neighbour(live, step, by));
};
