// The question being written: one for the page, kept in the browser so that a reload loses nothing typed.

export const asking = $state({ open: false, text: '', nameless: false, editing: '', sent: false, refused: '' });

const where = (lesson: string) => `mingtang.ask/${lesson}`;

export function recall(lesson: string): void {
  try {
    const kept = localStorage.getItem(where(lesson)) ?? '';
    if (kept && !asking.text) Object.assign(asking, { text: kept, open: true });
  } catch {
    // A browser that keeps nothing still asks.
  }
}

export function remember(lesson: string, text: string): void {
  try {
    if (text) localStorage.setItem(where(lesson), text);
    else localStorage.removeItem(where(lesson));
  } catch {
    // As above.
  }
}

/** Opens the form, for a new question or to rewrite one. */
export function open(editing = '', text = asking.editing ? '' : asking.text): void {
  Object.assign(asking, { open: true, editing, text, refused: '', sent: false });
}

export function close(): void {
  Object.assign(asking, { open: false, refused: '' }, asking.editing ? { editing: '', text: '' } : {});
}
