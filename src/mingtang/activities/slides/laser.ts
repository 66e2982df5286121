// The laser: where the teacher points, at pointer speed, never kept.
import type { Live } from '@/live.svelte';

export interface Spot {
  x: number;
  y: number;
}

const EVERY = 33;
/** A pointer that rests is said again, so that it does not seem gone. */
const RESTING = 1_000;
const GONE = 2_500;

/** Says a place at most every 33 ms, the last one always; `undefined` puts the pointer away. */
export function pointer(live: Live): (at: Spot | undefined) => void {
  let next: Spot | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let last = 0;

  const send = () => {
    last = performance.now();
    live.say('slides', next ? { x: share(next.x), y: share(next.y) } : {});
    timer = next && setTimeout(send, RESTING);
  };
  return (at) => {
    next = at;
    clearTimeout(timer);
    timer = setTimeout(send, Math.max(0, EVERY - (performance.now() - last)));
  };
}

const share = (value: number) => Math.round(Math.min(1, Math.max(0, value)) * 1e4) / 1e4;

/** Tells where the pointer is; when nothing more is heard it is gone. */
export function watch(live: Live, tell: (at: Spot | undefined) => void): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const off = live.hear('slides', ({ x, y }) => {
    clearTimeout(timer);
    const there = typeof x === 'number' && typeof y === 'number';
    tell(there ? { x, y } : undefined);
    if (there) timer = setTimeout(() => tell(undefined), GONE);
  });
  return () => (off(), clearTimeout(timer));
}

export function within(event: PointerEvent & { currentTarget: Element }): Spot {
  const box = event.currentTarget.getBoundingClientRect();
  return { x: (event.clientX - box.left) / box.width, y: (event.clientY - box.top) / box.height };
}
