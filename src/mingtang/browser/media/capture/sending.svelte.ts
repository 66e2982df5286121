// What this page sends: its sources, from the switch that was pressed to the track in the log, and back when one goes.
import type { Live } from '@/live.svelte';
import { whyNot } from '../able';
import { letGo, mediaPort, type As, type Line } from '../line';
import { Absence } from './absence';
import { choose as chooseCodec, isSupported, type Codec } from './codecs';
import { choose, chosen, devices, open, screen, spare, type Need } from './devices';
import { Encoders, type Encoded } from './encoders';
import { Gate } from './gate';
import { START } from './ladder';
import { Running } from './running';
import { SILENCE } from './samples';
import { Span } from './span';
import { Tile } from './tile';
import { begin, isSound, ownTracks, smallOf, sourceOf, speaking, until, type Kind } from './tracks';

/** `why` and what stands in it: a message. */
export interface Trouble {
  why: string;
  params?: Record<string, unknown>;
}

const [VOICE_BITS, SCREEN_BITS] = [32_000, 64_000];
const PRESSURE_MS = 500;
/** Students' faces need no more than this rung, whoever teaches may have all. */
const MOST = { staff: 4, student: START } as const;

export class Sending {
  /** Devices in use, by kind: what a switch shows. */
  on = $state<Partial<Record<Kind, 'starting' | 'on'>>>({});
  troubles = $state<Partial<Record<Kind, Trouble>>>({});
  /** Own mute. */
  quiet = $state(false);
  level = $state(SILENCE);
  /** Nothing of what is sent arrives now. */
  away = $state(false);
  /** For showing them to their owner. */
  devices = $state.raw<Partial<Record<Kind, MediaStreamTrack>>>({});

  #line: Line;
  #encoders: Encoders | undefined;
  #running = new Map<Kind, Running>();
  #undecoded = new Set<string>();
  #absence = new Absence();
  #pieces = new Span();
  #pressing: ReturnType<typeof setInterval>;
  #unfollow = () => undefined as void;
  #told: boolean | undefined;
  #stopped = false;

  constructor(private readonly live: Live, as: As) {
    this.#line = mediaPort(live.lesson, as);
    this.#line.onkey = (track) => (this.#of(track)?.encoded ?? this.#tile(track)?.encoded)?.order({ do: 'key' });
    this.#line.oncannot = (track, codec) => void (this.#tile(track)?.cannot() ?? this.#change(track, codec));
    this.#line.onback = () => this.#back();
    this.#pressing = setInterval(() => this.#press(), PRESSURE_MS);
    // Not within the screen that happens to ask first: what it begins would stand still when it goes.
    queueMicrotask(() => this.#stopped || this.#begins());
  }

  /** Until the lesson's clock is known the times of objects would be wrong. */
  get encoders(): Encoders {
    return (this.#encoders ??= new Encoders(() => this.#line.now()));
  }

  get place(): number | undefined {
    return this.live.mine.media?.place;
  }

  get lent(): boolean {
    return this.live.mine.media?.lent === true && this.place === undefined;
  }

  get silenced(): boolean {
    return this.live.mine.media?.silenced === true;
  }

  get isStaff(): boolean {
    return this.live.you?.role === 'teacher' || this.live.you?.role === 'assistant';
  }

  async start(kind: Kind, given?: MediaStreamTrack): Promise<void> {
    if (this.on[kind] || this.#stopped) return;
    this.on[kind] = 'starting';
    delete this.troubles[kind];
    try {
      if (kind === 'screen') return await this.#startScreen();
      await this.#begin(kind, given ?? (await this.#open(kind as Need)));
    } catch (error) {
      this.#fail(kind, whyNot(error));
    }
  }

  stop(kind: Kind): void {
    const running = this.#running.get(kind);
    this.#let(kind);
    if (running) void this.live.do('media.stop', { track: running.track });
    if (kind === 'screen') this.stop('screen_sound');
  }

  async mute(on: boolean): Promise<void> {
    this.quiet = on;
    this.#hush();
    if (this.place !== undefined) await this.live.do('media.quiet', { on });
  }

  /** Another device for what runs or will run. */
  async use(need: Need, id: string): Promise<void> {
    choose(need, id);
    const running = this.#running.get(need);
    if (running) await this.#replace(running, id).catch((error) => (this.troubles[need] = { why: whyNot(error) }));
  }

  #begins(): void {
    this.#unfollow = $effect.root(() => {
      $effect(() => this.#follow());
    });
  }

  /** What the log says: a place that was lost, a track that somebody ended, how many speak, who is muted. */
  #follow(): void {
    const { live } = this;
    const tracks = ownTracks(live);
    const [place, lent, link] = [this.place, this.lent, live.link];
    const [span, quiet] = [this.#span(), live.mine.media?.quiet === true];
    if (quiet !== this.#told) this.quiet = this.#told = quiet;
    void [this.silenced, ...Object.values(this.on)];
    this.#hush();
    for (const running of this.#running.values()) {
      if (isSound(running.kind)) running.encoded.order({ do: 'span', span });
    }
    if (link === 'ended' || link === 'removed') return this.leave();
    if (link !== 'live') return;
    for (const [kind, running] of this.#running) {
      if (this.on[kind] === 'on' && !(running.track in tracks)) this.#lost(kind, running, place !== undefined || lent);
    }
  }

  /** Lets go of every device. */
  leave(): void {
    for (const kind of [...this.#running.keys()]) this.#let(kind);
    this.on = {};
  }

  close(): void {
    this.#stopped = true;
    this.#unfollow();
    clearInterval(this.#pressing);
    this.leave();
    this.#encoders?.stop();
    this.#line.onkey = this.#line.oncannot = this.#line.onback = () => undefined;
    letGo(this.#line);
  }

  async #open(need: Need): Promise<MediaStreamTrack> {
    const camera = this.devices.camera?.getSettings().deviceId;
    return need === 'document' && camera && !chosen(need) ? open(need, await spare(camera)) : open(need);
  }

  async #startScreen(): Promise<void> {
    const { picture, sound } = await screen();
    await this.#begin('screen', picture);
    if (sound && this.on.screen) {
      this.on.screen_sound = 'starting';
      await this.#begin('screen_sound', sound);
    }
  }

  async #begin(kind: Kind, device: MediaStreamTrack): Promise<void> {
    const codec = isSound(kind) ? undefined : await chooseCodec(isSupported, this.#undecoded);
    if (!isSound(kind) && !codec) return this.#fail(kind, 'able.no_encoder', device);
    const track = this.on[kind] && (await this.#enter(kind, codec?.codec ?? 'opus'));
    if (typeof track !== 'number') return this.#fail(kind, track || '', device);
    const gate: Gate = new Gate(track, { publish: (data) => this.#line.publish(data), wantKey: () => this.#running.get(kind)?.encoded.order({ do: 'key' }) });
    const encoded = await this.#encode(kind, device, codec, gate);
    if (!this.on[kind]) {
      encoded.stop();
      void this.live.do('media.stop', { track });
      return this.#fail(kind, '', device);
    }
    this.#running.set(kind, new Running(kind, device, gate, encoded, codec));
    this.devices = { ...this.devices, [kind]: device };
    this.on[kind] = 'on';
    this.#shrink(kind);
    device.onended = () => void this.#ended(kind, device);
    this.#hush();
  }

  #encode(kind: Kind, device: MediaStreamTrack, codec: Codec | undefined, gate: Gate): Encoded | Promise<Encoded> {
    const failed = new Set<string>();
    const hears = { data: (data: ArrayBuffer) => gate.take(data), failed: () => (codec ? void this.#change(gate.track, codec.codec, failed) : this.#broke(kind)) };
    if (codec) {
      const most = this.isStaff || this.live.you?.role === 'wall' ? MOST.staff : MOST.student;
      const look = kind === 'camera' ? 'face' : 'text';
      return this.encoders.picture(device, { codec, look, most, saving: isSlow() }, hears);
    }
    const level = kind === 'microphone' ? (level: number) => (this.level = level) : undefined;
    return this.encoders.sound(device, { bits: kind === 'screen_sound' ? SCREEN_BITS : VOICE_BITS, span: this.#span(), meter: false }, { ...hears, level });
  }

  #span(): number {
    return this.#pieces.ms(this.live.parts.roster?.here.remote ?? 0, speaking(this.live));
  }

  /** On the stage if need be, then a track; its number, or why not. */
  async #enter(kind: Kind, codec: string): Promise<number | string> {
    if (this.place === undefined && !this.lent) {
      const entered = await this.live.do('media.enter', {});
      if (!entered.ok) return entered.code;
      await until(() => this.place);
    }
    return begin(this.live, sourceOf(kind, this.lent), codec);
  }

  /** A camera is sent small as well, for those to whom it is a tile; a slow network is spared that. */
  #shrink(kind: Kind): void {
    const running = this.#running.get(kind);
    if (!running || kind !== 'camera' || isSlow()) return;
    running.tile?.stop();
    running.tile = new Tile(this.live, (data) => this.#line.publish(data), running.encoded, smallOf(this.lent));
  }

  /** Unplugged in the middle of a sentence: the next one of its kind goes on, or a sentence says so; the stage stays. */
  async #ended(kind: Kind, device: MediaStreamTrack): Promise<void> {
    const running = this.#running.get(kind);
    if (running?.device !== device) return;
    if (kind === 'screen' || kind === 'screen_sound') return this.stop(kind);
    const lost = device.getSettings().deviceId;
    const others = (await devices(kind).catch(() => [])).filter((one) => one.id !== lost && one.id !== 'default');
    try {
      if (!others.length) throw new DOMException('', 'NotFoundError');
      await this.#replace(running, others[0].id);
      this.troubles[kind] = { why: 'send.switched', params: { name: others[0].name } };
    } catch {
      this.stop(kind);
      this.troubles[kind] = { why: `send.unplugged_${kind}` };
    }
  }

  async #replace(running: Running, id: string): Promise<void> {
    const next = await open(running.kind as Need, id);
    running.device.onended = null;
    running.device.stop();
    running.device = next;
    next.onended = () => void this.#ended(running.kind, next);
    this.devices = { ...this.devices, [running.kind]: next };
    this.#hush();
    await running.encoded.from(next);
    running.encoded.order({ do: 'key' });
  }

  /** A viewer cannot decode it, or the encoder has `failed` of this device: the next codec, as a track of its own. */
  async #change(track: number, codec: string, failed = this.#undecoded): Promise<void> {
    const running = this.#of(track);
    if (!running?.codec || !codec || this.on[running.kind] !== 'on') return;
    failed.add(running.codec.codec);
    const next = await chooseCodec(isSupported, new Set([...failed, ...this.#undecoded]));
    if (next) await this.#again(running, next);
    else this.#broke(running.kind);
  }

  /** The same device as another track. */
  async #again(running: Running, codec = running.codec): Promise<void> {
    const { kind } = running;
    this.on[kind] = 'starting';
    const track = await this.#enter(kind, codec?.codec ?? 'opus');
    if (this.#running.get(kind) !== running) {
      if (typeof track === 'number') void this.live.do('media.stop', { track });
    } else if (typeof track === 'number') {
      running.renew(track, codec);
      this.on[kind] = 'on';
      this.#shrink(kind);
    } else {
      this.#let(kind);
      this.troubles[kind] = { why: track };
    }
  }

  #broke(kind: Kind): void {
    this.stop(kind);
    this.troubles[kind] = { why: 'able.device_failed' };
  }

  #lost(kind: Kind, running: Running, mayStay: boolean): void {
    const back = this.#absence.explains(performance.now()) && (mayStay || this.isStaff || this.live.mine.media?.invited !== undefined);
    if (!back) {
      this.#let(kind);
      if (mayStay) this.troubles[kind] = { why: 'send.stopped' };
      return;
    }
    void this.#again(running);
  }

  #back(): void {
    for (const running of this.#running.values()) running.anew();
  }

  #press(): void {
    this.away = !this.#line.isOpen && this.#running.size > 0;
    if (this.away) this.#absence.note(performance.now());
    const { waiting } = this.#line;
    for (const running of this.#running.values()) running.press(waiting);
  }

  /** Who is muted sends silence: its device is shut off, its track goes on. */
  #hush(): void {
    const device = this.#running.get('microphone')?.device;
    if (device) device.enabled = !this.quiet && !this.silenced;
  }

  #of(track: number): Running | undefined {
    return [...this.#running.values()].find((running) => running.track === track);
  }

  #tile(track: number): Tile | undefined {
    return [...this.#running.values()].find(({ tile }) => tile?.track === track)?.tile;
  }

  #let(kind: Kind): void {
    const running = this.#running.get(kind);
    this.#running.delete(kind);
    delete this.on[kind];
    if (!running) return;
    running.stop();
    const { [kind]: _, ...rest } = this.devices;
    this.devices = rest;
  }

  #fail(kind: Kind, why: string, device?: MediaStreamTrack): void {
    device?.stop();
    delete this.on[kind];
    if (why) this.troubles[kind] = { why };
  }
}

/** The network is known to be slow, or its owner saves. */
function isSlow(): boolean {
  const { connection } = navigator as { connection?: { saveData?: boolean; effectiveType?: string } };
  return connection?.saveData === true || ['slow-2g', '2g', '3g'].includes(connection?.effectiveType ?? '');
}
