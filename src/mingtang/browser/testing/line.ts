// A WebSocket and a store that a test holds in its hand.
import type { Keep } from '@/outbox';
import type { Frame } from '@/socket';

export class FakeSocket {
  static readonly OPEN = 1;
  static all: FakeSocket[] = [];
  static get last(): FakeSocket {
    return FakeSocket.all[FakeSocket.all.length - 1];
  }

  readyState = 0;
  sent: Frame[] = [];
  onopen?: () => void;
  onmessage?: (event: { data: string }) => void;
  onclose?: (event: { code: number }) => void;

  constructor(readonly url: string) {
    FakeSocket.all.push(this);
  }

  send(text: string): void {
    this.sent.push(JSON.parse(text));
  }

  close(): void {
    this.readyState = 3;
  }

  open(): this {
    this.readyState = 1;
    this.onopen?.();
    return this;
  }

  give(...frames: Frame[]): this {
    for (const frame of frames) this.onmessage?.({ data: JSON.stringify(frame) });
    return this;
  }

  drop(code = 1006): void {
    this.readyState = 3;
    this.onclose?.({ code });
  }

  /** Commands in the order they were sent. */
  get asked(): Frame[] {
    return this.sent.filter((frame) => frame.t === 'do');
  }
}

export class FakeStore implements Keep {
  items = new Map<string, string>();
  get length(): number {
    return this.items.size;
  }
  key = (n: number) => [...this.items.keys()][n] ?? null;
  getItem = (name: string) => this.items.get(name) ?? null;
  setItem = (name: string, value: string) => void this.items.set(name, value);
  removeItem = (name: string) => void this.items.delete(name);
}

export const hello = (more: object = {}): Frame => ({
  t: 'hello', you: { id: 'm1', name: 'Mei', role: 'student', seat: 'room' }, seq: 7, at: 1_000_000, mine: {},
  parts: { lesson: { title: 'Sets', code: '482937', opened: 900_000 } }, ...more,
});
