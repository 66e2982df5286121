// Voice and picture of a lesson that is played: their player is fetched only where something was recorded.
import type WatchOf from '@/media/playback/Watch.svelte';

export type Heard = typeof WatchOf;

export async function heard(lesson: string): Promise<Heard | undefined> {
  try {
    const { tracks } = (await (await fetch(`/api/media/${lesson}`)).json()) as { tracks?: object };
    return Object.keys(tracks ?? {}).length ? (await import('@/media/playback/Watch.svelte')).default : undefined;
  } catch {
    return undefined; // the lesson is played without them
  }
}
