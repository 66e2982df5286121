// Strokes on two canvases: one holds what is finished, where only what changes is drawn anew; the other what is being
// drawn. Both have the screen's own resolution, and are drawn anew when their size changes.
import { alphas, colors, type Tool } from './palette';
import { WIDTH, type Point } from './points';
import { outline } from './shape';
import { grown, meet, traceOf, widen, type Box } from './trace';
import type { InkStroke } from '@/wire.gen';

export interface Wet {
  tool: Tool;
  color: number;
  width: number;
  points: Point[];
}

interface Dry {
  stroke: InkStroke;
  box: Box;
  path?: Path2D;
  done: boolean;
}

type Strokes = Record<string, InkStroke>;

/** Work done in one frame before the page gets its turn again. */
const SLICE = 8;
const WIDEST = 4096;
/** On a phone a line as thin as on a large screen would be lost. */
const SMALL = 640;
const BOLDER = 1.4;

export class Painter {
  #dry: CanvasRenderingContext2D;
  #wet: CanvasRenderingContext2D;
  #known = new Map<string, Dry>();
  #shown: Strokes | undefined;
  #hiding = 0;
  #queue: Dry[] = [];
  #last = -1;
  #spoilt: Box | undefined;
  #wets: Iterable<Wet> = [];
  #frame = 0;
  #bold = 1;
  #sizes: ResizeObserver;

  constructor(dry: HTMLCanvasElement, wet: HTMLCanvasElement) {
    this.#dry = dry.getContext('2d')!;
    this.#wet = wet.getContext('2d')!;
    this.#sizes = new ResizeObserver(() => this.#fit());
    this.#sizes.observe(dry);
  }

  stop(): void {
    this.#sizes.disconnect();
    cancelAnimationFrame(this.#frame);
  }

  /** What is to be seen now: `strokes` but those `hidden`. */
  show(strokes: Strokes, hidden: ReadonlySet<string>): void {
    if (strokes === this.#shown && hidden.size === this.#hiding) return;
    this.#shown = strokes;
    this.#hiding = hidden.size;
    for (const [id, dry] of this.#known) if (!(id in strokes) || hidden.has(id)) this.#forget(id, dry);
    for (const [id, stroke] of Object.entries(strokes)) {
      if (!hidden.has(id) && !this.#known.has(id)) this.#take(id, stroke);
    }
    this.#queue.sort((a, b) => a.stroke.n - b.stroke.n);
    this.#ask();
  }

  /** What is being drawn now, by anybody. */
  draw(wets: Iterable<Wet>): void {
    this.#wets = wets;
    this.#ask();
  }

  #forget(id: string, dry: Dry): void {
    this.#known.delete(id);
    if (dry.done) this.#spoil(dry);
    else this.#queue = this.#queue.filter((one) => one !== dry);
  }

  /** A new stroke comes on top of all others; one that has come back is drawn in its place between them. */
  #take(id: string, stroke: InkStroke): void {
    const dry = { stroke, box: grown(traceOf(stroke).box, stroke.width), done: false };
    this.#known.set(id, dry);
    if (stroke.n < this.#last && this.#queue.length === 0) {
      dry.done = true;
      this.#spoil(dry);
    } else this.#queue.push(dry);
  }

  #spoil({ box }: Dry): void {
    if (this.#spoilt) widen(this.#spoilt, box);
    else this.#spoilt = { ...box };
  }

  #ask(): void {
    this.#frame ||= requestAnimationFrame(() => this.#paint());
  }

  #paint(): void {
    this.#frame = 0;
    const until = performance.now() + SLICE;
    if (this.#spoilt) this.#mend(this.#spoilt);
    for (let dry = this.#queue.shift(); dry; dry = performance.now() < until ? this.#queue.shift() : undefined) this.#add(dry);
    wash(this.#wet);
    for (const wet of this.#wets) fill(this.#wet, this.#outline(wet.points, wet), wet);
    if (this.#queue.length) this.#ask();
  }

  #add(dry: Dry): void {
    dry.done = true;
    this.#last = Math.max(this.#last, dry.stroke.n);
    fill(this.#dry, this.#path(dry), dry.stroke);
  }

  /** Draws anew what lies in a part of the page, and nothing else. */
  #mend(box: Box): void {
    this.#spoilt = undefined;
    const context = this.#dry;
    const inside = [...this.#known.values()].filter((dry) => dry.done && meet(dry.box, box));
    const [x, y, width, height] = onPixels(box, context.canvas.width / WIDTH);
    context.save();
    context.clearRect(x, y, width, height);
    context.beginPath();
    context.rect(x, y, width, height);
    context.clip();
    inside.sort((a, b) => a.stroke.n - b.stroke.n);
    for (const dry of inside) fill(context, this.#path(dry), dry.stroke);
    context.restore();
  }

  #path(dry: Dry): Path2D {
    return (dry.path ??= this.#outline(traceOf(dry.stroke).points, dry.stroke));
  }

  #outline(points: readonly Point[], { width, tool }: { width: number; tool: Tool }): Path2D {
    return outline(points, tool === 'pen' ? width * this.#bold : width, tool);
  }

  #fit(): void {
    const canvas = this.#dry.canvas;
    const ratio = Math.min(window.devicePixelRatio, WIDEST / Math.max(1, canvas.clientWidth));
    const [width, height] = [Math.round(canvas.clientWidth * ratio), Math.round(canvas.clientHeight * ratio)];
    if (!width || (canvas.width === width && canvas.height === height)) return;
    for (const context of [this.#dry, this.#wet]) {
      Object.assign(context.canvas, { width, height });
      context.setTransform(width / WIDTH, 0, 0, width / WIDTH, 0, 0);
    }
    this.#again(canvas.clientWidth < SMALL ? BOLDER : 1);
  }

  /** The canvas is empty: everything once more, in its order. */
  #again(bold: number): void {
    const all = [...this.#known.values()];
    for (const dry of all) {
      dry.done = false;
      if (bold !== this.#bold) dry.path = undefined;
    }
    this.#bold = bold;
    this.#spoilt = undefined;
    this.#last = -1;
    this.#queue = all.sort((a, b) => a.stroke.n - b.stroke.n);
    cancelAnimationFrame(this.#frame);
    this.#paint();
  }
}

const wash = (context: CanvasRenderingContext2D) => context.clearRect(0, 0, WIDTH, 100 * WIDTH);

/** The box on whole pixels, so that no seam is seen around what was mended. */
function onPixels(box: Box, scale: number): [number, number, number, number] {
  const [left, top] = [Math.floor(box.left * scale) - 1, Math.floor(box.top * scale) - 1];
  const [right, bottom] = [Math.ceil(box.right * scale) + 1, Math.ceil(box.bottom * scale) + 1];
  return [left / scale, top / scale, (right - left) / scale, (bottom - top) / scale];
}

function fill(context: CanvasRenderingContext2D, path: Path2D, { tool, color }: { tool: Tool; color: number }): void {
  context.globalAlpha = alphas[tool];
  context.fillStyle = colors[color] ?? colors[0];
  context.fill(path);
}
