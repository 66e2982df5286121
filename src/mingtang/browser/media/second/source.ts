// One track in one element: its MediaSource, what waits to be appended, and a new beginning after an error.
import type { Configuration } from '../port';
import type { Bytes } from './boxes';
import { mp4 } from './mp4';
import { isSound, type Container, type Sample } from './sample';
import { webm } from './webm';

const KEPT_S = 8;
const TRIMMED_S = 20;

type Managed = typeof MediaSource;

/** An iPhone has the managed kind alone. */
export function mediaSource(): Managed | undefined {
  const here = globalThis as { ManagedMediaSource?: Managed; MediaSource?: Managed };
  return here.MediaSource ?? here.ManagedMediaSource;
}

/** How this browser takes a track; undefined: not at all. */
export function container(given: Configuration): Container | undefined {
  const possible = [mp4(given), webm(given)];
  return possible.find((one) => one && mediaSource()?.isTypeSupported(one.type));
}

export class Source {
  onbroken: () => void = () => undefined;

  readonly element: HTMLMediaElement;
  readonly #source: MediaSource;
  #buffer: SourceBuffer | undefined;
  #container: Container | undefined;
  #waiting: Bytes[] = [];
  #types: string[] = [];
  #address: string;

  constructor(first: Configuration) {
    this.element = isSound(first) ? new Audio() : silent(document.createElement('video'));
    this.element.disableRemotePlayback = true; // or the managed kind never opens
    this.#source = new (mediaSource() as Managed)();
    this.#source.addEventListener('sourceopen', () => this.#open());
    this.#address = URL.createObjectURL(this.#source);
    this.element.src = this.#address;
    this.element.addEventListener('error', () => this.onbroken());
    this.configure(first);
  }

  /** False when this browser has no decoder for it. */
  configure(given: Configuration): boolean {
    const next = container(given);
    if (!next) return false;
    this.#container = next;
    this.#add(next.opening(), next.type);
    return true;
  }

  append(samples: readonly Sample[]): void {
    if (this.#container && samples.length) this.#add(this.#container.piece(samples), this.#container.type);
  }

  #add(bytes: Bytes, type: string): void {
    this.#waiting.push(bytes);
    this.#types.push(type);
    this.#next();
  }

  #open(): void {
    if (this.#buffer || !this.#types.length) return;
    this.#buffer = this.#source.addSourceBuffer(this.#types[0]);
    this.#type = this.#types[0];
    this.#buffer.addEventListener('updateend', () => this.#next());
    this.#next();
  }

  #type = '';

  #next(): void {
    const buffer = this.#buffer;
    if (!buffer || buffer.updating || this.#source.readyState !== 'open') return;
    try {
      if (this.#trim(buffer) || !this.#waiting.length) return;
      if (this.#types[0] !== this.#type) buffer.changeType((this.#type = this.#types[0]));
      buffer.appendBuffer(this.#waiting[0]);
      this.#waiting.shift();
      this.#types.shift();
    } catch {
      this.onbroken();
    }
  }

  /** What has been played is let go now and then. */
  #trim(buffer: SourceBuffer): boolean {
    const [now, begin] = [this.element.currentTime, buffer.buffered.length ? buffer.buffered.start(0) : 0];
    if (now - begin < TRIMMED_S) return false;
    buffer.remove(0, now - KEPT_S);
    return true;
  }

  /** ms on the timeline up to which there is something to play. */
  get until(): number {
    const { buffered } = this.element;
    return buffered.length ? buffered.end(buffered.length - 1) * 1000 : 0;
  }

  close(): void {
    this.onbroken = () => undefined;
    this.element.pause();
    this.element.removeAttribute('src');
    this.element.load();
    this.element.remove();
    URL.revokeObjectURL(this.#address);
  }
}

function silent(video: HTMLVideoElement): HTMLVideoElement {
  video.muted = true;
  video.playsInline = true;
  return video;
}
