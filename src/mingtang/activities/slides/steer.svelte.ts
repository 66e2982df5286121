// What the teacher's pieces of this activity share: turning, names of steps, what was taken out, the overview.
import { t } from '@/i18n.svelte';
import type { IconName } from '@/icons';
import type { Live } from '@/live.svelte';
import { freshId } from '@/outbox';
import { hasPicture, inOrder, type Placed } from '@/steps';

/** What a button does, and the key that does the same. */
export const hint = (does: string, key: string): string => `${does}  ${key}`;

interface Question {
  text?: string;
  state?: string;
}

/** `taken`: the step dropped last, so that it can be brought back. */
export const desk = $state<{ all: boolean; taken: { id: string; name: string } | undefined }>({ all: false, taken: undefined });

export const steps = (live: Live): Placed[] => inOrder(live.parts.slides);
export const onStage = (live: Live): Placed | undefined => steps(live).find((step) => step.id === live.now?.step);

/** The step asked for and not yet seen on the stage: quick presses count from there. */
let aim: string | undefined;
const ARRIVED = 300;

/** The next step or the one before; `asked` counts from the step that was asked for last. */
export function beside(live: Live, by: 1 | -1, asked = false): Placed | undefined {
  const all = steps(live);
  const from = asked && aim ? aim : live.now?.step;
  const at = all.findIndex((step) => step.id === from);
  if (at === 0 && by > 0 && waits(live)) return all[0];
  return at < 0 ? (by > 0 ? all[0] : undefined) : all[at + by];
}

/** The wall still shows the code before the first step: the next thing is that step. */
const waits = (live: Live): boolean => live.parts.slides?.cover === 'code' && live.now?.step === steps(live)[0]?.id;

const question = (live: Live, step: Placed): Question | undefined => live.parts[step.kind]?.[step.ref ?? ''];

/** A question that nobody has seen yet is asked by turning to it. */
export function turn(live: Live, to: Placed | undefined): void {
  if (!to) return;
  if (to.id === live.now?.step && waits(live)) return cover(live, 'code');
  aim = to.id;
  const there = () => (aim = aim === to.id ? undefined : aim);
  void live.do('slides.turn', { to: to.id }).then((answer) => setTimeout(there, answer.ok ? ARRIVED : 0));
  const state = question(live, to)?.state ?? 'draft';
  if (to.ref && state === 'draft') void live.do(`${to.kind}.ask` as 'poll.ask', { id: to.ref });
}

const OWN = ['note', 'timer', 'break'];

/** What kind of step it is, in a word or two; of a question its activity says it. */
export const kindOf = (step: Placed): string => t(OWN.includes(step.kind) ? `slides.kind_${step.kind}` : `${step.kind}.step`);

export function iconOf(step: Placed): IconName {
  return ({ note: 'text', timer: 'timer', break: 'timer', peer: 'talk' } as Record<string, IconName>)[step.kind] ?? 'poll';
}

export function nameOf(live: Live, step: Placed): string {
  const said = step.title || question(live, step)?.text || step.text?.trim().split('\n')[0].replace(/^#+\s+/, '');
  if (said) return said;
  return hasPicture(step) ? t(step.kind === 'board' ? 'slides.board_n' : 'slides.page_n', { n: step.n }) : kindOf(step);
}

export function cover(live: Live, what: 'black' | 'code'): void {
  void live.do('slides.cover', { to: live.parts.slides?.cover === what ? '' : what });
}

/** A blank board right after the present step, on the stage at once. */
export function board(live: Live): void {
  const id = freshId();
  void live.do('slides.insert', { id, kind: 'board', ...(live.now ? { after: live.now.step } : {}) });
  void live.do('slides.turn', { to: id });
}

/** To the place `at` among the steps, counted without the moved one. */
export function move(live: Live, step: Placed, at: number): void {
  const others = steps(live).filter((one) => one.id !== step.id);
  if (at < 0 || at > others.length) return;
  void live.do('slides.move', { step: step.id, ...(at > 0 ? { after: others[at - 1].id } : {}) });
}

export async function takeOut(live: Live, step: Placed): Promise<void> {
  const taken = { id: step.id, name: nameOf(live, step) };
  if ((await live.do('slides.drop', { step: step.id })).ok) desk.taken = taken;
}

export function bringBack(live: Live): void {
  if (desk.taken) void live.do('slides.restore', { step: desk.taken.id });
  desk.taken = undefined;
}
