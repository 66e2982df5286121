// Keyboard shortcuts: each is registered by the part of the screen it belongs to and listed under `?`.

export interface Key {
  /** As in KeyboardEvent.key; letters in lower case. Several keys may do the same: `['n', 'ArrowRight']`. */
  k: string | readonly string[];
  /** Message key of what it does. */
  say: string;
  /** How its message is read, where the page itself does not have it. */
  text?: (say: string) => string;
  /** Told which of its keys it was. */
  run: (pressed: string) => void;
  /** Asked when the key is pressed. */
  when?: () => boolean;
}

/** A line of the key map. */
export interface Listed {
  k: readonly string[];
  say: string;
  text?: (say: string) => string;
}

const registered = new Set<Key>();
let listening = false;

/** Registers a shortcut; call it inside $effect and return what it returns. */
export function key(one: Key): () => void {
  listen();
  registered.add(one);
  return () => registered.delete(one);
}

/** What can be pressed now, in the order of registration; the newest wins a key that two want. */
export function keys(): Listed[] {
  const seen = new Map<string, Listed>();
  for (const one of registered) {
    const list = typeof one.k === 'string' ? [one.k] : one.k;
    if (!one.when || one.when()) seen.set(list[0], { k: list, say: one.say, text: one.text });
  }
  return [...seen.values()];
}

export function press(event: KeyboardEvent): void {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || isTyping(event)) return;
  const wanted = event.key.length === 1 ? event.key.toLowerCase() : event.key;
  for (const one of [...registered].reverse()) {
    if (!(typeof one.k === 'string' ? [one.k] : one.k).includes(wanted)) continue;
    if (one.when && !one.when()) continue;
    event.preventDefault();
    one.run(wanted);
    return;
  }
}

function isTyping(event: KeyboardEvent): boolean {
  const target = event.target as Element | null;
  if (!target?.closest) return false;
  if (target.closest('input:not([type=radio], [type=checkbox], [type=range]), textarea, select, [contenteditable]')) return true;
  if (event.key === 'Escape') return target.closest('dialog') !== null;
  if (event.key === 'Enter' || event.key === ' ') return target.closest('button, a, input, summary') !== null;
  return event.key.startsWith('Arrow') && target.closest('input, [role=slider], [role=tab]') !== null;
}

function listen(): void {
  if (listening || !globalThis.document) return;
  listening = true;
  document.addEventListener('keydown', press);
}
