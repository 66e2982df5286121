// What a timer says at a moment. Its end is computed here: no event tells it.
import type { Live } from '@/live.svelte';
import { lang } from '@/i18n.svelte';
import type { TimerView } from '@/wire.gen';

/** The server's time, told anew every second: exact at the moment a timer begins, too. */
export function now(live: Live): number {
  return live.tick >= 0 ? live.clock() : 0;
}

/** Whole seconds left, rounded up, so that 0 is shown only when time is up. */
export function left(timer: TimerView, at: number): number {
  const ms = timer.paused_left ?? (timer.ends ?? at) - at;
  return Math.max(0, Math.ceil(ms / 1_000));
}

export function isRunning(timer: Partial<TimerView> | undefined): timer is TimerView {
  return Boolean(timer?.started);
}

export type Moment = 'started' | 'paused' | 'minute' | 'seconds' | 'up';

/** What is worth saying aloud: few moments, none of them close to the start of a short timer. */
export function moment(timer: TimerView, at: number): Moment {
  const seconds = left(timer, at);
  if (seconds === 0) return 'up';
  if (timer.paused_left !== undefined) return 'paused';
  if (seconds <= 10 && timer.length >= 60_000) return 'seconds';
  if (seconds <= 60 && timer.length >= 120_000) return 'minute';
  return 'started';
}

export interface StageClock {
  kind: 'timer' | 'break';
  label: string;
  timer: TimerView;
}

/** The clock of the step on the stage; before it has begun (in a preview, say) it shows the whole time. */
export function stageClock(live: Live): StageClock | undefined {
  const kind = live.now?.kind;
  if (kind !== 'timer' && kind !== 'break') return undefined;
  const step = live.parts.slides?.steps?.[live.now.step];
  const running = live.parts.timer as TimerView | undefined;
  const length = (step?.seconds ?? 0) * 1_000;
  const whole = { started: now(live), length, ends: now(live) + length };
  const timer = isRunning(running) && running.step === live.now.step ? running : whole;
  return { kind, label: step?.text ?? '', timer };
}

/** Whether this is the clock of the step on the stage, which shows it large. */
export const onStage = (live: Live, timer: TimerView): boolean => timer.step !== undefined && timer.step === live.now?.step;

/** When it ends, as a clock on the wall tells it. */
export function goesOn(live: Live, timer: TimerView): string {
  const at = timer.ends ?? now(live) + (timer.paused_left ?? 0);
  return new Date(at).toLocaleTimeString(lang(), { hour: '2-digit', minute: '2-digit' });
}
