// The next code is asked for by whoever is awake: the wall first, the console a second later.
import type { Live } from '@/live.svelte';
import type { AttendanceView } from '@/wire.gen';

/** Whether the code on the wall has stood its time, and `late` ms more. */
export function due(check: Partial<AttendanceView> | undefined, now: number, late: number): boolean {
  if (!check?.open || check.turned === undefined || check.seconds === undefined) return false;
  return now >= check.turned + check.seconds * 1_000 + late;
}

/** Asks while the component that calls this is on screen; never while away, when asking would only pile up. */
export function keepTurning(on: () => Live, late: number): void {
  let asking = $state(false);
  $effect(() => {
    const live = on();
    const check = live.parts.attendance as AttendanceView | undefined;
    if (asking || live.link !== 'live' || !check?.open || !due(check, live.tick * 1_000, late)) return;
    asking = true;
    live.do('attendance.rotate', {}).finally(() => (asking = false));
  });
}
