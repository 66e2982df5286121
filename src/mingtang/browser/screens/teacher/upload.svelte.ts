// One deck at a time on its way into the lesson; the console shows how far it is.

import { send } from './desk';
import { say } from './said';

export const upload = $state({ name: '', share: 0, failed: '' });

export async function addDeck(lesson: string, file: File): Promise<void> {
  if (upload.name) return;
  Object.assign(upload, { name: file.name, share: 0, failed: '' });
  const form = new FormData();
  form.set('deck', file);
  const got = await send(`/api/teach/lessons/${lesson}/deck`, form, (share) => (upload.share = share));
  Object.assign(upload, { name: '', failed: got.ok ? '' : say(got) });
}
