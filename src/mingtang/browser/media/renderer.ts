// What plays objects: the decoders (playback/) or, where a browser lacks them, MediaSource (second/). Both take the same
// objects and are told the same things; who uses one does not know which it is.
import type { MediaObject } from './object';

/** Told about four times a second. Times are ms. */
export interface Stats {
  /** The browser lets no sound play before a tap. */
  locked: boolean;
  /** From capture to the ear, of the sound that is heard; 0 while none is. */
  delay: number;
  /** How much later than the best the sound comes that must still be heard: what the line asks for. */
  jitter: number;
  /** The longest silence since the last report that the line is to blame for. */
  gap: number;
  /** Pictures come so much later than the best of them did; 0 where none come. */
  behind: number;
  /** The picture before the eye against the sound at the ear; positive: the picture is late. Undefined without a pair. */
  skew?: number;
}

/** A place with a moving picture. */
export interface Shown {
  /** Another track from now on; what was seen last stays until that has a picture. */
  to(track: number): void;
  away(): void;
}

export interface Renderer {
  /** The object is the renderer's from then on. */
  take(object: MediaObject): void;
  /** The sounds to be heard, and the pictures with the sound that each goes with. What is left out is let go. */
  follow(sounds: readonly number[], pictures: ReadonlyMap<number, number | undefined>): void;
  /** Which of the sounds are mixed in; all until this is told. */
  mix(sounds: readonly number[]): void;
  /** Puts the picture of a track into a place. */
  show(track: number, place: HTMLElement): Shown;
  /** To be called in a tap: whether sound may play now. */
  unlock(): Promise<boolean>;
  /** From 0 to 1. */
  volume(share: number): void;
  onstats: (stats: Stats) => void;
  /** A track needs a key frame to go on. */
  onkey: (track: number) => void;
  /** There is no decoder for it here. */
  oncannot: (track: number, codec: string) => void;
  stop(): void;
}

/** A renderer that plays recordings, too. */
export interface Rewinder extends Renderer {
  /** `old`: from a recording; when it came says nothing of the line. */
  take(object: MediaObject, old?: boolean): void;
  /** Where the recording is (ms UTC), how fast it goes, and whether it goes. */
  place(at: number, rate: number, on: boolean): void;
  /** All that came before is not to be shown or heard any more. */
  reset(): void;
  /** No recording any more: what was heard of it is caught up with, not left out. */
  live(): void;
}

export const rewinds = (renderer: Renderer): renderer is Rewinder => 'place' in renderer;
