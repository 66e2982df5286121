// Builds the pages. Activities are found by folder; nothing is listed here by hand.
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { svelte } from '@sveltejs/vite-plugin-svelte';
import type { Plugin, Rolldown } from 'vite';
import { defineConfig } from 'vitest/config';

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));
/** Each page of the folder, and the entry of its name. */
const pages = readdirSync(here('src/mingtang/browser')).filter((name) => name.endsWith('.html')).map((name) => name.slice(0, -5));

const WORDS = '\0virtual:messages/';
const QUOTED = /['"`]([a-z][a-z0-9_.]*)['"`]/g;
const STEM = /['"`]([a-z][a-z0-9_]*\.[a-z0-9_.]*)\$\{/g;
const SPOKEN = /f"([a-z][a-z0-9_]*\.)\{/g;
const REFUSED = /(?:Refused|Fault|Mistake)\(\s*(?:\d+,\s*)?"([a-z0-9_.]+)"/g;

/** Voice and picture come later and bring their own words, as if they were a page. */
const MEDIA = 'media';
const MEDIA_FOLDERS = ['browser/media', 'activities/media', 'activities/groups', 'activities/captions'];
const isMedia = (id: string): boolean => MEDIA_FOLDERS.some((folder) => id.includes(`/mingtang/${folder}/`));

const filesUnder = (folder: string, ending: string): string[] =>
  readdirSync(here(folder), { recursive: true, encoding: 'utf-8' }).filter((path) => path.endsWith(ending)).map((path) => here(`${folder}/${path}`)).sort();
const textUnder = (folder: string, ending = '.py'): string => filesUnder(folder, ending).map((path) => readFileSync(path, 'utf-8')).join('\n');
const firstOf = (text: string, pattern: RegExp): string[] => Array.from(text.matchAll(pattern), ([, first]) => first);

/** The code of a page and all it imports, without its words. */
function codeOf(page: string, graph: Pick<Rolldown.PluginContext, 'getModuleInfo'>): string {
  if (page === MEDIA) return MEDIA_FOLDERS.flatMap((folder) => ['.ts', '.svelte'].map((ending) => textUnder(`src/mingtang/${folder}`, ending))).join();
  const [seen, todo] = [new Set<string>(), [here(`src/mingtang/browser/entries/${page}.ts`)]];
  let text = '';
  for (let id = todo.pop(); id; id = todo.pop()) {
    const module = graph.getModuleInfo(id);
    if (!module || seen.has(id) || id.startsWith(WORDS) || id.includes('/node_modules/') || isMedia(id)) continue;
    seen.add(id);
    text += `${module.code ?? ''}\n`;
    todo.push(...module.importedIds, ...module.dynamicallyImportedIds);
  }
  return text;
}

/** What the server refuses of voice, picture, groups and captions: on a phone, only what uses them can say it. */
const isOfMedia = (key: string): boolean => /^(media|groups|captions)\./.test(key);

/** Which keys a page can say: those written out in its code or made from a stem there, those of no activity, and the
 * server's refusals; a staff page also says what becomes of a deck, and what a file's questions left behind. */
function sayable(page: string, code: string): (key: string) => boolean {
  if (page === MEDIA) {
    const refused = firstOf(textUnder('src/mingtang'), REFUSED).filter(isOfMedia);
    const [own, begun] = [new Set([...firstOf(code, QUOTED), ...refused]), firstOf(code, STEM)];
    return (key) => own.has(key) || begun.some((stem) => key.startsWith(stem));
  }
  const decks = ['student', 'wall', 'notebook', 'search', 'https'].includes(page) ? '' : ['web', 'plans', 'core'].map((folder) => textUnder(`src/mingtang/${folder}`)).join() + textUnder('src/mingtang/activities', 'plan.py');
  const refused = firstOf(textUnder('src/mingtang'), REFUSED).filter((key) => page !== 'student' || !isOfMedia(key));
  const whole = new Set([...firstOf(code + decks, QUOTED), ...refused]);
  const stems = [...firstOf(code, STEM), ...firstOf(decks, SPOKEN)];
  return (key) => !key.includes('.') || whole.has(key) || stems.some((stem) => key.startsWith(stem));
}

function catalogue(lang: string): Record<string, unknown> {
  const files = ['activities', 'web', 'browser'].flatMap((folder) => filesUnder(`src/mingtang/${folder}`, `messages.${lang === 'zh-Hans' ? 'zh' : lang}.json`));
  return Object.assign({}, ...files.map((path) => JSON.parse(readFileSync(path, 'utf-8'))));
}

/** One page's catalogue in one language as the module `virtual:messages/<page>/<lang>`; built, it holds no word that the page cannot say. */
function messages(mode: string): Plugin {
  return {
    name: 'mingtang-messages',
    resolveId: (id) => (id.startsWith(WORDS.slice(1)) ? `\0${id}` : null),
    load(id) {
      if (!id.startsWith(WORDS)) return null;
      for (const path of filesUnder('src/mingtang', '.json')) this.addWatchFile(path);
      const [, page, lang] = id.split('/');
      // What is carried away is one script, whose own catalogue is whole.
      return `export default ${JSON.stringify(mode === 'carried' && page === MEDIA ? {} : catalogue(lang))};`;
    },
    renderChunk(_, chunk) {
      if (!chunk.facadeModuleId?.startsWith(WORDS)) return null;
      const [, page, lang] = chunk.facadeModuleId.split('/');
      const said = sayable(page, codeOf(page, this));
      return `export default ${JSON.stringify(Object.fromEntries(Object.entries(catalogue(lang)).filter(([key]) => said(key))))};`;
    },
  };
}

/** A page that is carried away has no line and no recording: its voice and picture are left out whole. */
function withoutMedia(): Plugin {
  const mounted = /\/media\/(capture\/(Ready|Send)|playback\/Watch)\.svelte$/;
  return {
    name: 'mingtang-without-media',
    enforce: 'pre',
    resolveId: (id) => (mounted.test(id) ? '\0without-media' : null),
    load: (id) => (id === '\0without-media' ? 'export default () => undefined;' : null),
  };
}

const target = ['chrome100', 'firefox100', 'safari15.4'];
const folder = process.env.MINGTANG_STATIC ?? here('src/mingtang/web/static');

/** The pages that a server sends. */
const served = {
  outDir: folder,
  emptyOutDir: true,
  manifest: true,
  target,
  assetsInlineLimit: 0,
  modulePreload: { polyfill: false },
  reportCompressedSize: false,
  rolldownOptions: { input: Object.fromEntries(pages.map((page) => [page, here(`src/mingtang/browser/${page}.html`)])) },
};

/** The player of a page that is carried away: one script, one style sheet, nothing to fetch. */
const carried = {
  outDir: `${folder}/carried`,
  emptyOutDir: true,
  target,
  cssCodeSplit: false,
  assetsInlineLimit: 1_000_000,
  modulePreload: false as const,
  reportCompressedSize: false,
  rolldownOptions: {
    input: here('src/mingtang/browser/entries/carried.ts'),
    output: { format: 'iife' as const, codeSplitting: false, entryFileNames: 'page.js', assetFileNames: 'page.[ext]' },
  },
};

export default defineConfig(({ mode }) => ({
  root: here('src/mingtang/browser'),
  base: '/static/',
  publicDir: false,
  cacheDir: here('node_modules/.vite'),
  plugins: [svelte({ configFile: here('svelte.config.js') }), messages(mode), ...(mode === 'carried' ? [withoutMedia()] : [])],
  resolve: {
    alias: { '@': here('src/mingtang/browser') },
    ...(process.env.VITEST ? { conditions: ['browser'] } : {}),
  },
  build: mode === 'carried' ? carried : served,
  test: {
    dir: here('src/mingtang'),
    include: ['**/*.test.ts'],
    environment: here('src/mingtang/browser/testing/client.ts'),
    isolate: false,
  },
}));
