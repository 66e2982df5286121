import { expect, it } from 'vitest';
import { LONGEST, Pen } from './pen';
import { decode, WIDTH } from './points';

const box = { left: 100, top: 50, width: 800, height: 450 } as DOMRect;
const event = (clientX: number, clientY: number, pressure = 0.5) => ({ clientX, clientY, pressure }) as PointerEvent;

it('counts in the page’s own width, and stays on the page', () => {
  const pen = new Pen(box, false);
  for (const [x, y] of [[100, 50], [500, 275], [2000, 275], [0, 0]]) pen.move(event(x, y));
  expect(pen.points).toEqual([[0, 0], [WIDTH / 2, 2304], [WIDTH, 2304], [0, 0]]);
});

it('leaves out what is nearer than a pixel and says whether something was added', () => {
  const pen = new Pen(box, false);
  expect(pen.move(event(300, 100))).toBe(true);
  expect(pen.move(event(300.2, 100.2))).toBe(false);
});

it('takes the moves between two frames, and the pressure of a real pen', () => {
  const pen = new Pen(box, true);
  const parts = [event(300, 100, 0.25), event(320, 100, 1)];
  pen.move({ ...event(320, 100), getCoalescedEvents: () => parts } as unknown as PointerEvent);
  expect(pen.points.map((p) => p[2])).toEqual([64, 255]);
});

it('is full before its text is longer than one event may be', () => {
  const pen = new Pen(box, true);
  for (let n = 0; !pen.full; n++) pen.move(event(100 + ((n * 397) % 800), 50 + ((n * 211) % 450), (n % 10) / 10));
  expect(pen.text().length).toBeLessThanOrEqual(16_000);
  expect(decode(pen.text())).toHaveLength(pen.points.length);
  expect(pen.text().length).toBeGreaterThan(LONGEST / 2);
});
