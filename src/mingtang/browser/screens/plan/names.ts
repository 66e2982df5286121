// What a step is called where it is not before our eyes.
import { t } from '@/i18n.svelte';
import type { IconName } from '@/icons';
import { clockText } from '@/words';
import { preparedOf } from './pieces';
import type { PlanStep } from './steps';

const ICONS: Record<string, IconName> = { note: 'note', timer: 'timer', break: 'cup', unread: 'warn', board: 'board', page: 'file' };

export const iconOf = (kind: string): IconName => preparedOf(kind)?.icon ?? ICONS[kind] ?? 'steps';

export const kindOf = (kind: string): string => t(preparedOf(kind)?.title ?? `plan.kind_${kind}`);

/** The words of a question, complete or not. */
export const askedIn = (step: PlanStep): string => ((step.draft ?? step.question) as { text?: string } | undefined)?.text?.trim() ?? '';

/** `n` counts from 1. */
export function nameOf(step: PlanStep, n: number): string {
  if (step.kind === 'page') return step.page?.title || t('plan.page_n', { n });
  if (step.kind === 'timer' || step.kind === 'break') return step.text || `${kindOf(step.kind)} ${clockText(step.seconds ?? 0)}`;
  const words = preparedOf(step.kind) || step.draft ? askedIn(step) : (step.text ?? '').split('\n')[0].trim();
  return words || kindOf(step.kind);
}
