// What was recorded, read a little ahead of where the replay is: the same objects that were once live, from the files.
import { CONFIGURATION, type MediaObject } from '../object';

const AHEAD_MS = 4_000;
/** Ranges end at whole windows, so that all who watch ask for the same ones. */
const WINDOW_MS = 20_000;
const PAUSE_MS = 80;
/** A file that grows is asked again for what has come since. */
const AGAIN_MS = 400;
const BEGUN_MS = 120;

export interface Stored {
  tracks: Record<string, { spans: [number, number][] }>;
  live: boolean;
}

export interface Source {
  index(): Promise<Stored>;
  read(track: number, from: number, to: number, signal: AbortSignal): AsyncIterable<MediaObject>;
}

interface Feed {
  stop: AbortController;
  /** Up to here it has been read, ms UTC. */
  reached: number;
  /** At the end of what there is: nobody is to wait for more. */
  dry: boolean;
}

export class Tape {
  onobject = (_: MediaObject): void => {};
  #feeds = new Map<number, Feed>();
  #wanted: readonly number[] = [];
  #stored: Stored | undefined;
  #closed = false;

  /** `at` tells where the replay is, ms UTC. */
  constructor(
    private readonly source: Source,
    private readonly at: () => number,
  ) {
    void this.#look();
  }

  subscribe(tracks: readonly number[]): void {
    this.#wanted = tracks;
    for (const [track, { stop }] of this.#feeds) if (!tracks.includes(track)) this.#end(track, stop);
    for (const track of tracks) if (!this.#feeds.has(track) && this.#stored?.tracks[track]) this.#begin(track);
  }

  /** The replay has jumped: all is read from there. */
  moved(): void {
    for (const [track, { stop }] of this.#feeds) this.#end(track, stop);
    this.subscribe(this.#wanted);
  }

  /** Whether the replay can go on from here with these tracks. */
  isReady(tracks: readonly number[]): boolean {
    if (!this.#stored) return false;
    return tracks.every((track) => {
      const feed = this.#feeds.get(track);
      return !feed || feed.dry || feed.reached >= this.at() + BEGUN_MS;
    });
  }

  close(): void {
    this.#closed = true;
    for (const [track, { stop }] of this.#feeds) this.#end(track, stop);
  }

  async #look(): Promise<void> {
    this.#stored = await this.source.index().catch(() => ({ tracks: {}, live: false }));
    if (this.#closed) return;
    this.subscribe(this.#wanted);
    // Of a lesson that goes on a track may come that is not there yet.
    if (this.#stored.live) setTimeout(() => void this.#look(), 10 * AGAIN_MS);
  }

  #begin(track: number): void {
    const feed: Feed = { stop: new AbortController(), reached: -Infinity, dry: false };
    this.#feeds.set(track, feed);
    void this.#run(track, feed);
  }

  #end(track: number, stop: AbortController): void {
    stop.abort();
    this.#feeds.delete(track);
  }

  /** A range that cannot be had leaves a hole; the next one is asked for all the same. */
  async #run(track: number, feed: Feed): Promise<void> {
    const { signal } = feed.stop;
    let [from, seq] = [this.at(), -1];
    while (!signal.aborted) {
      const to = (Math.floor(from / WINDOW_MS) + 1) * WINDOW_MS;
      let until = from;
      try {
        for await (const object of this.source.read(track, from, to, signal)) {
          if (object.kind !== CONFIGURATION && object.seq <= seq) continue;
          seq = object.kind === CONFIGURATION ? seq : object.seq;
          until = Math.max(until, object.time);
          await this.#turn(object.time, signal);
          if (signal.aborted) return;
          this.onobject(object);
          feed.reached = Math.max(feed.reached, object.time);
          feed.dry = false;
        }
      } catch {
        if (signal.aborted) return;
      }
      from = this.#next(track, until, to);
      feed.dry = from < to;
      feed.reached = Math.max(feed.reached, from);
      await this.#turn(from, signal);
      if (from < to) await pause(AGAIN_MS);
    }
  }

  /** Where the next range begins: in a file that still grows, where this one ended. */
  #next(track: number, until: number, to: number): number {
    const last = this.#stored?.tracks[track]?.spans.at(-1)?.[1] ?? 0;
    return this.#stored?.live && to > last ? until : to;
  }

  async #turn(time: number, signal: AbortSignal): Promise<void> {
    while (!signal.aborted && time > this.at() + AHEAD_MS) await pause(PAUSE_MS);
  }
}

const pause = (ms: number): Promise<void> => new Promise((done) => setTimeout(done, ms));
