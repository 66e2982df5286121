// Two changes of one plan made side by side, put together where neither can lose anything; else it is for a person to say.
import { same, type Doc, type PlanStep } from './steps';

/** `base` is what both began with; undefined when both changed the same. */
export function merge(base: Doc, mine: Doc, theirs: Doc): Doc | undefined {
  const steps = mergeSteps(base.steps, mine.steps, theirs.steps);
  const [title, course, language] = (['title', 'course', 'language'] as const).map((name) => pick(base[name], mine[name], theirs[name]));
  if (!steps || title === undefined || course === undefined || language === undefined) return undefined;
  return { title, course, language, steps };
}

function pick(base: string, mine: string, theirs: string): string | undefined {
  if (mine === base || mine === theirs) return theirs;
  return theirs === base ? mine : undefined;
}

function mergeSteps(base: PlanStep[], mine: PlanStep[], theirs: PlanStep[]): PlanStep[] | undefined {
  if (same(mine, base) || same(mine, theirs)) return theirs;
  if (same(theirs, base)) return mine;
  if (onlyAdds(base, theirs)) return withAdded(base, mine, theirs);
  return onlyAdds(base, mine) ? withAdded(base, theirs, mine) : undefined;
}

function onlyAdds(base: PlanStep[], changed: PlanStep[]): boolean {
  const known = new Set(base.map((step) => step.id));
  return same(base, changed.filter((step) => known.has(step.id)));
}

/** Each step that `from` added comes after the one it follows there, or after the last that is still here. */
function withAdded(base: PlanStep[], into: PlanStep[], from: PlanStep[]): PlanStep[] {
  const known = new Set([...base, ...into].map((step) => step.id));
  const result = [...into];
  let last = -1;
  for (const step of from) {
    const at = result.findIndex((one) => one.id === step.id);
    if (at >= 0) last = at;
    else if (!known.has(step.id)) result.splice(++last, 0, step);
  }
  return result;
}
