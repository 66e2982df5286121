import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { FakeStore } from '@/testing/line';
import { Drawer } from './kept';
import { Planning } from './planning.svelte';
import { change, docOf, type Doc, type PlanStep, type PlanView } from './steps';

const note = (id: string, text = id): PlanStep => ({ id, kind: 'note', text });

/** A server with one plan: it can be away, and it can take a change and lose its answer. */
class Desk {
  view: PlanView = { id: 'p', title: 'Sorting', course: '', language: 'en', version: 1, updated: 0, steps: [note('a'), note('b')] };
  away = false;
  losesAnswers = false;
  puts = 0;

  write(doc: Doc): void {
    this.view = { ...this.view, ...doc, version: this.view.version + 1 };
  }

  fetch = async (_: string, { method = 'GET', body = '' }: { method?: string; body?: string } = {}) => {
    if (this.away) throw new TypeError('away');
    const answer = (status: number, value: unknown) => ({ ok: status < 400, status, text: async () => JSON.stringify(value) });
    if (method !== 'PUT') return answer(200, this.view);
    this.puts += 1;
    const { base, ...doc } = JSON.parse(body) as Doc & { base: number };
    if (base !== this.view.version) return answer(409, { code: 'plan.conflict', params: {} });
    this.write(doc);
    if (this.losesAnswers) throw new TypeError('lost');
    return answer(200, this.view);
  };
}

let desk: Desk;
let store: FakeStore;

beforeEach(() => {
  vi.useFakeTimers();
  [desk, store] = [new Desk(), new FakeStore()];
  vi.stubGlobal('fetch', desk.fetch);
});
afterEach(() => {
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

async function opened(tab = 'one'): Promise<Planning> {
  const planning = new Planning('p', new Drawer('p', store, tab));
  await planning.open();
  return planning;
}

const texts = (steps: readonly PlanStep[] | undefined) => (steps ?? []).map((step) => step.text);

test('what is written is saved by itself once the pen rests, in one go', async () => {
  const planning = await opened();
  planning.write({ text: 'A' }, 'a');
  planning.write({ text: 'Al' }, 'a');
  expect([planning.state, desk.puts]).toEqual(['waiting', 0]);
  await vi.advanceTimersByTimeAsync(1_000);
  expect([planning.state, desk.puts, texts(desk.view.steps)]).toEqual(['saved', 1, ['Al', 'b']]);
  planning.undo();
  await vi.advanceTimersByTimeAsync(1_000);
  expect(texts(desk.view.steps)).toEqual(['a', 'b']);
});

test('while the server is away it is kept here, over a reload too, and sent when it is back', async () => {
  const planning = await opened();
  desk.away = true;
  planning.write({ text: 'kept' }, 'a');
  await vi.advanceTimersByTimeAsync(5_000);
  expect(planning.state).toBe('away');
  planning.leave();
  planning.stop();
  desk.away = false;
  const again = await opened('two');
  expect(texts(again.doc.steps)).toEqual(['kept', 'b']);
  await vi.advanceTimersByTimeAsync(1_000);
  expect([again.state, texts(desk.view.steps)]).toEqual(['saved', ['kept', 'b']]);
});

test('a change that arrived though its answer was lost is no change of somebody else', async () => {
  const planning = await opened();
  desk.losesAnswers = true;
  planning.write({ text: 'arrived' }, 'a');
  await vi.advanceTimersByTimeAsync(1_000);
  expect([planning.state, texts(desk.view.steps)]).toEqual(['away', ['arrived', 'b']]);
  desk.losesAnswers = false;
  planning.write({ text: 'and on' }, 'b');
  await vi.advanceTimersByTimeAsync(4_000);
  expect([planning.state, planning.clash, texts(desk.view.steps)]).toEqual(['saved', undefined, ['arrived', 'and on']]);
});

test('what another changed is never overwritten; to take it can be undone, and then ours is a choice', async () => {
  const planning = await opened();
  desk.write(change(docOf(desk.view), 'a', { text: 'theirs' }));
  planning.write({ text: 'mine' }, 'b');
  await vi.advanceTimersByTimeAsync(9_000);
  expect([planning.state, texts(desk.view.steps), texts(planning.doc.steps)]).toEqual(['clash', ['theirs', 'b'], ['a', 'mine']]);
  planning.takeTheirs();
  expect([planning.state, texts(planning.doc.steps)]).toEqual(['saved', ['theirs', 'b']]);
  planning.undo();
  await vi.advanceTimersByTimeAsync(1_000);
  expect([planning.state, texts(desk.view.steps)]).toEqual(['saved', ['a', 'mine']]);
});

test('a step that another added joins what is written here', async () => {
  const planning = await opened();
  desk.write({ ...docOf(desk.view), steps: [note('a'), note('x'), note('b')] });
  planning.write({ text: 'mine' }, 'b');
  await vi.advanceTimersByTimeAsync(2_000);
  expect([planning.state, planning.arrived, texts(desk.view.steps)]).toEqual(['saved', 1, ['a', 'x', 'mine']]);
});

test('a question that is not complete stays here, and what was complete before stays there', async () => {
  const asked = { form: 'single', text: 'Which?', options: ['This', 'That'] };
  desk.view = { ...desk.view, steps: [{ id: 'q', kind: 'poll', question: { ...asked, scale: 5, right: null, tolerance: 0, anonymous: true, limit: 0 } }] };
  const planning = await opened();
  expect(planning.doc.steps[0].question).toEqual(asked);
  planning.write({ draft: { form: 'single', text: '' } }, 'q');
  planning.edit({ ...planning.doc, title: 'Searching' });
  await vi.advanceTimersByTimeAsync(1_000);
  expect([planning.state, planning.unfinished, desk.view.title, desk.view.steps?.[0].question]).toEqual(['saved', 1, 'Searching', asked]);
  planning.leave();
  expect((await opened('two')).unfinished).toBe(1);
});

test('pages that are being drawn show one by one and cost no version', async () => {
  const page = { deck: 'd', page: 1 };
  const deck = { id: 'd', name: 'x.pdf', pages: 1, drawn: 0, state: 'reading' as const };
  desk.view = { ...desk.view, steps: [{ id: 's', kind: 'page', page }], decks: [deck] };
  const planning = await opened();
  expect(planning.steps[0].page?.asset).toBeUndefined();
  desk.view = { ...desk.view, steps: [{ id: 's', kind: 'page', page: { ...page, asset: 'x', width: 4, height: 3 } }], decks: [{ ...deck, drawn: 1, state: 'ready' }] };
  await vi.advanceTimersByTimeAsync(2_000);
  expect([planning.steps[0].page?.asset, planning.decks[0].state, planning.state, desk.puts]).toEqual(['x', 'ready', 'saved', 0]);
});
