// One track as it is played: from objects to its element, kept where it should be.
import { CONFIGURATION, type MediaObject } from '../object';
import type { Configuration } from '../port';
import { Gathering } from './gathering';
import { container, Source } from './source';
import { EAR, EYE, steer } from './steering';

const ROOM_MS = 60;
/** After an error it begins anew, later each time: a computer without loudspeaker fails at once every time. */
const [AGAIN_MS, AGAIN_AT_MOST_MS] = [250, 10_000];
const NEVER = Infinity;
const SAME_PLACE_MS = 20;

export class Player {
  onkey: () => void = () => undefined;
  oncannot: (codec: string) => void = () => undefined;
  /** The element was made, anew after an error. */
  onelement: (element: HTMLMediaElement) => void = () => undefined;
  /** The browser lets no sound play before a tap. */
  locked = false;
  /** It plays, and does not only mean to. */
  moving = false;
  /** Times that it stood still although objects were coming, and the longest of them in ms. */
  stalls = 0;
  gap = 0;

  #configuration: Configuration | undefined;
  #source: Source | undefined;
  #gathering = new Gathering();
  #begun = false;
  #needsKey = true;
  #stood = NEVER;
  #came = 0;
  #pause = AGAIN_MS / 2;
  #timer: ReturnType<typeof setTimeout> | undefined;

  get element(): HTMLMediaElement | undefined {
    return this.#source?.element;
  }

  take(object: MediaObject, now: number): void {
    if (object.kind === CONFIGURATION) return this.#configure(JSON.parse(new TextDecoder().decode(object.payload)));
    if (!this.#source || (this.#needsKey && !object.key)) return;
    this.#needsKey = false;
    this.#came = now;
    this.#gathering.take(object, now);
    this.#source.append(this.#gathering.give(now));
  }

  #configure(given: Configuration): void {
    if (JSON.stringify(given) === JSON.stringify(this.#configuration)) return;
    if (!container(given)) return this.oncannot(given.codec);
    this.#configuration = given;
    this.#needsKey = true;
    if (this.#source) this.#source.configure(given);
    else if (this.#timer === undefined) this.#begin(given);
  }

  #begin(given: Configuration): void {
    this.#timer = undefined;
    this.#source = new Source(given);
    this.#source.onbroken = () => this.#again();
    this.#gathering = new Gathering();
    this.#begun = this.moving = false;
    this.#stood = NEVER;
    this.#source.element.addEventListener('waiting', () => this.#stand());
    this.#source.element.addEventListener('playing', () => this.#go());
    this.#source.element.addEventListener('pause', () => (this.moving = false));
    this.onelement(this.#source.element);
  }

  #again(): void {
    this.#source?.close();
    this.#source = undefined;
    this.#pause = Math.min(2 * this.#pause, AGAIN_AT_MOST_MS);
    this.#timer = setTimeout(() => {
      this.#needsKey = true;
      if (this.#configuration) this.#begin(this.#configuration);
      this.onkey();
    }, this.#pause);
  }

  /** Standing still counts while objects come: at the end of what was said there is nothing to play. */
  #stand(): void {
    this.moving = false;
    if (this.#begun) this.#stood = performance.now();
  }

  #go(): void {
    this.moving = true;
    if (this.#stood !== NEVER && this.#came > this.#stood) {
      this.stalls += 1;
      this.gap = Math.max(this.gap, performance.now() - this.#stood);
    }
    this.#stood = NEVER;
  }

  /** The moment of the lesson that is at the ear or before the eye; undefined before it has begun. */
  time(): number | undefined {
    return this.#begun && this.element ? this.#gathering.timeline.timeAt(this.element.currentTime * 1000) : undefined;
  }

  /** What was there is not to be heard or seen any more: another moment of the lesson comes. */
  reset(): void {
    this.element?.pause();
    this.#gathering.forget();
    this.#begun = this.moving = false;
    this.#needsKey = true;
    this.#stood = NEVER;
  }

  /** Brings it to the moment where it should be, at `rate` from there; returns ms after which to look again. */
  steer(wanted: number, now: number, rate = 1): number {
    this.#source?.append(this.#gathering.give(now));
    const { timeline } = this.#gathering;
    const [element, place] = [this.element, timeline.placeOf(wanted)];
    if (!element || place === undefined) return NEVER;
    const here = (this.#begun ? timeline.timeAt(element.currentTime * 1000) : timeline.timeAt(place)) ?? wanted;
    const act = steer(here - wanted, element.playbackRate / rate, this.#begun, this.isSound ? EAR : EYE);
    if (act.act === 'wait') return this.#wait(element, act.ms);
    const isThere = this.#until - place >= ROOM_MS;
    if (!isThere && !this.#begun) return NEVER;
    if (isThere && (act.act === 'leap' || !this.#begun)) this.#leap(element, place);
    this.#play(element, rate * (act.act === 'play' ? act.rate : 1));
    return NEVER;
  }

  /** Stands at this moment. */
  hold(wanted: number, now: number): void {
    this.#source?.append(this.#gathering.give(now));
    const [element, place] = [this.element, this.#gathering.timeline.placeOf(wanted)];
    if (!element || place === undefined) return;
    if (!element.paused) element.pause();
    if (!this.isSound && this.#until >= place) this.#leap(element, place);
  }

  get isSound(): boolean {
    return this.element instanceof HTMLAudioElement;
  }

  get #until(): number {
    return this.#source?.until ?? 0;
  }

  #leap(element: HTMLMediaElement, place: number): void {
    if (Math.abs(element.currentTime * 1000 - place) > SAME_PLACE_MS) element.currentTime = place / 1000;
  }

  #wait(element: HTMLMediaElement, ms: number): number {
    if (!element.paused) element.pause();
    return ms;
  }

  #play(element: HTMLMediaElement, rate: number): void {
    if (element.playbackRate !== rate) element.playbackRate = rate;
    this.#begun = true;
    if (element.paused) void this.play();
  }

  async play(): Promise<void> {
    try {
      await this.element?.play();
      this.locked = false;
    } catch (error) {
      this.locked = error instanceof DOMException && error.name === 'NotAllowedError';
    }
  }

  close(): void {
    clearTimeout(this.#timer);
    this.#source?.close();
  }
}
