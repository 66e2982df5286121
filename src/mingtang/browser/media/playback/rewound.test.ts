import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { CONFIGURATION, SOUND, type MediaObject } from '../object';
import type { Rewinder } from '../renderer';
import { Rewound } from './rewound';
import type { Source } from './tape';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const [SPAN, BEGAN, BEHIND] = [20, 1_000_000, 2_500];
const seqAt = (time: number): number => Math.floor((time - BEGAN) / SPAN);

const object = (seq: number, kind = SOUND): MediaObject => ({ kind, track: 1, seq, time: BEGAN + seq * SPAN, key: true, layer: 0, level: 30, span: SPAN, payload: new Uint8Array() });

/** A lesson that is a minute old and goes on: a file half a second behind, and a line that begins with its current group. */
class Lesson {
  given: number[] = [];
  resets = 0;
  live = false;
  /** Nothing can be read from the file before; its answers come so late. */
  deaf = -Infinity;
  lag = 20;
  readonly #zero = performance.now() - 60_000;
  #line: number | undefined;
  readonly rewound: Rewound;

  constructor() {
    const renderer = {
      take: (one: MediaObject) => void (one.kind === SOUND && this.given.push(one.seq)),
      place: () => {},
      reset: () => void ((this.given = []), (this.resets += 1)),
      live: () => void (this.live = true),
    };
    this.rewound = new Rewound('l', renderer as unknown as Rewinder, () => {}, this.#source);
  }

  get now(): number {
    return BEGAN + performance.now() - this.#zero;
  }

  get #source(): Source {
    const lesson = this;
    return {
      index: async () => ({ tracks: { 1: { spans: [[BEGAN, lesson.now - 500]] } }, live: true }),
      async *read(_track, from, to, signal) {
        await new Promise((done) => setTimeout(done, Math.max(lesson.lag, lesson.deaf - lesson.now)));
        if (signal.aborted) return;
        yield object(seqAt(from), CONFIGURATION);
        for (let seq = seqAt(from); seq < seqAt(Math.min(to, lesson.now - 500)); seq += 1) yield object(seq);
      },
    };
  }

  /** What the line has brought until now. */
  hear(): void {
    if (!this.rewound.needsLive) return void (this.#line = undefined);
    if (this.#line === undefined) {
      this.#line = seqAt(this.now - 1_000);
      this.#take(object(this.#line, CONFIGURATION));
    }
    for (; this.#line < seqAt(this.now); this.#line += 1) this.#take(object(this.#line));
  }

  #take(one: MediaObject): void {
    if (!this.rewound.keeps(one) && one.kind === SOUND) this.given.push(one.seq);
  }
}

/** Goes back ten seconds and plays at twice the speed until it is live: as the page does it, with beats of such lengths. */
async function catchUp(lesson: Lesson, beats: (n: number) => number, seek?: { at: number; to: number }): Promise<void> {
  const { rewound } = lesson;
  rewound.begin();
  rewound.subscribe([1], []);
  let [at, sought] = [lesson.now - 10_000, false];
  rewound.place(at, 2, true, lesson.now);
  lesson.resets = 0;
  for (let n = 0; n < 400 && !lesson.live; n += 1) {
    const beat = beats(n);
    await vi.advanceTimersByTimeAsync(beat);
    lesson.hear();
    if (rewound.holds) continue;
    at += 2 * Math.min(beat, 2_000);
    if (seek && !sought && lesson.now - at < seek.at) [at, sought] = [lesson.now - seek.to, true];
    if (at >= lesson.now - BEHIND) rewound.end(true);
    else rewound.place(at, 2, true, lesson.now);
  }
  expect(lesson.live).toBe(true);
  await vi.advanceTimersByTimeAsync(1_000);
  lesson.hear();
}

/** From the place of the last jump to now. */
function hasAll(lesson: Lesson): void {
  const holes = lesson.given.flatMap((seq, n) => (n && seq !== lesson.given[n - 1] + 1 ? [[lesson.given[n - 1], seq]] : []));
  expect(holes).toEqual([]);
  expect(lesson.given.at(-1)).toBe(seqAt(lesson.now) - 1);
}

it('goes on from twice the speed to live with nothing left out and nothing twice', async () => {
  const lesson = new Lesson();
  await catchUp(lesson, () => 50);
  hasAll(lesson);
  expect(lesson.resets).toBe(0);
});

it('a page that stands still now and then, and waits for its voice, has not jumped', async () => {
  const lesson = new Lesson();
  lesson.lag = 300;
  await catchUp(lesson, (n) => (n % 9 === 8 ? 700 : n === 40 ? 2_600 : 140));
  hasAll(lesson);
  expect(lesson.resets).toBe(0);
});

it('a voice that came late from the file does not make the place jump', async () => {
  const lesson = new Lesson();
  lesson.deaf = lesson.now + 3_000;
  await catchUp(lesson, () => 140);
  hasAll(lesson);
  expect(lesson.resets).toBe(0);
});

it.each([
  ['back', { at: 2_700, to: 3_100 }, 1],
  ['a little on', { at: 4_500, to: 2_550 }, 0],
])('after a jump %s shortly before the end nothing is left out either', async (_, seek, resets) => {
  const lesson = new Lesson();
  lesson.lag = 200;
  await catchUp(lesson, () => 50, seek);
  hasAll(lesson);
  expect(lesson.resets).toBe(resets);
});

it('forgets what the line brought when it goes far back again, and is subscribed anew', () => {
  const { rewound, given, now } = new Lesson();
  rewound.begin();
  rewound.subscribe([1], []);
  expect(rewound.place(now - 2_000, 1, true, now)).toBe(true);
  rewound.keeps(object(5_000));
  expect(rewound.place(now - 50_000, 1, true, now)).toBe(true);
  rewound.end(true);
  expect(given).toEqual([]);
  rewound.begin();
  expect(rewound.needsLive).toBe(false);
});
