// Builds four pages. Activities are found by folder; nothing is listed here by hand.
import { fileURLToPath } from 'node:url';
import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vitest/config';
import { messages } from './src/mingtang/browser/messages.ts';

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));
const pages = ['student', 'home', 'teacher', 'wall'];

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
    environment: 'node',
  },
});
