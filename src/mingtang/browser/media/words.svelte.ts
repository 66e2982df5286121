// The words of voice and picture: a catalogue of their own, fetched with them, so that a page without them carries none.
import { lang, t as page, type Catalogue, type Lang, type Loaders, type Params } from '@/i18n.svelte';

const loaders: Loaders = {
  en: () => import('virtual:messages/media/en'),
  'zh-Hans': () => import('virtual:messages/media/zh-Hans'),
};
let catalogues = $state.raw<Partial<Record<Lang, Catalogue>>>({});

/** Worth waiting for before the first component of media is drawn. */
export async function words(of: Lang = lang()): Promise<void> {
  if (!catalogues[of]) catalogues = { ...catalogues, [of]: (await loaders[of]()).default };
}

/** As `t` of the page, with the words of media first; nothing while they are on their way. */
export function t(key: string, params: Params = {}): string {
  const own = catalogues[lang()];
  if (!own) void words();
  const found = own ? own[key] : '';
  if (found === undefined) return page(key, params);
  const form = typeof found === 'string' ? found : (found[new Intl.PluralRules(lang()).select(Number(params.n ?? 0))] ?? found.other ?? key);
  return form.replace(/\{(\w+)\}/g, (whole, name: string) => (name in params ? String(params[name]) : whole));
}
