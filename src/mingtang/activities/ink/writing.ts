// One's own hand on one page: the stroke being drawn, those on their way to the log, those being erased.
import { hit } from './eraser';
import type { Wet } from './painter';
import { widths, type Tool } from './palette';
import { Pen } from './pen';
import type { Point } from './points';
import { drawing, ink } from './tools.svelte';
import type { Live } from '@/live.svelte';
import { freshId } from '@/outbox';
import type { InkStroke } from '@/wire.gen';

type Strokes = Record<string, InkStroke>;

interface Current {
  id: string;
  pointer: number;
  tool: Tool;
  color: number;
  width: number;
  pen: Pen;
  sent: number;
}

const EVERY = 33;
/** After its answer a stroke is normally seen at once; one that was undone meanwhile never comes. */
const LATE = 1_500;
const MOST_ERASED = 1_000;

/** Once a pen has touched this screen, a hand that rests on it writes nothing. */
let penned = false;

export class Writing {
  readonly hidden = new Set<string>();
  #live: Live;
  #page: string;
  #changed: () => void;
  #sent = new Map<string, Wet>();
  #current: Current | undefined;
  #rubbing: { pointer: number; last: Point; hit: string[] } | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(live: Live, page: string, changed: () => void) {
    this.#live = live;
    this.#page = page;
    this.#changed = changed;
  }

  wets(): Wet[] {
    const now = this.#current;
    return [...this.#sent.values(), ...(now ? [{ ...now, points: now.pen.points }] : [])];
  }

  /** What the log has taken needs no place here any more. */
  settle(strokes: Strokes): void {
    for (const id of this.#sent.keys()) if (id in strokes) this.#sent.delete(id);
    for (const id of this.hidden) if (!(id in strokes)) this.hidden.delete(id);
  }

  down(event: PointerEvent & { currentTarget: HTMLElement }, strokes: Strokes, mine?: Record<string, boolean>): void {
    if (this.#current || this.#rubbing) return this.cancel();
    if (event.pointerType === 'pen') penned = true;
    if (event.button !== 0 || (event.pointerType === 'touch' && penned)) return;
    event.currentTarget.setPointerCapture(event.pointerId);
    const pen = new Pen(event.currentTarget.getBoundingClientRect(), event.pointerType === 'pen' && event.pressure > 0);
    pen.move(event);
    const tool = event.buttons === 32 ? undefined : drawing(this.#live);
    if (tool) this.#begin(event.pointerId, tool, pen);
    else this.#rub(event.pointerId, pen.points[0], strokes, mine);
    this.#changed();
  }

  move(event: PointerEvent & { currentTarget: HTMLElement }, strokes: Strokes, mine?: Record<string, boolean>): void {
    const now = this.#current;
    if (now?.pointer === event.pointerId) {
      if (!now.pen.move(event)) return;
      if (now.pen.full) this.#goOn(event);
      else this.#tell();
    } else if (this.#rubbing?.pointer === event.pointerId) {
      const at = new Pen(event.currentTarget.getBoundingClientRect(), false);
      at.move(event);
      for (const point of at.points) this.#rub(event.pointerId, point, strokes, mine);
    } else return;
    this.#changed();
  }

  up(event: PointerEvent): void {
    if (this.#current?.pointer === event.pointerId) this.#finish();
    else if (this.#rubbing?.pointer === event.pointerId) this.#wipe();
    this.#changed();
  }

  /** A second finger, or the system, took the pointer away: nothing was meant. */
  cancel(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#current) this.#live.say(`ink/${this.#page}`, { id: this.#current.id });
    this.#current = undefined;
    for (const id of this.#rubbing?.hit ?? []) this.hidden.delete(id);
    this.#rubbing = undefined;
    this.#changed();
  }

  #begin(pointer: number, tool: Tool, pen: Pen): void {
    this.#current = { id: freshId(), pointer, tool, color: ink.colors[tool], width: widths[tool], pen, sent: 0 };
    this.#tell();
  }

  /** A very long stroke is ended and goes on as another. */
  #goOn(event: PointerEvent & { currentTarget: HTMLElement }): void {
    const { pointer, tool } = this.#current!;
    this.#finish();
    const pen = new Pen(event.currentTarget.getBoundingClientRect(), event.pointerType === 'pen' && event.pressure > 0);
    pen.move(event);
    this.#begin(pointer, tool, pen);
  }

  #tell(): void {
    this.#timer ??= setTimeout(() => this.#say(), EVERY);
  }

  #say(): void {
    this.#timer = undefined;
    const now = this.#current;
    if (!now || now.sent >= now.pen.points.length) return;
    const { id, tool, color, width, sent: at } = now;
    this.#live.say(`ink/${this.#page}`, { id, tool, color, width, at, points: now.pen.text(at) });
    now.sent = now.pen.points.length;
  }

  #finish(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const { id, tool, color, width, pen } = this.#current!;
    this.#current = undefined;
    this.#sent.set(id, { tool, color, width, points: pen.points });
    const asked = this.#live.do('ink.draw', { page: this.#page, id, tool, color, width, points: pen.text() });
    void asked.then((answer) => this.#answered(answer.ok ? '' : answer.code, () => this.#sent.delete(id)));
  }

  #rub(pointer: number, at: Point, strokes: Strokes, mine: Record<string, boolean> | undefined): void {
    this.#rubbing ??= { pointer, last: at, hit: [] };
    for (const id of hit(strokes, this.#rubbing.last, at)) {
      if (this.hidden.has(id) || (mine && !mine[id])) continue;
      this.hidden.add(id);
      this.#rubbing.hit.push(id);
    }
    this.#rubbing.last = at;
  }

  #wipe(): void {
    const all = this.#rubbing!.hit;
    this.#rubbing = undefined;
    for (let at = 0; at < all.length; at += MOST_ERASED) {
      const strokes = all.slice(at, at + MOST_ERASED);
      const asked = this.#live.do('ink.erase', { page: this.#page, strokes });
      void asked.then((answer) => this.#answered(answer.ok ? '' : answer.code, () => strokes.forEach((id) => this.hidden.delete(id))));
    }
  }

  /** What was refused is undone here at once; what was taken is left to the picture that follows. */
  #answered(refused: string, undo: () => void): void {
    ink.refused = refused;
    const forget = () => (undo(), this.#changed());
    if (refused) forget();
    else setTimeout(forget, LATE);
  }
}
