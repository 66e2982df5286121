// Questions in the order a screen lists them, with what the reader has to do with each.
import type { QuestionItem, QuestionOwn, QuestionsMine, QuestionsView } from '@/wire.gen';

export interface Listed extends QuestionItem {
  id: string;
  /** Asked by the reader, or merged with one that was. */
  mine: boolean;
  /** The reader has said "me too", here or to one merged into it. */
  wanted: boolean;
  /** The reader's own, as only the reader sees it. */
  own?: QuestionOwn;
}

type Seen = Pick<QuestionsView, 'items'> | undefined;

/** Open ones by want, then by age; then what is settled, the latest first. What only its author sees is among them. */
export function listed(view: Seen, mine: QuestionsMine | undefined): Listed[] {
  const items: Record<string, QuestionItem> = { ...view?.items };
  for (const [id, own] of Object.entries(mine?.asked ?? {})) {
    if (!items[id] && own.stand !== 'merged') items[id] = { ...own, stand: own.stand, votes: 0 };
  }
  return inOrder(Object.entries(items).map(([id, item]) => withReader(id, item, mine)));
}

export function inOrder<T extends QuestionItem & { id: string }>(all: T[]): T[] {
  const rank = (one: T) => (isSettled(one) ? [1, -(one.answered ?? one.asked), 0] : [0, -one.votes, one.asked]);
  return all.sort((a, b) => compare(rank(a), rank(b)) || (a.id < b.id ? -1 : 1));
}

export function isSettled(item: QuestionItem): boolean {
  return item.answered !== undefined || item.stand === 'dismissed';
}

function withReader(id: string, item: QuestionItem, mine: QuestionsMine | undefined): Listed {
  const ids = [id, ...Object.keys(item.merged ?? {})];
  const own = mine?.asked[id];
  const is = (of: Record<string, unknown> | undefined) => ids.some((one) => one in (of ?? {}));
  return { ...item, id, mine: is(mine?.asked), wanted: is(mine?.votes), ...(own ? { own } : {}) };
}

function compare(a: number[], b: number[]): number {
  const at = a.findIndex((value, n) => value !== b[n]);
  return at < 0 ? 0 : a[at] - b[at];
}
