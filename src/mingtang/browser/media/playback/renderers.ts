// Which renderer this browser can have; each is fetched only where it is used.
import { able, type Why } from '../able';
import type { Renderer } from '../renderer';

export async function rendererFor(now: () => number): Promise<Renderer | Why> {
  const { play } = await able();
  if (play === 'webcodecs') return new (await import('./playback')).Playback(now);
  return play === 'mediasource' ? (await import('../second/second')).second(now) : play;
}
