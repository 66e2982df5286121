// How a wall finds its lesson: it shows a code, waits until a teacher types it, and remembers that over a power cut.
import { Live } from '@/live.svelte';

const RETRY = 3_000;
const FAREWELL = 60_000;

export class Pairing {
  code = $state('');
  live = $state.raw<Live | undefined>();
  /** The address that students type; the server knows it better than this browser. */
  host = $state(location.host);
  silent = $state(false);

  constructor() {
    void this.#begin();
  }

  /** The cookie may still belong to a lesson: ask first, take a new code only when it does not. */
  async #begin(): Promise<void> {
    for (;;) {
      const known = await this.#ask('/api/walls/me');
      if (known?.ok && (await this.#take(known))) return;
      if (known && !known.ok) await this.#newCode();
      else if (!known) await pause(RETRY);
    }
  }

  async #newCode(): Promise<void> {
    const answer = await this.#ask('/api/walls', 'POST');
    if (answer?.ok) this.code = String((await answer.json()).code);
    else await pause(RETRY);
  }

  /** False while nobody has typed the code. */
  async #take(answer: Response): Promise<boolean> {
    const found = answer.status === 200 ? await answer.json() : {};
    if (found.code && !found.lesson) this.code = String(found.code);
    if (!found.lesson) return false;
    if (found.host) this.host = String(found.host);
    this.live = new Live({ lesson: String(found.lesson), ticket: found.ticket });
    return true;
  }

  /** After the end, or when the lesson no longer knows this wall: a new code, without anybody's help. */
  again(): () => void {
    const timer = setTimeout(() => location.reload(), FAREWELL);
    return () => clearTimeout(timer);
  }

  async #ask(address: string, method = 'GET'): Promise<Response | undefined> {
    try {
      const answer = await fetch(address, { method });
      this.silent = answer.status >= 500;
      return this.silent ? undefined : answer;
    } catch {
      this.silent = true;
      return undefined;
    }
  }
}

export const pair = () => new Pairing();

const pause = (ms: number) => new Promise((wake) => setTimeout(wake, ms));
