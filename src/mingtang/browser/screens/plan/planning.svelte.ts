// One plan being prepared in this tab: what is written, what the server has of it, and the way between the two.
// Every change is saved by itself; what cannot be saved stays here, over a reload too.
import { freshId } from '@/outbox';
import { AWAY, ask, type Answer, type Failure } from '../teacher/desk';
import { History } from './history';
import { Drawer } from './kept';
import { merge } from './merge';
import { preparedOf } from './pieces';
import * as steps from './steps';
import type { Doc, Pictures, PlanDeck, PlanStep, PlanView, Problem } from './steps';

export type Saved = 'saved' | 'saving' | 'waiting' | 'away' | 'failed' | 'clash';

const REST = 800;
const AGAIN = 3_000;
const LOOK = 1_200;
const MOST_TRIED = 4;
const REFUSED_BASE = 'plan.conflict';

/** The plan in a view, each question as its form would write it: then what is equal looks equal. */
function read(view: PlanView): Doc {
  const doc = steps.docOf(view);
  const asWritten = (step: PlanStep): PlanStep => {
    const prepared = step.question && preparedOf(step.kind);
    return prepared ? { ...step, question: prepared.question(prepared.drafted(step.question)) } : step;
  };
  return { ...doc, steps: doc.steps.map(asWritten) };
}

/** Another's version that cannot be put together with what is written here. */
export interface Clash {
  view: PlanView;
}

export class Planning {
  readonly id: string;
  doc = $state.raw<Doc>({ title: '', course: '', language: 'en', steps: [] });
  decks = $state.raw<PlanDeck[]>([]);
  pictures = $state.raw<Pictures>({});
  /** The steps with the pictures of their pages. */
  readonly steps = $derived(steps.drawn(this.doc.steps, this.pictures));
  problems = $state.raw<Problem[]>([]);
  /** The selected step. */
  at = $state<string | undefined>();
  state = $state<Saved>('saved');
  failure = $state.raw<Failure | undefined>();
  clash = $state.raw<Clash | undefined>();
  /** What opening the plan came to, until it is open. */
  opened = $state<'opening' | 'open' | 'refused'>('opening');
  /** Goes up when the plan changes otherwise than by being written here: forms begin anew. */
  turns = $state(0);
  /** Steps that came from another window or from a file, told once. */
  arrived = $state(0);
  canUndo = $state(false);
  canRedo = $state(false);

  #version = 0;
  #base: Doc = this.doc;
  /** What the server was sent and has taken; it may have tidied it, so that `#base` differs a little. */
  #taken: Doc | undefined;
  /** What it was sent without an answer: it may have taken any of it. */
  #tried: readonly Doc[] = [];
  #history = new History();
  #drawer: Drawer;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #looking: ReturnType<typeof setTimeout> | undefined;
  #sending: Promise<void> | undefined;

  constructor(id: string, drawer = new Drawer(id)) {
    this.id = id;
    this.#drawer = drawer;
  }

  get address(): string {
    return `/api/teach/plans/${this.id}`;
  }

  get version(): number {
    return this.#version;
  }

  get keeps(): boolean {
    return this.#drawer.works;
  }

  get step(): PlanStep | undefined {
    return this.steps[steps.placeOf(this.doc, this.at)];
  }

  get unfinished(): number {
    return steps.unfinished(this.doc).length;
  }

  /** Reads the plan, and goes on with what this browser kept of it. */
  async open(): Promise<void> {
    const got = await ask<PlanView>(this.address);
    this.failure = got.ok ? undefined : got;
    if (!got.ok) return void (this.opened = 'refused');
    this.#stand(got.value);
    this.doc = this.#base;
    const kept = this.#drawer.take();
    if (kept) {
      this.#tried = kept.tried ?? [];
      this.#goOn(kept.doc, kept.base, got.value);
    }
    this.at ??= this.doc.steps[0]?.id;
    this.opened = 'open';
    this.#settle();
    this.#lookAgain();
  }

  // Writing

  /** `field` names what is typed in; left out for an act that is done at once. */
  edit(next: Doc, field = ''): void {
    if (next === this.doc || steps.same(next, this.doc)) return;
    this.#history.note(this.doc, field);
    this.doc = next;
    this.#changed();
  }

  add(step: Omit<PlanStep, 'id'>): void {
    const made = { ...step, id: freshId() };
    this.edit(steps.insert(this.doc, [made], this.at));
    this.at = made.id;
  }

  write(by: Partial<PlanStep>, id = this.at): void {
    if (id) this.edit(steps.change(this.doc, id, by), `${id}/${Object.keys(by)[0]}`);
  }

  move(id: string, to: number): boolean {
    const before = this.doc;
    this.edit(steps.move(this.doc, id, to));
    return this.doc !== before;
  }

  duplicate(id: string): void {
    const fresh = freshId();
    this.edit(steps.duplicate(this.doc, id, fresh));
    this.at = fresh;
  }

  remove(id: string): void {
    const next = steps.neighbour(this.doc, id);
    this.edit(steps.remove(this.doc, id));
    if (this.at === id) this.at = next;
  }

  undo = (): void => this.#turn(this.#history.undo(this.doc));
  redo = (): void => this.#turn(this.#history.redo(this.doc));

  #turn(doc: Doc | undefined): void {
    if (!doc) return;
    const before = this.doc;
    this.doc = doc;
    this.turns += 1;
    // What the act was about comes before the eyes: the step that is there again, or else a neighbour of the one that went.
    const back = doc.steps.find((step) => !steps.same(step, before.steps[steps.placeOf(before, step.id)]));
    if (back) this.at = back.id;
    else if (this.at && steps.placeOf(doc, this.at) < 0) this.at = doc.steps[Math.min(steps.placeOf(before, this.at), doc.steps.length - 1)]?.id;
    this.#changed();
  }

  #changed(): void {
    [this.canUndo, this.canRedo] = [this.#history.past.length > 0, this.#history.future.length > 0];
    this.#keep();
    if (this.clash || this.opened !== 'open') return;
    if (!this.#unsaved()) return this.#settle();
    if (this.state === 'saved' || this.state === 'failed') this.state = 'waiting';
    this.#later(this.state === 'away' ? AGAIN : REST);
  }

  // Saving

  #unsaved(): boolean {
    const now = steps.sendable(this.doc);
    return !steps.same(now, this.#base) && !(this.#taken && steps.same(now, this.#taken));
  }

  #keep(): void {
    if (this.#unsaved() || this.unfinished) this.#drawer.put(this.#kept());
    else this.#drawer.clear();
  }

  #kept() {
    return { version: this.#version, base: this.#base, doc: this.doc, tried: this.#tried };
  }

  #later(ms: number): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.save(), ms);
  }

  /** Sends what is not sent; true when the server has everything. */
  async save(): Promise<boolean> {
    clearTimeout(this.#timer);
    while (this.#sending) await this.#sending;
    if (this.clash) return false;
    if (this.#unsaved()) {
      this.#sending = this.#send().finally(() => (this.#sending = undefined));
      await this.#sending;
    } else this.#settle();
    return this.state === 'saved';
  }

  async #send(): Promise<void> {
    const sent = steps.sendable(this.doc);
    const before = this.#tried;
    this.#tried = [...before.filter((doc) => !steps.same(doc, sent)).slice(1 - MOST_TRIED), sent];
    this.#keep();
    if (this.state !== 'away') this.state = 'saving';
    const got = await ask<PlanView>(this.address, { base: this.#version, ...sent }, 'PUT');
    if (!got.ok) {
      if (got.code !== AWAY) this.#tried = before;
      return this.#refused(got);
    }
    this.failure = undefined;
    this.#stand(got.value);
    this.#taken = sent;
    this.#takeOver(sent, got.value);
    this.#settle();
  }

  #settle(): void {
    this.#keep();
    if (this.clash) return;
    this.state = this.#unsaved() ? 'waiting' : 'saved';
    if (this.state === 'waiting') this.#later(REST);
  }

  async #refused(got: Failure): Promise<void> {
    if (got.code === REFUSED_BASE) return this.#meet();
    this.failure = got;
    this.state = got.code === AWAY || Number(got.params.status) >= 500 ? 'away' : 'failed';
    if (this.state === 'away') this.#later(AGAIN);
  }

  /** The server's version has moved on: take what it has, if nothing of either can be lost by that. */
  async #meet(): Promise<void> {
    const got = await ask<PlanView>(this.address);
    if (!got.ok) return this.#refused(got);
    this.#adopt(got.value);
    this.#settle();
  }

  #stand(view: PlanView): void {
    [this.#version, this.#base, this.#taken, this.#tried] = [view.version, read(view), undefined, []];
    this.problems = view.problems ?? [];
    this.#see(view);
  }

  /** Pages are drawn without a new version. */
  #see(view: PlanView): void {
    this.decks = view.decks ?? [];
    this.pictures = { ...this.pictures, ...steps.picturesOf(view) };
  }

  #adopt(view: PlanView): void {
    if (view.version === this.#version) return this.#see(view);
    this.#goOn(this.doc, this.#base, view);
  }

  /** Goes on with `mine`, begun from `base`, on what the server has now. */
  #goOn(mine: Doc, base: Doc, view: PlanView): void {
    const theirs = read(view);
    base = this.#tried.find((doc) => steps.same(doc, theirs)) ?? base; // what was sent has arrived; only the answer was lost
    const merged = merge(base, mine, theirs);
    if (!merged) return this.#collide(mine, view);
    this.#history.rebase((doc) => merge(base, doc, theirs));
    const came = merged.steps.filter((step) => steps.placeOf(mine, step.id) < 0).length;
    this.#stand(view);
    if (!steps.same(merged, this.doc)) this.turns += 1;
    if (this.opened === 'open') this.arrived += came;
    this.doc = merged;
    if (this.at && steps.placeOf(merged, this.at) < 0) this.at = merged.steps[0]?.id;
  }

  #collide(mine: Doc, view: PlanView): void {
    this.doc = mine;
    this.clash = { view };
    this.state = 'clash';
    this.#drawer.put(this.#kept());
  }

  /** What the server made of what it was sent (a text tidied, say) is taken where nobody has written on since. */
  #takeOver(sent: Doc, view: PlanView): void {
    const stored = read(view);
    if (steps.same(sent, stored)) return;
    this.doc = merge(sent, this.doc, stored) ?? this.doc;
  }

  // Two at once

  /** Shows the other version; what was written here comes back by undo. */
  takeTheirs(): void {
    if (!this.clash) return;
    const { view } = this.clash;
    this.clash = undefined;
    this.#history.note(this.doc, '');
    this.#stand(view);
    this.doc = this.#base;
    this.turns += 1;
    if (this.at && steps.placeOf(this.doc, this.at) < 0) this.at = this.doc.steps[0]?.id;
    this.state = 'saved';
    this.#changed();
  }

  /** Puts what was written here into a plan of its own; its id, or why it could not be. */
  async keepAsCopy(title: string): Promise<Answer<string>> {
    const made = await ask<PlanView>(`${this.address}/duplicate`, {});
    if (!made.ok) return made;
    const mine = { ...steps.sendable(this.doc), title };
    const put = await ask<PlanView>(`/api/teach/plans/${made.value.id}`, { base: made.value.version, ...mine }, 'PUT');
    if (!put.ok) return put;
    this.#drawer.clear();
    return { ok: true, value: made.value.id };
  }

  // Looking

  /** After something was sent that changes the plan on the server: pages, questions, the text. */
  async look(view?: PlanView): Promise<void> {
    const got: Answer<PlanView> = view ? { ok: true, value: view } : await ask<PlanView>(this.address);
    if (got.ok && !this.clash && !this.#sending) this.#adopt(got.value);
    if (got.ok) this.problems = got.value.problems ?? [];
    this.#settle();
    this.#lookAgain();
  }

  /** Pages that are being drawn arrive one by one. */
  #lookAgain(): void {
    clearTimeout(this.#looking);
    if (this.decks.some((deck) => deck.state === 'reading')) this.#looking = setTimeout(() => void this.look(), LOOK);
  }

  /** Coming back to this tab: what others did meanwhile is taken before anything is written on it. */
  back(): void {
    if (this.opened !== 'open') return;
    if (this.state === 'away') this.#later(0);
    else if (!this.#unsaved() && !this.clash) void this.look();
  }

  leave(): void {
    if (this.#unsaved() || this.unfinished) this.#drawer.leave(this.#kept());
  }

  stop(): void {
    clearTimeout(this.#timer);
    clearTimeout(this.#looking);
  }
}
