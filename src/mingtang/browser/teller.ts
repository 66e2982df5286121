// Sees to it that every command is answered: keeps it until then, sends it again after a drop, waits when told to slow down.
import type { Outbox, Waiting } from '@/outbox';
import type { Json } from '@/patch';
import { LiveRecord } from '@/record.svelte';
import type { Frame } from '@/socket';

export type Answer = { ok: true; seq: number } | { ok: false; code: string; params: Json };

export const refusal = (code: string, params: Json = {}): Answer => ({ ok: false, code, params });

/** A wait that a person would notice. */
const NOTICED = 300;
const FLIGHT = 24;
const SLOWEST = 5_000;
const ADOPT = 20_000;

export class Teller {
  #send: (frame: Frame) => boolean;
  #orphan: (answer: Answer) => void;
  #outbox: Outbox | undefined;
  /** Asked before the first hello said who we are. */
  #early: { id: string; kind: string; data: unknown }[] = [];
  #settle = new Map<string, (answer: Answer) => void>();
  #flying = new Set<string>();
  /** Never sent yet. All others may stand in the log already, and the server is told so. */
  #fresh = new Set<string>();
  /** The kind of each command, by its id, that waits noticeably. */
  #noticed = new LiveRecord();
  #live = false;
  #slow = 0;
  #held: ReturnType<typeof setTimeout> | undefined;
  #adopting: ReturnType<typeof setInterval> | undefined;

  /** `orphan` hears of refusals that nobody in this page waits for. */
  constructor(send: (frame: Frame) => boolean, orphan: (answer: Answer) => void = () => undefined) {
    this.#send = send;
    this.#orphan = orphan;
  }

  tell(id: string, kind: string, data: unknown): Promise<Answer> {
    if (this.#outbox) this.#outbox.add(id, kind, data);
    else this.#early.push({ id, kind, data });
    this.#fresh.add(id);
    const answer = new Promise<Answer>((settle) => this.#settle.set(id, settle));
    this.#notice(id, kind);
    this.#pump();
    return answer;
  }

  pending(kind: string): boolean {
    return Object.values(this.#noticed.view).includes(kind);
  }

  /** The line is up: everything unanswered goes out again with its old id. */
  open(outbox: Outbox): void {
    this.#outbox = outbox;
    for (const { id, kind, data } of this.#early.splice(0)) outbox.add(id, kind, data);
    for (const { id, kind } of outbox.list()) if (!this.#settle.has(id)) this.#noticed.set(id, kind);
    this.#live = true;
    this.#flying.clear();
    clearInterval(this.#adopting);
    this.#adopting = setInterval(() => this.#adopt(), ADOPT);
    this.#adopt();
  }

  away(): void {
    this.#live = false;
    clearInterval(this.#adopting);
    for (const { id, kind } of this.#outbox?.list() ?? []) this.#noticed.set(id, kind);
  }

  hear(id: string, answer: Answer): void {
    this.#flying.delete(id);
    this.#fresh.delete(id);
    if (!answer.ok && answer.code === 'slow_down') return this.#wait();
    this.#slow = 0;
    const known = this.#outbox?.answered(id) ?? false;
    this.#noticed.delete(id);
    const settle = this.#settle.get(id);
    this.#settle.delete(id);
    if (settle) settle(answer);
    else if (known && !answer.ok) this.#orphan(answer);
    this.#pump();
  }

  /** The lesson is over for us: whatever waits gets this answer. */
  close(answer: Answer): void {
    this.stop();
    const left = [...(this.#outbox?.list() ?? []), ...this.#early.splice(0)];
    for (const { id } of left) this.hear(id, answer);
  }

  stop(): void {
    this.#live = false;
    clearInterval(this.#adopting);
    clearTimeout(this.#held);
    this.#held = undefined;
  }

  #adopt(): void {
    this.#outbox?.adopt();
    this.#pump();
  }

  #pump(): void {
    if (!this.#live || this.#held !== undefined || !this.#outbox) return;
    for (const one of this.#outbox.list()) {
      if (this.#flying.size >= FLIGHT) return;
      if (!this.#flying.has(one.id) && !this.#fly(one)) return;
    }
  }

  #fly({ id, kind, data }: Waiting): boolean {
    const frame = { t: 'do', id, kind, data };
    if (!this.#send(this.#fresh.has(id) ? frame : { ...frame, again: true })) return false;
    this.#fresh.delete(id);
    this.#flying.add(id);
    return true;
  }

  #wait(): void {
    if (this.#held !== undefined) return;
    this.#slow = Math.min(SLOWEST, Math.max(250, this.#slow * 2));
    this.#held = setTimeout(() => {
      this.#held = undefined;
      this.#pump();
    }, this.#slow);
  }

  #notice(id: string, kind: string): void {
    if (!this.#live) return void this.#noticed.set(id, kind);
    setTimeout(() => this.#settle.has(id) && this.#noticed.set(id, kind), NOTICED);
  }
}
