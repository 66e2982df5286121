// The renderer for browsers without WebCodecs: plain http, Firefox for Android, an older iPhone. It puts the same objects
// into containers for MediaSource. Each track has an element of its own, so that a picture that is late or left out never
// stops a sound; all of them are steered to one moment of the lesson, a little behind what is live.
import { allowed, reloadOnce } from '../capture/allowed';
import { CONFIGURATION, SOUND, type MediaObject } from '../object';
import type { Rewinder, Shown, Stats } from '../renderer';
import { Player } from './player';
import { Lateness } from './steering';
import { keepStill, put } from './still';

/** Behind what is live: at first, after stalls at most. */
export const [DELAY_MS, LONGEST_DELAY_MS] = [600, 900];
const LONGER_MS = 100;
const [LOOK_MS, TELL_MS] = [100, 250];

/** `now` is the lesson's clock. */
export function second(now: () => number): Rewinder {
  return new Second(now);
}

interface Place {
  at: number;
  rate: number;
  on: boolean;
  told: number;
}

class Second implements Rewinder {
  onstats: (stats: Stats) => void = () => undefined;
  onkey: (track: number) => void = () => undefined;
  oncannot: (track: number, codec: string) => void = () => undefined;

  #players = new Map<number, Player>();
  #sounds: readonly number[] = [];
  #pictures: ReadonlyMap<number, number | undefined> = new Map();
  #places = new Map<number, HTMLElement[]>();
  #lateness = { sound: new Lateness(), picture: new Lateness() };
  #late = { sound: 0, picture: 0 };
  #delay = DELAY_MS;
  #stalls = 0;
  #volume = 1;
  /** Where the recording is, while one is played. */
  #place: Place | undefined;
  #mixed: ReadonlySet<number> | undefined;
  #looking = setInterval(() => this.#look(), LOOK_MS);
  #telling = setInterval(() => this.#tell(), TELL_MS);

  constructor(private readonly now: () => number) {
    document.addEventListener('securitypolicyviolation', this.#barred);
    if (!allowed()) reloadOnce();
  }

  /** The page came before its reader had joined from afar, with headers for the room: it plays nothing. */
  #barred = (event: SecurityPolicyViolationEvent): void => {
    if (event.effectiveDirective === 'media-src') reloadOnce();
  };

  take(object: MediaObject, old = false): void {
    const player = this.#players.get(object.track);
    if (!player) return;
    const at = performance.now();
    if (object.kind !== CONFIGURATION && !old) this.#notice(object, at);
    player.take(object, at);
  }

  #notice(object: MediaObject, at: number): void {
    const kind = object.kind === SOUND ? 'sound' : 'picture';
    this.#late[kind] = Math.max(this.#late[kind], this.#lateness[kind].came(at, object.time));
  }

  follow(sounds: readonly number[], pictures: ReadonlyMap<number, number | undefined>): void {
    [this.#sounds, this.#pictures] = [[...sounds], new Map(pictures)];
    const wanted = new Set([...sounds, ...pictures.keys()]);
    for (const [track, player] of this.#players) if (!wanted.has(track)) this.#leave(track, player);
    for (const track of wanted) if (!this.#players.has(track)) this.#players.set(track, this.#made(track));
  }

  #leave(track: number, player: Player): void {
    player.close();
    this.#players.delete(track);
  }

  #made(track: number): Player {
    const player = new Player();
    player.onkey = () => this.onkey(track);
    player.oncannot = (codec) => this.oncannot(track, codec);
    player.onelement = () => {
      this.#loud(track);
      this.#put(track);
    };
    return player;
  }

  show(track: number, place: HTMLElement): Shown {
    let is = track;
    this.#enter(is, place);
    return {
      to: (next) => {
        keepStill(place);
        this.#leavePlace(is, place);
        this.#enter((is = next), place);
      },
      away: () => this.#leavePlace(is, place),
    };
  }

  #enter(track: number, place: HTMLElement): void {
    this.#places.set(track, [...(this.#places.get(track) ?? []), place]);
    this.#put(track);
  }

  #leavePlace(track: number, place: HTMLElement): void {
    this.#places.set(track, (this.#places.get(track) ?? []).filter((one) => one !== place));
    this.#put(track);
  }

  /** An element is in one place: the last that was given. */
  #put(track: number): void {
    const [element, place] = [this.#players.get(track)?.element, this.#places.get(track)?.at(-1)];
    if (!(element instanceof HTMLVideoElement)) return;
    if (place) put(place, element);
    else element.remove();
  }

  async unlock(): Promise<boolean> {
    const sounds = this.#heard();
    await Promise.all(sounds.map((player) => player.play()));
    return sounds.every((player) => !player.locked);
  }

  #heard(): Player[] {
    return this.#sounds.flatMap((track) => this.#players.get(track) ?? []);
  }

  volume(share: number): void {
    this.#volume = share;
    for (const track of this.#sounds) this.#loud(track);
  }

  mix(sounds: readonly number[]): void {
    this.#mixed = new Set(sounds);
    for (const track of this.#sounds) this.#loud(track);
  }

  /** Who is not mixed in plays on unheard, so that it is there at once when it is. */
  #loud(track: number): void {
    const element = this.#players.get(track)?.element;
    if (element instanceof HTMLAudioElement) element.volume = this.#mixed?.has(track) === false ? 0 : this.#volume;
  }

  place(at: number, rate: number, on: boolean): void {
    this.#place = { at, rate, on, told: performance.now() };
  }

  reset(): void {
    for (const player of this.#players.values()) player.reset();
  }

  live(): void {
    this.#place = undefined;
  }

  /** Sounds go by the clock, a picture by the sound it goes with. */
  #look(): void {
    const at = performance.now();
    const wanted = this.#wanted(at);
    if (wanted === undefined) return;
    if (this.#place?.on === false) return this.#players.forEach((player) => player.hold(wanted, at));
    this.#patience();
    for (const track of this.#sounds) this.#steer(this.#players.get(track), wanted, at);
    for (const [track, sound] of this.#pictures) this.#steer(this.#players.get(track), this.#moment(sound) ?? wanted, at);
  }

  /** The moment of the lesson that is to be heard now. */
  #wanted(at: number): number | undefined {
    const place = this.#place;
    if (place) return place.at + (place.on ? (at - place.told) * place.rate : 0);
    const live = this.#lateness.sound.now(at) ?? this.#lateness.picture.now(at);
    return live === undefined ? undefined : live - this.#delay;
  }

  #moment(sound: number | undefined): number | undefined {
    const player = sound === undefined ? undefined : this.#players.get(sound);
    return player?.moving ? player.time() : undefined;
  }

  #steer(player: Player | undefined, wanted: number, at: number): void {
    const rate = this.#place?.rate ?? 1;
    const soon = (player?.steer(wanted, at, rate) ?? Infinity) / rate;
    if (soon < LOOK_MS) setTimeout(() => player?.steer(wanted + soon * rate, performance.now(), rate), soon);
  }

  /** Who stood still waits a little more for all that follows. */
  #patience(): void {
    const stalls = this.#heard().reduce((sum, player) => sum + player.stalls, 0);
    if (stalls > this.#stalls && !this.#place) this.#delay = Math.min(this.#delay + LONGER_MS, LONGEST_DELAY_MS);
    this.#stalls = stalls;
  }

  #tell(): void {
    const heard = this.#heard();
    const times = heard.flatMap((player) => player.time() ?? []);
    this.onstats({
      locked: heard.some((player) => player.locked),
      delay: times.length ? this.now() - Math.max(...times) : 0,
      jitter: this.#late.sound,
      gap: Math.max(0, ...heard.map((player) => player.gap)),
      behind: this.#late.picture,
      skew: this.#skew(),
    });
    for (const player of heard) player.gap = 0;
    this.#late = { sound: 0, picture: 0 };
  }

  #skew(): number | undefined {
    for (const [track, sound] of this.#pictures) {
      const [eye, ear] = [this.#players.get(track)?.time(), this.#moment(sound)];
      if (eye !== undefined && ear !== undefined) return ear - eye;
    }
    return undefined;
  }

  stop(): void {
    document.removeEventListener('securitypolicyviolation', this.#barred);
    clearInterval(this.#looking);
    clearInterval(this.#telling);
    this.follow([], new Map());
  }
}
