// The sound check: whether somebody would be heard, from two seconds of levels (-dBov, so a small number is loud).

export type Verdict = 'heard' | 'quiet' | 'nothing' | 'loud';

const [LOUD, CLEAR, AUDIBLE, DEAD] = [6, 45, 62, 95];

/** Of levels of equal spans. Somebody who speaks is loud for a part of the time only: the loudest fifth is looked at. */
export function judge(levels: readonly number[]): Verdict {
  const loudest = [...levels].sort((one, other) => one - other);
  const fifth = loudest[Math.floor(loudest.length / 5)] ?? DEAD;
  if ((loudest[0] ?? DEAD) >= DEAD) return 'nothing';
  if (fifth <= LOUD) return 'loud';
  if (fifth <= CLEAR) return 'heard';
  return fifth <= AUDIBLE ? 'quiet' : 'nothing';
}

/** A level as a share of a bar: nothing at -70 dBov and below, all of it at -10. */
export function share(level: number): number {
  return Math.max(0, Math.min(1, (70 - level) / 60));
}
