// Builds four pages. Activities are found by folder; nothing is listed here by hand.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { svelte } from '@sveltejs/vite-plugin-svelte';
import type { Plugin } from 'vite';
import { defineConfig } from 'vitest/config';

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));
const pages = ['student', 'home', 'teacher', 'wall'];

/** The files that hold a page's words: the general ones, the server's answers, the page's own, every activity's. */
function wordFiles(page: string, lang: string): string[] {
  const file = `messages.${lang === 'zh-Hans' ? 'zh' : lang}.json`;
  const browser = here('src/mingtang/browser');
  const activities = here('src/mingtang/activities');
  const each = readdirSync(activities).sort().map((name) => join(activities, name, file));
  return [join(browser, file), here(`src/mingtang/web/${file}`), join(browser, 'screens', page, file), ...each].filter((path) => existsSync(path));
}

/** One page's catalogue in one language as the module `virtual:messages/<page>/<lang>`. */
function messages(): Plugin {
  const name = 'virtual:messages/';
  return {
    name: 'mingtang-messages',
    resolveId: (id) => (id.startsWith(name) ? `\0${id}` : null),
    load(id) {
      if (!id.startsWith(`\0${name}`)) return null;
      const [page, lang] = id.slice(name.length + 1).split('/');
      const files = wordFiles(page, lang);
      for (const path of files) this.addWatchFile(path);
      const merged = Object.assign({}, ...files.map((path) => JSON.parse(readFileSync(path, 'utf-8'))));
      return `export default ${JSON.stringify(merged)};`;
    },
  };
}

export default defineConfig({
  root: here('src/mingtang/browser'),
  base: '/static/',
  publicDir: false,
  cacheDir: here('node_modules/.vite'),
  plugins: [svelte({ configFile: here('svelte.config.js') }), messages()],
  resolve: {
    alias: { '@': here('src/mingtang/browser') },
    ...(process.env.VITEST ? { conditions: ['browser'] } : {}),
  },
  build: {
    outDir: process.env.MINGTANG_STATIC ?? here('src/mingtang/web/static'),
    emptyOutDir: true,
    manifest: true,
    target: ['chrome100', 'firefox100', 'safari15.4'],
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    rolldownOptions: {
      input: Object.fromEntries(pages.map((page) => [page, here(`src/mingtang/browser/${page}.html`)])),
    },
  },
  test: {
    dir: here('src/mingtang'),
    include: ['**/*.test.ts'],
    environment: here('src/mingtang/browser/testing/client.ts'),
  },
});
