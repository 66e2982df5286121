// Plans as home knows them: the list, and what can be done with one from there.
import { lang, t } from '@/i18n.svelte';
import { ask, send, titleOf, type Answer, type Failure } from '../teacher/desk';
import { leaveReport, type Note } from '../plan/report.svelte';

export interface PlanListed {
  id: string;
  title: string;
  course?: string;
  language?: string;
  /** UTC ms. */
  updated: number;
  steps?: number;
  questions?: number;
  /** The picture of the first page. */
  asset?: string;
  lessons?: number;
}

/** `name` is the file on its way, `gone` the plan that was put away last. */
export const preparing = $state<{ plans: PlanListed[] | undefined; name: string; share: number; failed: Failure | undefined; gone: PlanListed | undefined }>({
  plans: undefined, name: '', share: 0, failed: undefined, gone: undefined,
});

const PLANS = '/api/teach/plans';
const ONLY_PLANS = /\.(md|markdown|zip|gift|txt|xml|aiken)$/i;

/** Files that no lesson can begin with at once: texts, questions, folders. */
export const isPlan = (file: File): boolean => ONLY_PLANS.test(file.name);

function told<T>(got: Answer<T>): got is { ok: true; value: T } {
  preparing.failed = got.ok ? undefined : got;
  return got.ok;
}

export async function look(): Promise<void> {
  const got = await ask<{ plans: PlanListed[] }>(PLANS);
  if (got.ok) preparing.plans = got.value.plans;
}

const goTo = (plan: string) => location.assign(`/teach/plans/${plan}`);

export async function makePlan(): Promise<void> {
  const got = await ask<{ id: string }>(PLANS, { title: t('home.plan_untitled'), language: lang() });
  if (told(got)) goTo(got.value.id);
}

export async function importPlan(file: File): Promise<void> {
  if (preparing.name) return;
  Object.assign(preparing, { name: file.name, share: 0, failed: undefined });
  const form = new FormData();
  form.set('title', titleOf(file));
  form.set('lang', lang());
  form.set('file', file);
  const got = await send<{ plan: string; report?: Note[] }>(`${PLANS}/import`, form, (share) => (preparing.share = share));
  preparing.name = '';
  if (!told(got)) return;
  leaveReport(got.value.plan, got.value.report ?? []);
  goTo(got.value.plan);
}

export async function start(plan: PlanListed): Promise<void> {
  const got = await ask<{ id: string }>(`${PLANS}/${plan.id}/lessons`, {});
  if (told(got)) location.assign(`/teach/${got.value.id}`);
}

export async function duplicate(plan: PlanListed): Promise<void> {
  if (told(await ask(`${PLANS}/${plan.id}/duplicate`, {}))) await look();
}

export async function putAway(plan: PlanListed): Promise<void> {
  if (!told(await ask(`${PLANS}/${plan.id}`, undefined, 'DELETE'))) return;
  preparing.gone = plan;
  await look();
}

export async function bringBack(): Promise<void> {
  if (!preparing.gone || !told(await ask(`${PLANS}/${preparing.gone.id}/restore`, {}))) return;
  preparing.gone = undefined;
  await look();
}
