// One deck at a time on its way into the lesson; the console shows how far it is.

import { known, t } from '@/i18n.svelte';
import { AWAY, send, type Failure } from './desk';

export const upload = $state({ name: '', share: 0, failed: '' });

function words(said: Failure): string {
  if (said.code === AWAY) return t('console.no_answer');
  return known(said.code) ? t(said.code, said.params) : t('console.refused', { code: said.code });
}

export async function addDeck(lesson: string, file: File): Promise<void> {
  if (upload.name) return;
  Object.assign(upload, { name: file.name, share: 0, failed: '' });
  const form = new FormData();
  form.set('deck', file);
  const got = await send(`/api/teach/lessons/${lesson}/deck`, form, (share) => (upload.share = share));
  Object.assign(upload, { name: '', failed: got.ok ? '' : words(got) });
}
