// A question of the bank and every time it was asked, as the server tells them.

export interface Distractor {
  key: string;
  text: string;
  n1: number;
  n2?: number;
}

/** Shares are 0 to 1; `p2` is of the last round, `gain` normalised. */
export interface Asked {
  lesson: string;
  title: string;
  /** UTC ms. */
  at: number;
  group?: string;
  answers: number;
  p1?: number;
  p2?: number;
  gain?: number;
  distractors?: Distractor[];
}

export interface Banked {
  id: string;
  plan: string;
  plan_title: string;
  course?: string;
  step: string;
  kind: string;
  form: string;
  text: string;
  options?: string[];
  right?: unknown;
  version?: number;
  versions?: number;
  asked?: Asked[];
  /** Only of a question that is asked for by itself. */
  history?: Version[];
}

/** As the question was from this version of its plan on; `at` in UTC ms. */
export interface Version {
  version: number;
  at: number;
  question: { text?: string; options?: string[] };
}

export interface Search {
  q: string;
  course: string;
  form: string;
}

const FORMS = ['single', 'multiple', 'truefalse', 'number', 'text', 'cloud', 'rating', 'peer'] as const;
export const forms: readonly string[] = FORMS;

export function addressOf({ q, course, form }: Search, limit = 60): string {
  const query = new URLSearchParams({ limit: String(limit) });
  if (q.trim()) query.set('q', q.trim());
  if (course) query.set('course', course);
  if (form) query.set('form', form);
  return `/api/teach/bank?${query}`;
}

/** Keys of the options that are right: letters, or the words of true and false. */
export function rightKeys(question: Banked): string[] {
  if (Array.isArray(question.right)) return question.right.map(String);
  return typeof question.right === 'string' && question.kind === 'peer' ? [question.right] : [];
}

/** The newest first. */
export const newest = (asked: readonly Asked[] | undefined): Asked[] => [...(asked ?? [])].sort((a, b) => b.at - a.at);

/** How many chose each wrong answer in the last round, as parts of all who answered, most chosen first. */
export function misled(asked: Asked): { text: string; share: number }[] {
  const all = (asked.distractors ?? []).map((one) => ({ text: one.text || one.key, share: (one.n2 ?? one.n1) / Math.max(1, asked.answers) }));
  return all.filter((one) => one.share > 0).sort((a, b) => b.share - a.share);
}
