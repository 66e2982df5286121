// How a wall finds its lesson: it shows a code, waits until a teacher types it, and remembers that over a power cut.
import { Live } from '@/live.svelte';

const RETRY = 3_000;
/** A wall that is paired already hears so at once: no code flashes up on it meanwhile. */
const KNOWN_WITHIN = 700;
const FAREWELL = 60_000;

interface Found {
  lesson: string;
  host: string;
}

export class Pairing {
  /** What the teacher types; "" while there is none. */
  code = $state('');
  live = $state.raw<Live | undefined>();
  /** The address that students open. */
  host = $state('');
  /** The server gives no answer. */
  silent = $state(false);

  constructor() {
    void this.#begin();
  }

  /** After the end of a lesson the wall looks for the next one, without anybody's help. */
  rest(): () => void {
    const timer = setTimeout(() => {
      this.live?.stop();
      this.live = undefined;
      void this.#begin();
    }, FAREWELL);
    return () => clearTimeout(timer);
  }

  async #begin(): Promise<void> {
    this.code = '';
    for (;;) {
      const begun = await this.#ask('/api/walls', 'POST');
      if (!begun?.ok) await pause(RETRY);
      else if (await this.#wait(String((await begun.json()).code))) return;
    }
  }

  /** False when the code is not ours any more. */
  async #wait(code: string): Promise<boolean> {
    const showing = setTimeout(() => (this.code = code), KNOWN_WITHIN);
    try {
      for (;;) {
        const answer = await this.#ask('/api/walls/me');
        if (answer?.status === 200) return this.#enter((await answer.json()) as Found);
        if (answer && !answer.ok) return false;
        if (!answer) await pause(RETRY);
      }
    } finally {
      clearTimeout(showing);
    }
  }

  #enter({ lesson, host }: Found): true {
    this.host = host;
    this.live = new Live({ lesson, as: 'wall' });
    return true;
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

const pause = (ms: number) => new Promise((wake) => setTimeout(wake, ms));
