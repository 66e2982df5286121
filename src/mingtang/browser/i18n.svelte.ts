// What people read, in their language. Only the chosen language's catalogue is ever loaded.

export type Lang = 'en' | 'zh-Hans';
export type Message = string | Partial<Record<Intl.LDMLPluralRule, string>>;
export type Catalogue = Record<string, Message>;
export type Params = Record<string, unknown>;
export type Loaders = Record<Lang, () => Promise<{ default: Catalogue }>>;

const KEPT = 'mingtang.lang';
export const LANGS: readonly Lang[] = ['en', 'zh-Hans'];
export const names: Record<Lang, string> = { en: 'English', 'zh-Hans': '中文' };

let current = $state<Lang>('en');
let catalogue = $state.raw<Catalogue>({});
let plural = new Intl.PluralRules('en');
let loaders: Loaders | undefined;

/** The language on screen now (reactive). */
export function lang(): Lang {
  return current;
}

/** The text of a message; `{name}` is filled from params, and plural forms are chosen by `params.n`. */
export function t(key: string, params: Params = {}): string {
  const found = catalogue[key];
  if (found === undefined) return key;
  const text = typeof found === 'string' ? found : (found[plural.select(Number(params.n ?? 0))] ?? found.other ?? key);
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => (name in params ? String(params[name]) : whole));
}

/** Whether a message of this key exists (reactive). */
export function known(key: string): boolean {
  return key in catalogue;
}

export function preferred(): Lang {
  const kept = keptLang();
  if (kept) return kept;
  return globalThis.navigator?.language?.toLowerCase().startsWith('zh') ? 'zh-Hans' : 'en';
}

/** Loads the first catalogue of a page; `setLang` loads the others when they are asked for. */
export async function speak(from: Loaders): Promise<void> {
  loaders = from;
  await show(preferred());
}

export async function setLang(next: Lang): Promise<void> {
  try {
    localStorage.setItem(KEPT, next);
  } catch {
    // A browser that keeps nothing still changes its language for now.
  }
  await show(next);
}

/** For tests and for pages that bring their own words. */
export function use(next: Lang, words: Catalogue): void {
  plural = new Intl.PluralRules(next);
  catalogue = words;
  current = next;
  if (globalThis.document) document.documentElement.lang = next;
}

async function show(next: Lang): Promise<void> {
  if (loaders) use(next, (await loaders[next]()).default);
}

function keptLang(): Lang | undefined {
  try {
    return LANGS.find((one) => one === localStorage.getItem(KEPT));
  } catch {
    return undefined;
  }
}
