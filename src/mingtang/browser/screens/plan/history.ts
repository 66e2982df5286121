// Undo and redo: the plans there were. Typing in one field is one act until the pen rests.
import type { Doc } from './steps';

const MOST = 200;
const REST = 1_500;

export class History {
  past: readonly Doc[] = [];
  future: readonly Doc[] = [];
  #field = '';
  #at = 0;

  /** Keeps `before`, the plan as it was; `field` names what is typed in, "" for an act that is done at once. */
  note(before: Doc, field: string, now = Date.now()): void {
    const goesOn = field !== '' && field === this.#field && now - this.#at < REST && this.past.length > 0;
    [this.#field, this.#at] = [field, now];
    this.future = [];
    if (!goesOn) this.past = [...this.past, before].slice(-MOST);
  }

  undo(now: Doc): Doc | undefined {
    const before = this.past.at(-1);
    if (!before) return undefined;
    this.past = this.past.slice(0, -1);
    this.future = [...this.future, now];
    this.#field = '';
    return before;
  }

  redo(now: Doc): Doc | undefined {
    const after = this.future.at(-1);
    if (!after) return undefined;
    this.future = this.future.slice(0, -1);
    this.past = [...this.past, now];
    this.#field = '';
    return after;
  }

  /** What came from elsewhere is not undone here: every plan kept gets it too, or is forgotten where it cannot. */
  rebase(by: (doc: Doc) => Doc | undefined): void {
    const all = (docs: readonly Doc[]) => docs.map(by).filter((doc) => doc !== undefined);
    [this.past, this.future, this.#field] = [all(this.past), all(this.future), ''];
  }
}
