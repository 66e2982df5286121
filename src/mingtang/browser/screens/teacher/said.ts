// A failure in words: the server's own when it gave some, otherwise what a teacher can do about it.

import { known, t } from '@/i18n.svelte';
import { AWAY, type Failure } from './desk';

export function say(failure: Pick<Failure, 'code' | 'params'>): string {
  if (failure.code === AWAY) return t('console.no_answer');
  return known(failure.code) ? t(failure.code, failure.params) : t('console.refused', { code: failure.code });
}
