// A question while it is being written, and what it becomes.
import type { PollForm, PollItem, PollQuestion } from '@/wire.gen';
import { readNumber } from './asked';

export const FORMS: readonly PollForm[] = ['single', 'multiple', 'truefalse', 'number', 'text', 'cloud', 'rating'];
export const LETTERS = 'ABCDEFGHIJKL';
export const MOST = LETTERS.length;

export interface Draft {
  form: PollForm;
  text: string;
  options: { text: string; right: boolean }[];
  truth: '' | 'true' | 'false';
  scale: number;
  right: string;
  tolerance: string;
  named: boolean;
  limit: number | null;
}

export function blank(): Draft {
  const options = Array.from({ length: 4 }, () => ({ text: '', right: false }));
  return { form: 'single', text: '', options, truth: '', scale: 5, right: '', tolerance: '', named: false, limit: null };
}

export function drafted(item: PollItem): Draft {
  const keys = Object.keys(item.options ?? {}).sort();
  const right = Array.isArray(item.right) ? item.right : [];
  const options = keys.map((key) => ({ text: item.options?.[key] ?? '', right: right.includes(key) }));
  return {
    ...blank(),
    form: item.form,
    text: item.text,
    ...(options.length ? { options } : {}),
    truth: item.form === 'truefalse' ? ((right[0] ?? '') as Draft['truth']) : '',
    scale: item.scale ?? 5,
    right: item.right === undefined || Array.isArray(item.right) ? '' : String(item.right),
    tolerance: item.tolerance ? String(item.tolerance) : '',
    named: item.named ?? false,
    limit: item.limit ?? null,
  };
}

/** A question that was prepared, as the item it becomes once it is asked and answers are given. */
export function itemOf(asked: PollQuestion): PollItem {
  const options = (asked.options ?? []).map((text, at) => [LETTERS[at].toLowerCase(), text]);
  return {
    form: asked.form,
    text: asked.text,
    state: 'open',
    round: '1',
    ...(options.length ? { options: Object.fromEntries(options) } : {}),
    ...(asked.form === 'rating' ? { scale: asked.scale ?? 5 } : {}),
    ...(asked.anonymous === false ? { named: true } : {}),
    ...(asked.limit ? { limit: asked.limit } : {}),
  };
}

/** A question that was prepared, taken up for writing again. */
export function taken(asked: PollQuestion): Draft {
  const right = asked.right ?? undefined;
  return drafted({ ...itemOf(asked), ...(right === undefined ? {} : { right }), ...(asked.tolerance ? { tolerance: asked.tolerance } : {}) });
}

const filled = (draft: Draft) => draft.options.filter((one) => one.text.trim());
const optioned = (draft: Draft) => draft.form === 'single' || draft.form === 'multiple';

/** The message of what is still missing; "" when it can be asked. */
export function problem(draft: Draft): string {
  if (!draft.text.trim()) return 'poll.no_text';
  if (optioned(draft) && filled(draft).length < 2) return 'poll.too_few_options';
  if (draft.form === 'number' && draft.right.trim() && readNumber(draft.right) === undefined) return 'poll.not_a_number';
  if (draft.form === 'number' && draft.tolerance.trim() && !((readNumber(draft.tolerance) ?? -1) >= 0)) return 'poll.not_a_number';
  return '';
}

function rightOf(draft: Draft): PollQuestion['right'] {
  const marked = filled(draft).flatMap((one, at) => (one.right ? [LETTERS[at].toLowerCase()] : []));
  if (optioned(draft)) return marked.length ? marked : undefined;
  if (draft.form === 'truefalse') return draft.truth ? [draft.truth] : undefined;
  if (draft.form === 'number') return readNumber(draft.right);
  return draft.form === 'text' && draft.right.trim() ? draft.right.trim() : undefined;
}

export function question(draft: Draft): PollQuestion {
  const right = rightOf(draft);
  const tolerance = draft.form === 'number' ? readNumber(draft.tolerance) : undefined;
  return {
    form: draft.form,
    text: draft.text.trim(),
    ...(optioned(draft) ? { options: filled(draft).map((one) => one.text.trim()) } : {}),
    ...(draft.form === 'rating' ? { scale: Math.min(10, Math.max(2, Math.round(draft.scale || 5))) } : {}),
    ...(right === undefined ? {} : { right }),
    ...(tolerance ? { tolerance } : {}),
    ...(draft.named ? { anonymous: false } : {}),
    ...(draft.limit ? { limit: Math.min(7200, Math.max(0, Math.round(draft.limit))) } : {}),
  };
}
