// A day as a person writes it, in the page's language: Mon 16 Nov, 11月16日周一.

import { lang } from '@/i18n.svelte';

export function day(at: number, today = new Date()): string {
  const then = new Date(at);
  const year = then.getFullYear() === today.getFullYear() ? undefined : 'numeric';
  const shape = { weekday: 'short', day: 'numeric', month: 'short', year } as const;
  return new Intl.DateTimeFormat(lang() === 'en' ? 'en-GB' : 'zh-CN', shape).format(then).replace(',', '');
}
