// What a viewer has chosen, kept in this browser.

const PLACE = 'mingtang.media.';

export function read(name: string): string | null {
  try {
    return localStorage.getItem(PLACE + name);
  } catch {
    return null;
  }
}

export function kept<T extends string>(name: string, all: readonly T[]): T | undefined {
  const found = read(name);
  return all.find((one) => one === found);
}

export function keep(name: string, value: string): void {
  try {
    localStorage.setItem(PLACE + name, value);
  } catch {
    // Then it is chosen again next time.
  }
}
