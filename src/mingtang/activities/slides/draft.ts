// Notes typed and not yet acknowledged, kept over a reload.

export class Draft {
  #name: string;

  constructor(lesson: string, step: string) {
    this.#name = `mingtang.note/${lesson}/${step}`;
  }

  read(): string | undefined {
    return this.#try(() => localStorage.getItem(this.#name) ?? undefined);
  }

  write(text: string): void {
    this.#try(() => localStorage.setItem(this.#name, text));
  }

  forget(): void {
    this.#try(() => localStorage.removeItem(this.#name));
  }

  /** A browser that keeps nothing only loses what a reload would lose. */
  #try<T>(act: () => T): T | undefined {
    try {
      return act();
    } catch {
      return undefined;
    }
  }
}
