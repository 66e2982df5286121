// What a timer says at a moment. Its end is computed here: no event tells it.
import type { Live } from '@/live.svelte';
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
