// The catalogue of one page in one language, as the virtual module `virtual:messages/<page>/<lang>`:
// the general messages, the page's own and those of every activity, in one object.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Plugin } from 'vite';

const NAME = 'virtual:messages/';
const here = fileURLToPath(new URL('.', import.meta.url));
const activities = fileURLToPath(new URL('../activities', import.meta.url));

export function sources(page: string, lang: string): string[] {
  const file = `messages.${lang === 'zh-Hans' ? 'zh' : lang}.json`;
  const each = readdirSync(activities).sort().map((name) => join(activities, name, file));
  return [join(here, file), join(here, 'screens', page, file), ...each].filter((path) => existsSync(path));
}

export function messages(): Plugin {
  return {
    name: 'mingtang-messages',
    resolveId: (id) => (id.startsWith(NAME) ? `\0${id}` : null),
    load(id) {
      if (!id.startsWith(`\0${NAME}`)) return null;
      const [page, lang] = id.slice(NAME.length + 1).split('/');
      const merged: Record<string, unknown> = {};
      for (const path of sources(page, lang)) {
        this.addWatchFile(path);
        Object.assign(merged, JSON.parse(readFileSync(path, 'utf-8')));
      }
      return `export default ${JSON.stringify(merged)};`;
    },
  };
}
