// Tests run as the browser's code does (Svelte's client half), but without a document: what they need they bring.
import type { Environment } from 'vitest/runtime';

export default {
  name: 'client',
  viteEnvironment: 'client',
  setup: () => ({ teardown: () => undefined }),
} satisfies Environment;
