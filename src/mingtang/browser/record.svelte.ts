// A record whose readers are told of their own key only; a key that is not there yet tells its readers when it comes.
import type { Json } from '@/patch';

class Box {
  value = $state.raw<unknown>();
}

export class LiveRecord {
  #boxes = new Map<string, Box>();
  /** Grows when a key comes or goes. */
  #names = $state(0);

  /** The same as a plain object, for reading. */
  readonly view: Record<string, any> = new Proxy({} as Record<string, any>, {
    get: (_, name) => (typeof name === 'string' ? this.get(name) : undefined),
    has: (_, name) => this.#read(String(name)) !== undefined,
    ownKeys: () => (this.#names, [...this.#boxes.keys()]),
    getOwnPropertyDescriptor: (_, name) => {
      const box = this.#read(String(name));
      return box && { value: box.value, enumerable: true, configurable: true };
    },
  });

  get(name: string): unknown {
    return this.#read(name)?.value;
  }

  has(name: string): boolean {
    return this.#boxes.has(name);
  }

  set(name: string, value: unknown): void {
    const box = this.#boxes.get(name) ?? new Box();
    box.value = value;
    if (this.#boxes.has(name)) return;
    this.#boxes.set(name, box);
    this.#names += 1;
  }

  delete(name: string): void {
    const box = this.#boxes.get(name);
    if (!box) return;
    this.#boxes.delete(name);
    box.value = undefined;
    this.#names += 1;
  }

  /** Becomes exactly these values; whoever reads one that stays the same is not told. */
  replace(values: Json): void {
    for (const name of [...this.#boxes.keys()]) if (!(name in values)) this.delete(name);
    for (const [name, value] of Object.entries(values)) this.set(name, value);
  }

  toJSON(): Json {
    return Object.fromEntries([...this.#boxes].map(([name, box]) => [name, box.value]));
  }

  #read(name: string): Box | undefined {
    const box = this.#boxes.get(name);
    if (!box) void this.#names;
    return box;
  }
}
