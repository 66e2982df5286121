// What is at the ear now, known in the worker: the mixer tells it twenty times a second, and between that clocks run.
import type { Heard, Place, Report } from './talk';

/** Of so many reports the one that came quickest tells how the two clocks stand. */
const REPORTS = 40;
/** A sound that has waited so long holds no picture up any more. */
const PATIENCE_MS = 1_500;

interface Told extends Heard {
  /** ms on this machine's wall clock at which `at` was true. */
  when: number;
  since?: number;
}

export class Ear {
  /** From the mixer to the ear. */
  latency = 0;
  /** A recording is where the page says. */
  place: Place | undefined;
  #voices = new Map<number, Told>();
  #offsets: number[] = [];

  hear({ now, voices }: Report, when: number): void {
    this.#offsets = [...this.#offsets, when - now].slice(-REPORTS);
    const was = now + Math.min(...this.#offsets);
    const before = this.#voices;
    this.#voices = new Map(voices.map((one) => [one.track, { ...one, when: was, since: one.waits ? (before.get(one.track)?.since ?? was) : undefined }]));
  }

  /** The capture time of what is heard of this track; undefined when nothing is. */
  at(track: number | undefined, when: number): number | undefined {
    const { place } = this;
    if (place) return place.at + (place.on ? (when - place.when) * place.rate : 0);
    const voice = track === undefined ? undefined : this.#voices.get(track);
    if (!voice || Number.isNaN(voice.at) || when - voice.when > PATIENCE_MS) return undefined;
    if (voice.waits) return when - (voice.since ?? when) > PATIENCE_MS ? undefined : voice.at - this.latency;
    return voice.at + (when - voice.when) - this.latency;
  }
}
