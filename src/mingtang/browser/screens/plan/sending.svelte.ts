// A file on its way into the plan: slides to be drawn, or questions to be read. What comes of it is shown by the plan.
import { send, type Failure } from '../teacher/desk';
import type { Planning } from './planning.svelte';
import { type Note, report } from './report.svelte';

export const sending = $state<{ name: string; share: number; failed: Failure | undefined }>({ name: '', share: 0, failed: undefined });

async function bring<T>(planning: Planning, file: File, where: string, field: string): Promise<T | undefined> {
  if (sending.name) return undefined;
  Object.assign(sending, { name: file.name, share: 0, failed: undefined });
  await planning.save();
  const form = new FormData();
  if (planning.at && planning.doc.steps.some((step) => step.id === planning.at && !step.draft)) form.set('after', planning.at);
  form.set(field, file);
  const got = await send<T>(`${planning.address}/${where}`, form, (share) => (sending.share = share));
  Object.assign(sending, { name: '', failed: got.ok ? undefined : got });
  await planning.look();
  planning.arrived = 0; // what this brings is shown by itself
  return got.ok ? got.value : undefined;
}

export async function sendDeck(planning: Planning, file: File): Promise<void> {
  await bring(planning, file, 'decks', 'deck');
}

export async function sendQuestions(planning: Planning, file: File): Promise<void> {
  const got = await bring<{ added: string[]; report?: Note[] }>(planning, file, 'questions', 'file');
  if (!got) return;
  planning.at = got.added[0] ?? planning.at;
  report.tell(got.added.length, got.report ?? []);
}
