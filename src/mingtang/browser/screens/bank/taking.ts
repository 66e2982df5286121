// A question of the bank as a step of another plan.
import { freshId } from '@/outbox';
import { ask, type Answer } from '../teacher/desk';
import { docOf, insert, sendable, type PlanStep, type PlanView } from '../plan/steps';
import type { Banked } from './asked';

/** The question as it stands in its own plan now, with its notes; a step of its own wherever it goes. */
export async function stepOf(question: Banked): Promise<Answer<PlanStep>> {
  const got = await ask<PlanView>(`/api/teach/plans/${question.plan}`);
  if (!got.ok) return got;
  const found = got.value.steps?.find((step) => step.id === question.step);
  if (!found) return { ok: false, code: 'bank.gone', params: {} };
  return { ok: true, value: { ...found, id: freshId() } };
}

const TRIES = 3;

/** Puts it at the end of a plan that is not open here. Who writes there at the same moment loses nothing. */
export async function put(question: Banked, plan: string): Promise<Answer<PlanView>> {
  const step = await stepOf(question);
  if (!step.ok) return step;
  for (let tried = 1; ; tried += 1) {
    const got = await ask<PlanView>(`/api/teach/plans/${plan}`);
    if (!got.ok) return got;
    const doc = sendable(insert(docOf(got.value), [step.value], undefined));
    const kept = await ask<PlanView>(`/api/teach/plans/${plan}`, { base: got.value.version, ...doc }, 'PUT');
    if (kept.ok || kept.code !== 'plan.conflict' || tried === TRIES) return kept;
  }
}
