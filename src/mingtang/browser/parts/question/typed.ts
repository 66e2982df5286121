// What somebody has typed and not sent yet, kept over a reload.

export class Typed {
  #name: string;

  /** `where` tells one question and round from all others. */
  constructor(lesson: string, ...where: string[]) {
    this.#name = ['mingtang.typed', lesson, ...where].join('/');
  }

  read(): string {
    return this.#try(() => localStorage.getItem(this.#name)) ?? '';
  }

  write(text: string): void {
    this.#try(() => (text ? localStorage.setItem(this.#name, text) : localStorage.removeItem(this.#name)));
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
