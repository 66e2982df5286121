// What is not on the server yet, kept in this browser over a reload: one place for each tab, so that two never
// overwrite one another. A tab that goes leaves its place to the next that opens the plan.
import { ownStore, ownTab, type Keep } from '@/outbox';
import type { Doc } from './steps';

export interface Kept {
  /** The server's version that `base` was. */
  version: number;
  base: Doc;
  doc: Doc;
  /** What was sent without an answer. */
  tried?: readonly Doc[];
  /** UTC ms by this browser's clock. */
  at: number;
  /** Whose it is; "" when its tab has gone. */
  tab: string;
}

const PREFIX = 'mingtang.plan';
/** A tab that lives writes again within this time; after it, its place is taken over. */
export const LEFT = 20_000;

export class Drawer {
  #keep: Keep | undefined;
  #space: string;
  #tab: string;
  /** False when the browser keeps nothing, or no more. */
  works = true;

  constructor(plan: string, keep = ownStore(), tab = ownTab()) {
    this.#keep = keep;
    this.#space = `${PREFIX}/${plan}/`;
    this.#tab = tab;
    this.works = keep !== undefined;
  }

  /** Takes what this tab kept, or the newest that was left by one that is gone. */
  take(now = Date.now()): Kept | undefined {
    const found = this.#all().filter((one) => one.tab === this.#tab || one.tab === '' || now - one.at > LEFT);
    const [newest] = found.sort((a, b) => Number(b.tab === this.#tab) - Number(a.tab === this.#tab) || b.at - a.at);
    if (!newest) return undefined;
    this.#try((keep) => keep.removeItem(newest.name));
    this.put(newest, now);
    return newest;
  }

  put(kept: Omit<Kept, 'at' | 'tab'>, now = Date.now(), tab = this.#tab): void {
    const { version, base, doc, tried } = kept;
    this.#try((keep) => keep.setItem(this.#space + this.#tab, JSON.stringify({ version, base, doc, tried, at: now, tab })));
  }

  /** The tab goes: whoever opens the plan next goes on from here. */
  leave(kept: Omit<Kept, 'at' | 'tab'>): void {
    this.put(kept, Date.now(), '');
  }

  clear(): void {
    this.#try((keep) => keep.removeItem(this.#space + this.#tab));
  }

  #all(): (Kept & { name: string })[] {
    const found: (Kept & { name: string })[] = [];
    this.#try((keep) => {
      const names = Array.from({ length: keep.length }, (_, n) => keep.key(n) ?? '').filter((name) => name.startsWith(this.#space));
      for (const name of names) {
        const one = read(keep.getItem(name));
        if (one) found.push({ ...one, name });
      }
    });
    return found;
  }

  #try(act: (keep: Keep) => void): void {
    try {
      if (this.#keep) act(this.#keep);
      this.works = this.#keep !== undefined;
    } catch {
      this.works = false;
    }
  }
}

function read(text: string | null): Kept | undefined {
  try {
    const one = JSON.parse(text ?? '') as Kept;
    return typeof one.version === 'number' && Array.isArray(one.doc?.steps) && Array.isArray(one.base?.steps) ? one : undefined;
  } catch {
    return undefined;
  }
}
