// Commands that the server has not answered yet. They lie in the browser's own store, one key each,
// so that a reload loses none and two tabs never overwrite one another; the id makes a second sending harmless.

export interface Waiting {
  id: string;
  kind: string;
  data: unknown;
  at: number;
  /** Which tab sees to it: another takes it over only when it was left behind, "" at once. */
  tab: string;
}

export type Keep = Pick<Storage, 'getItem' | 'setItem' | 'removeItem' | 'key' | 'length'>;

const PREFIX = 'mingtang.wait';
/** Another tab's command that is older than this was left behind by a tab that is gone. */
const LEFT = 15_000;
const FORGOTTEN = 3 * 24 * 3_600_000;

export class Outbox {
  #keep: Keep | undefined;
  #space: string;
  #tab: string;
  #waiting = new Map<string, Waiting>();
  #last = 0;

  constructor(keep: Keep | undefined, lesson: string, member: string, tab: string) {
    this.#keep = keep;
    this.#space = `${PREFIX}/${lesson}/${member}/`;
    this.#tab = tab;
    for (const one of this.#stored()) if (one.tab === tab || !one.tab) this.#waiting.set(one.id, one);
    this.#forget();
  }

  add(id: string, kind: string, data: unknown): Waiting {
    this.#last = Math.max(Date.now(), this.#last + 1);
    const one: Waiting = { id, kind, data, at: this.#last, tab: this.#tab };
    this.#waiting.set(id, one);
    this.#try((keep) => keep.setItem(this.#space + id, JSON.stringify(one)));
    return one;
  }

  /** True when the command was waiting here. */
  answered(id: string): boolean {
    this.#try((keep) => keep.removeItem(this.#space + id));
    return this.#waiting.delete(id);
  }

  /** Takes over what tabs that are gone have left, and returns only that. */
  adopt(): Waiting[] {
    const isLeft = (one: Waiting) => !one.tab || Date.now() - one.at > LEFT;
    const left = this.#stored().filter((one) => !this.#waiting.has(one.id) && isLeft(one));
    for (const one of left) this.#waiting.set(one.id, one);
    return left;
  }

  /** The page goes: whoever comes next takes over at once. */
  leave(): void {
    for (const one of this.#waiting.values()) {
      this.#try((keep) => keep.setItem(this.#space + one.id, JSON.stringify({ ...one, tab: '' })));
    }
  }

  /** All that waits, oldest first. */
  list(): Waiting[] {
    return [...this.#waiting.values()].sort((a, b) => a.at - b.at);
  }

  #stored(): Waiting[] {
    const found: Waiting[] = [];
    this.#try((keep) => {
      for (const name of names(keep, this.#space)) {
        const one = read(keep, name);
        if (one) found.push(one);
        else keep.removeItem(name);
      }
    });
    return found;
  }

  #forget(): void {
    this.#try((keep) => {
      for (const name of names(keep, `${PREFIX}/`)) {
        const one = read(keep, name);
        if (!one || Date.now() - one.at > FORGOTTEN) keep.removeItem(name);
      }
    });
  }

  /** A full or forbidden store costs only the reload: the tab itself still knows. */
  #try(act: (keep: Keep) => void): void {
    try {
      if (this.#keep) act(this.#keep);
    } catch {
      this.#keep = undefined;
    }
  }
}

function names(keep: Keep, space: string): string[] {
  const all = Array.from({ length: keep.length }, (_, n) => keep.key(n) ?? '');
  return all.filter((name) => name.startsWith(space));
}

function read(keep: Keep, name: string): Waiting | undefined {
  try {
    const one = JSON.parse(keep.getItem(name) ?? '') as Waiting;
    return typeof one.id === 'string' && typeof one.kind === 'string' && typeof one.at === 'number' ? one : undefined;
  } catch {
    return undefined;
  }
}

/** 24 letters that nobody else will make (120 bits); works on plain http too, where crypto.randomUUID is missing. */
export function freshId(): string {
  const letters = 'abcdefghijkmnopqrstuvwxyz0123456';
  return Array.from(crypto.getRandomValues(new Uint8Array(24)), (byte) => letters[byte & 31]).join('');
}

/** The browser's store, or nothing where it is forbidden. */
export function ownStore(): Keep | undefined {
  try {
    return globalThis.localStorage;
  } catch {
    return undefined;
  }
}

/** A name of this tab that survives its reload. */
export function ownTab(): string {
  try {
    const kept = sessionStorage.getItem(`${PREFIX}.tab`) ?? freshId();
    sessionStorage.setItem(`${PREFIX}.tab`, kept);
    return kept;
  } catch {
    return freshId();
  }
}
