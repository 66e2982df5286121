// A question for peer instruction while it is being written, and what it becomes.
import type { PeerItem, PeerQuestion } from '@/wire.gen';

export const LETTERS = 'ABCDEFGH';

export interface Draft {
  text: string;
  options: string[];
  /** The place of the right one; -1 while none is marked. */
  right: number;
}

export const blank = (): Draft => ({ text: '', options: ['', '', '', ''], right: -1 });

const placeOf = (key: string | undefined): number => (key ? key.charCodeAt(0) - 97 : -1);

export function drafted(item: PeerItem): Draft {
  const keys = Object.keys(item.options).sort();
  return { text: item.text, options: keys.map((key) => item.options[key]), right: placeOf(item.right) };
}

/** A question that was prepared, taken up for writing again. */
export const taken = (asked: PeerQuestion): Draft => ({ text: asked.text, options: [...asked.options], right: placeOf(asked.right) });

const kept = (draft: Draft) => draft.options.map((one, at) => ({ text: one.trim(), at })).filter((one) => one.text);

/** The message of what is still missing; "" when it can be asked. */
export function problem(draft: Draft): string {
  if (!draft.text.trim()) return 'peer.no_text';
  if (kept(draft).length < 2) return 'peer.too_few_options';
  return kept(draft).some((one) => one.at === draft.right) ? '' : 'peer.bad_right';
}

/** What a draft without a problem becomes; one that is not complete is given as far as it can be seen. */
export function question(draft: Draft): PeerQuestion {
  const options = kept(draft);
  const key = Math.max(0, options.findIndex((one) => one.at === draft.right));
  return { text: draft.text.trim(), options: options.map((one) => one.text), right: LETTERS[key].toLowerCase() as PeerQuestion['right'] };
}

/** A question that was prepared, as the item it becomes once the first vote is open. */
export function itemOf(asked: PeerQuestion): PeerItem {
  const options = Object.fromEntries(asked.options.map((text, at) => [LETTERS[at].toLowerCase(), text]));
  return { text: asked.text, options, stage: 'vote', round: '1' };
}
