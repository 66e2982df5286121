// One watching for a page: where the screen is drawn anew around it, sound and picture go on.
import type { Live } from '@/live.svelte';
import { rendererFor } from './renderers';
import type { Why } from '../able';
import { letGo, mediaPort, type As } from '../line';
import { Watching } from './watching.svelte';

const LINGER_MS = 3_000;

interface Held {
  made: Promise<Watching | Why>;
  holders: number;
  end: () => void;
}

const held = new Map<string, Held>();

/** `as` is undefined where nothing is live any more. Each hold wants its own `release`. */
export function hold(live: Live, as: As | undefined): Promise<Watching | Why> {
  const one = held.get(live.lesson) ?? begin(live, as);
  held.set(live.lesson, one);
  one.holders += 1;
  return one.made;
}

export function release(live: Live): void {
  const one = held.get(live.lesson);
  setTimeout(() => {
    if (!one || (one.holders -= 1) > 0) return;
    held.delete(live.lesson);
    one.end();
  }, LINGER_MS);
}

function begin(live: Live, as: As | undefined): Held {
  const port = as && mediaPort(live.lesson, as);
  const made = rendererFor(() => (port ? port.now() : live.clock())).then((renderer) => (typeof renderer === 'string' ? renderer : new Watching(live, port, renderer)));
  const end = async (): Promise<void> => {
    const watching = await made;
    if (watching instanceof Watching) watching.stop();
    if (port) letGo(port);
  };
  return { made, holders: 0, end: () => void end() };
}
