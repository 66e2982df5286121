// One WebSocket that comes back by itself. It knows frames and close codes, and nothing of a lesson.

export interface Frame {
  t: string;
  [key: string]: unknown;
}

export interface Handlers {
  frame(frame: Frame): void;
  open(): void;
  /** The line is down and will be tried again. */
  away(): void;
  /** The server will not have us back: 4401 no cookie, 4403 no member, 4404 no lesson, 4410 ended. */
  shut(code: number): void;
}

/** Closed for good: coming back would get the same answer. */
const FINAL = new Set([4401, 4403, 4404, 4410]);
const SOONEST = 200;
/** A restart takes seconds, and then everybody is to be back within two; who is away for longer asks less often. */
const LATEST = 1_500;
const LATEST_AWAY = 5_000;
const PROMPT_TRIES = 12;
/** After this much silence a frame is sent that has to be answered; after PATIENCE more the line is dead. */
const SILENCE = 25_000;
const PATIENCE = 8_000;
/** Back in sight after a sleep: a dead line shows sooner. */
const BRIEF = 3_000;
/** What the device says of its network is reason to ask, never proof. */
const NETWORK = ['online', 'offline'];
/** A connection that stood this long has earned a quick return. */
const STEADY = 10_000;

export class Socket {
  #address: () => string;
  #on: Handlers;
  #probe: () => Frame | undefined;
  #socket: WebSocket | undefined;
  #tries = 0;
  #stopped = false;
  #opened = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #watch: ReturnType<typeof setTimeout> | undefined;

  /** `probe` makes a harmless frame that the server answers, to tell a quiet line from a dead one. */
  constructor(address: () => string, on: Handlers, probe: () => Frame | undefined = () => undefined) {
    this.#address = address;
    this.#on = on;
    this.#probe = probe;
    for (const change of NETWORK) globalThis.addEventListener?.(change, this.#nudge);
    globalThis.document?.addEventListener('visibilitychange', this.#nudge);
    this.#connect();
  }

  get isOpen(): boolean {
    return this.#socket?.readyState === WebSocket.OPEN;
  }

  /** False when the line is down: nothing is kept here. */
  send(frame: Frame): boolean {
    if (!this.isOpen) return false;
    this.#socket!.send(JSON.stringify(frame));
    return true;
  }

  /** Drops the line and tries again: for a state that no longer fits the patches. */
  restart(): void {
    this.#lose(this.#socket);
  }

  stop(): void {
    this.#stopped = true;
    clearTimeout(this.#timer);
    clearTimeout(this.#watch);
    for (const change of NETWORK) globalThis.removeEventListener?.(change, this.#nudge);
    globalThis.document?.removeEventListener('visibilitychange', this.#nudge);
    this.#socket?.close(1000);
    this.#socket = undefined;
  }

  #connect(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const socket = new WebSocket(this.#address());
    this.#socket = socket;
    this.#listen(PATIENCE + LATEST_AWAY);
    socket.onopen = () => {
      if (socket !== this.#socket) return;
      this.#opened = Date.now();
      this.#listen(SILENCE);
      this.#on.open();
    };
    socket.onmessage = (event) => socket === this.#socket && this.#receive(String(event.data));
    socket.onclose = (event) => socket === this.#socket && this.#lose(socket, event.code);
  }

  #receive(text: string): void {
    this.#listen(SILENCE);
    this.#tries = 0;
    this.#on.frame(JSON.parse(text) as Frame);
  }

  #lose(socket: WebSocket | undefined, code = 1006): void {
    this.#socket = undefined;
    clearTimeout(this.#watch);
    if (socket && socket.readyState <= WebSocket.OPEN) socket.close();
    if (this.#stopped) return;
    if (FINAL.has(code)) {
      this.stop();
      this.#on.shut(code);
      return;
    }
    if (code === 4400) this.#tries = Math.max(this.#tries, PROMPT_TRIES);
    this.#later();
    this.#on.away();
  }

  #later(): void {
    if (Date.now() - this.#opened > STEADY) this.#tries = Math.min(this.#tries, 1);
    const most = Math.min(this.#tries < PROMPT_TRIES ? LATEST : LATEST_AWAY, SOONEST * 2 ** (this.#tries + 1));
    this.#tries += 1;
    this.#timer = setTimeout(() => this.#connect(), SOONEST + Math.random() * (most - SOONEST));
  }

  /** Back in sight or back on the network: do not sit out the wait, and do not trust an old line. */
  #nudge = (): void => {
    if (this.#stopped || globalThis.document?.visibilityState === 'hidden') return;
    if (this.#timer !== undefined) {
      clearTimeout(this.#timer);
      this.#timer = setTimeout(() => this.#connect(), Math.random() * SOONEST);
    } else if (this.isOpen) this.#ask(BRIEF);
  };

  #listen(patience: number): void {
    clearTimeout(this.#watch);
    this.#watch = setTimeout(() => (this.isOpen && patience === SILENCE ? this.#ask() : this.restart()), patience);
  }

  #ask(patience = PATIENCE): void {
    const probe = this.#probe();
    if (!probe) return this.#listen(SILENCE);
    this.send(probe);
    this.#listen(patience);
  }
}
