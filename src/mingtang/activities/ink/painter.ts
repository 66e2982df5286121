// Strokes on two canvases: one holds what is finished and is only added to, the other what is being drawn.
// Both are drawn anew at the screen's own resolution whenever their size changes.
import { alphas, colors, type Tool } from './palette';
import { decode, WIDTH, type Point } from './points';
import { outline } from './shape';
import type { InkStroke } from '@/wire.gen';

export interface Wet {
  tool: Tool;
  color: number;
  width: number;
  points: Point[];
}

interface Dry {
  stroke: InkStroke;
  path?: Path2D;
}

/** Work done in one frame before the page gets its turn again. */
const SLICE = 8;
const WIDEST = 4096;

export class Painter {
  #dry: CanvasRenderingContext2D;
  #wet: CanvasRenderingContext2D;
  #known = new Map<string, Dry>();
  #queue: Dry[] = [];
  #last = -1;
  #stale = false;
  #wets: Iterable<Wet> = [];
  #frame = 0;
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

  /** What is to be seen now; only what is new is drawn, unless something went or came in between. */
  show(strokes: Record<string, InkStroke>, hidden?: ReadonlySet<string>): void {
    for (const id of this.#known.keys()) if (!(id in strokes) || hidden?.has(id)) this.#forget(id);
    const fresh: Dry[] = [];
    for (const [id, stroke] of Object.entries(strokes)) {
      if (hidden?.has(id) || this.#known.has(id)) continue;
      const dry = { stroke };
      this.#known.set(id, dry);
      fresh.push(dry);
    }
    if (fresh.length === 0 && !this.#stale) return;
    fresh.sort((a, b) => a.stroke.n - b.stroke.n);
    if (fresh.length && fresh[0].stroke.n < this.#last) this.#stale = true;
    this.#queue.push(...fresh);
    this.#last = Math.max(this.#last, fresh.at(-1)?.stroke.n ?? -1);
    this.#ask();
  }

  /** What is being drawn now, by anybody. */
  draw(wets: Iterable<Wet>): void {
    this.#wets = wets;
    this.#ask();
  }

  /** Draws at once, for what must not wait for the next frame. */
  flush(): void {
    cancelAnimationFrame(this.#frame);
    this.#paint();
  }

  #forget(id: string): void {
    this.#known.delete(id);
    this.#stale = true;
  }

  #ask(): void {
    this.#frame ||= requestAnimationFrame(() => this.#paint());
  }

  #paint(): void {
    this.#frame = 0;
    const until = performance.now() + SLICE;
    if (this.#stale) this.#again();
    while (this.#queue.length && performance.now() < until) this.#add(this.#queue.shift()!);
    this.#wash(this.#wet);
    for (const wet of this.#wets) fill(this.#wet, outline(wet.points, wet.width, wet.tool), wet.tool, wet.color);
    if (this.#queue.length) this.#ask();
  }

  /** All finished strokes in their order; those whose outline is still to be made come after. */
  #again(): void {
    this.#stale = false;
    this.#wash(this.#dry);
    const all = [...this.#known.values()].sort((a, b) => a.stroke.n - b.stroke.n);
    this.#queue = all.filter((dry) => !dry.path);
    for (const dry of all) if (dry.path) fill(this.#dry, dry.path, dry.stroke.tool, dry.stroke.color);
  }

  #add(dry: Dry): void {
    dry.path = outline(points(dry.stroke), dry.stroke.width, dry.stroke.tool);
    fill(this.#dry, dry.path, dry.stroke.tool, dry.stroke.color);
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
    this.#stale = true;
    this.flush();
  }

  #wash(context: CanvasRenderingContext2D): void {
    context.clearRect(0, 0, WIDTH, (WIDTH * context.canvas.height) / Math.max(1, context.canvas.width));
  }
}

/** A stroke that cannot be read is not drawn; nobody else's is lost for it. */
function points(stroke: InkStroke): Point[] {
  try {
    return decode(stroke.points);
  } catch {
    return [];
  }
}

function fill(context: CanvasRenderingContext2D, path: Path2D, tool: Tool, color: number): void {
  context.globalAlpha = alphas[tool];
  context.fillStyle = colors[color] ?? colors[0];
  context.fill(path);
}
