// What the screens of all question-like activities share: options as they are drawn, and how much room words need.

export interface Choice {
  key: string;
  /** What is written in the circle: A, B … or a number; "" for none. */
  letter: string;
  text: string;
}

/** Options by their keys a, b, c …; one that says only its own letter is not said twice. */
export function lettered(options: Record<string, string> = {}): Choice[] {
  const keys = Object.keys(options).sort();
  return keys.map((key) => {
    const letter = key.toUpperCase();
    return { key, letter, text: options[key].trim().toUpperCase() === letter ? '' : options[key] };
  });
}

/** Whole per cent of `of`; 0 of nobody. */
export const percent = (n: number, of: number): number => (of > 0 ? Math.round((100 * n) / of) : 0);

/** Letters of Chinese, Japanese and Korean are twice as wide. */
const widthOf = (text: string): number => [...text].reduce((sum, one) => sum + (one > '\u2e7f' ? 2 : 1), 0);

/** How large a question's words may be on the wall: m, s or xs, so that all of it is seen. */
export function sizeOf(text: string, options: Choice[]): 'm' | 's' | 'xs' {
  const asked = widthOf(text);
  const rows = options.length > 5 ? Math.ceil(options.length / 2) : options.length;
  const lines = (wide: number) => options.reduce((sum, one) => sum + Math.ceil((widthOf(one.text) + 1) / wide), 0) - options.length;
  const wide = options.length > 5 ? 24 : 52;
  if (asked <= 110 && rows + lines(wide) <= 5) return 'm';
  return asked <= 220 && rows + lines(wide * 1.2) <= 8 ? 's' : 'xs';
}
