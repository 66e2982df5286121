// A failure in words: the server's own when it gave some, otherwise what can be done about it.
import { known, t } from '@/i18n.svelte';
import { AWAY, type Failure } from '../teacher/desk';

export function say(failure: Pick<Failure, 'code' | 'params'>): string {
  if (failure.code === AWAY) return t('plan.no_answer');
  const why = failure.params.why; // of a step that cannot be kept
  if (typeof why === 'string' && known(why)) return `${t(failure.code, failure.params)} ${t(why, failure.params)}`;
  return known(failure.code) ? t(failure.code, failure.params) : t('plan.refused', { code: failure.code });
}
