// What this browser hears and sees of the stage: the lesson says who is there, the ladder how much the line carries, the
// viewer what is large. Here it becomes wishes to the line, or to what was recorded, and to the renderer.
import type { Live } from '@/live.svelte';
import { HEADER, PICTURE, type MediaObject } from '../object';
import type { MediaPort } from '../port';
import type { Renderer, Stats } from '../renderer';
import { keep, kept, read } from './kept';
import { Ladder, RUNGS, type Rung } from './ladder';
import { Levels } from './levels';
import { Missing } from './missing';
import { Pace } from './pace';
import { Rewound } from './rewound';
import { faceOf, largeOf, LARGE, sceneOf, speakerOf, type Large, type Scene, type Tile } from './scene';

/** All layers, and the lowest alone for what is small. */
const [ALL, LOWEST] = [3, 0];
/** What the server leaves out is left out until it has said nothing for so long. */
const SHED_MS = 3_000;

export class Watching {
  rung = $state<Rung>('full');
  /** The line is the reason for the rung. */
  forced = $state(false);
  chosen = $state<Rung>(kept('rung', RUNGS) ?? 'full');
  wished = $state<Large | undefined>(kept('large', LARGE));
  stats = $state.raw<Stats>({ locked: true, delay: 0, jitter: 0, gap: 0, behind: 0 });
  /** Tiles whose people speak now. */
  speaking = $state.raw<ReadonlySet<string>>(new Set());
  bytes = $state(0);
  loudness = $state(Number(read('volume') ?? 1));
  /** The line of voice and picture is down. */
  away = $state(false);
  /** The lesson as it is heard: the live one, or an earlier moment of it. */
  shown = $state.raw<Live>() as Live;

  /** What stands in a window of its own. */
  aside = $state<Large | undefined>();
  /** Large cameras that the server leaves out for this line: small they are seen meanwhile. */
  lacking = $state.raw<ReadonlySet<number>>(new Set());

  readonly scene: Scene = $derived.by(() => sceneOf(this.shown.parts.media, this.shown.mine.media, this.port !== undefined && this.shown === this.live));
  readonly cameras: boolean = $derived(this.rung === 'full');
  readonly pictures: boolean = $derived(this.rung === 'full' || this.rung === 'no_cameras');
  readonly large = $derived.by(() => largeOf(this.pictures ? this.scene : { ...this.scene, screen: undefined, board: undefined }, this.wished, this.cameras));
  readonly speaker = $derived.by(() => (this.#speaker = speakerOf(this.scene, this.speaking, this.#speaker?.id)));
  /** The track of what is large; undefined where that is the slides. */
  readonly main: number | undefined = $derived.by(() => this.#trackOf(this.large.is));
  readonly asideTrack: number | undefined = $derived.by(() => this.aside && this.#trackOf(this.aside));
  /** The pictures before the eye, each with its highest layer. */
  readonly seen: ReadonlyMap<number, number> = $derived.by(() => this.#seen());

  readonly #rewound: Rewound;
  readonly #pace: Pace;
  #speaker: Tile | undefined;
  #ladder = new Ladder();
  #levels = new Levels();
  #missing = new Missing();
  #received = 0;
  #shed = -Infinity;

  /** `port` is undefined where nothing is live any more. */
  constructor(
    readonly live: Live,
    private readonly port: MediaPort | undefined,
    readonly renderer: Renderer,
  ) {
    this.shown = live;
    this.#ladder.chosen = this.rung = this.chosen;
    this.#pace = new Pace(() => this.#lag, () => live.clock());
    this.#rewound = new Rewound(live.lesson, renderer, (object) => this.#count(object));
    renderer.volume(this.loudness);
    renderer.onstats = (stats) => this.#measure(stats);
    renderer.onkey = (track) => port?.askKey(track);
    renderer.oncannot = (track, codec) => port?.cannot(track, codec);
    if (port) this.#listenTo(port);
    if (this.#isPaced) live.paced = this.#pace;
  }

  /** To be called in an effect: it follows what is wanted. */
  follow(): void {
    const { scene, seen } = this;
    const sounds = this.rung === 'slides_captions' ? [] : scene.sounds;
    const pictures = new Map([...seen.keys()].map((track) => [track, scene.pairs.get(track)]));
    this.renderer.follow(sounds, pictures);
    this.renderer.mix(this.#levels.loudest(sounds));
    this.#rewound.subscribe(sounds, [...pictures.keys()]);
    const wanted = [...sounds.map((track) => [track, ALL] as const), ...seen];
    this.port?.subscribe(new Map(this.#rewound.needsLive ? wanted : []));
  }

  /** The track of somebody's tile; undefined where he is not seen in it. */
  face(tile: Tile): number | undefined {
    const isLarge = this.large.is === 'speaker' && tile.id === this.speaker?.id;
    return this.cameras && !isLarge ? faceOf(tile, false, this.lacking) : undefined;
  }

  // An earlier moment

  /** From now on what is heard is this, told by `place` where it is. */
  rewind(played: Live): void {
    this.#missing.forget();
    this.#rewound.begin();
    this.shown = played;
  }

  /** ms UTC of the lesson. */
  place(at: number, rate: number, on: boolean): void {
    if (this.#rewound.place(at, rate, on, this.live.clock())) this.follow();
  }

  /** Whether the replay must wait for what is to be heard next. */
  get holds(): boolean {
    return this.#rewound.holds;
  }

  /** `caughtUp`: what is heard goes on without a jump. */
  toLive(caughtUp: boolean): void {
    this.#rewound.end(caughtUp);
    this.shown = this.live;
  }

  // What the viewer wants

  choose(rung: Rung): void {
    this.chosen = this.#ladder.chosen = rung;
    keep('rung', rung);
    this.#step();
  }

  get saves(): boolean {
    return this.chosen !== 'full';
  }

  save(): void {
    this.choose(this.saves ? 'full' : 'slides_sound');
  }

  enlarge(what: Large): void {
    this.wished = what;
    keep('large', what);
  }

  volume(share: number): void {
    this.loudness = share;
    this.renderer.volume(share);
    keep('volume', String(share));
  }

  stop(): void {
    if (this.live.paced === this.#pace) this.live.paced = undefined;
    this.#pace.stop();
    this.#rewound.stop();
    this.port?.subscribe(new Map());
    this.renderer.stop();
  }

  /** Only a student elsewhere: who teaches sees at once what he does, and in the room all is seen at once. */
  get #isPaced(): boolean {
    return this.port !== undefined && this.live.you?.role === 'student' && this.live.you.seat === 'remote';
  }

  /** How late the voice of the lesson is heard, ms. */
  get #lag(): number {
    return this.scene.tiles.some((tile) => tile.sounds.length && (tile.staff || tile.room)) ? this.stats.delay : 0;
  }

  #trackOf(what: Large): number | undefined {
    const { scene, cameras, pictures } = this;
    if (what === 'speaker') return cameras ? faceOf(this.speaker, true, this.lacking) : undefined;
    return { slides: undefined, screen: pictures ? scene.screen : undefined, board: pictures ? scene.board : undefined }[what];
  }

  #seen(): Map<number, number> {
    const seen = new Map<number, number>();
    for (const tile of this.scene.tiles) {
      const face = this.face(tile);
      if (face !== undefined) seen.set(face, face === tile.small ? ALL : LOWEST);
    }
    for (const track of [this.main, this.asideTrack]) if (track !== undefined) seen.set(track, ALL);
    // Wanted all the same: so it comes when there is room for it.
    const { camera, small } = this.speaker ?? {};
    if (camera !== undefined && this.lacking.has(camera) && [this.main, this.asideTrack].includes(small)) seen.set(camera, ALL);
    return seen;
  }

  #listenTo(port: MediaPort): void {
    port.onobject = (object) => {
      if (!this.#rewound.keeps(object)) this.#take(object);
    };
    port.onlevel = (track, layer) => {
      if (layer < 0) this.#leftOut(track);
    };
  }

  #leftOut(track: number): void {
    if (this.scene.tiles.some(({ camera, small }) => camera === track && small !== undefined)) this.lacking = new Set([...this.lacking, track]);
    else this.#shed = performance.now();
  }

  #take(object: MediaObject): void {
    this.#missing.heard(object, performance.now());
    if (object.kind === PICTURE && object.key && this.lacking.has(object.track)) this.lacking = new Set([...this.lacking].filter((track) => track !== object.track));
    this.#count(object);
    this.renderer.take(object);
  }

  #count(object: MediaObject): void {
    this.#received += object.payload.byteLength + HEADER;
    this.#levels.heard(object, performance.now());
  }

  #measure(stats: Stats): void {
    const now = performance.now();
    this.stats = stats;
    this.bytes = this.#received;
    this.away = this.port !== undefined && !this.port.isOpen;
    if (this.#rewound.isOn) return this.#listen(now);
    const { jitter, gap, skew = 0 } = stats;
    // Late is late, be it by the line or by a machine that cannot decode so much.
    const behind = Math.max(stats.behind, skew);
    const [shed, missing] = [now - this.#shed < SHED_MS, this.#missing.share(now)];
    if (!this.away && this.#ladder.measure({ jitter, gap, behind, shed, missing }, now)) this.#step();
    this.#listen(now);
  }

  #listen(now: number): void {
    const speaking = this.scene.tiles.filter((tile) => tile.sounds.some((track) => this.#levels.speaks(track, now))).map((tile) => tile.id);
    if (speaking.join() !== [...this.speaking].join()) this.speaking = new Set(speaking);
    if (this.scene.sounds.length) this.renderer.mix(this.#levels.loudest(this.scene.sounds));
  }

  #step(): void {
    this.#missing.forget();
    this.rung = this.#ladder.rung;
    this.forced = this.#ladder.forced;
    this.#shed = -Infinity;
  }
}
