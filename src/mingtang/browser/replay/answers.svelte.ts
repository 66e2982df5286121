// What a reader answers while watching, for himself: kept in this browser, never sent unless it is handed in.
import { ownStore, type Keep } from '@/outbox';
import type { Json } from '@/patch';
import type { Late } from './journal';

type Kept = Record<string, unknown>;

export class Answers {
  #kept = $state.raw<Kept>({});
  late = $state.raw<Late>({});
  readonly #place: string;

  constructor(
    lesson: string,
    private readonly keep: Keep | undefined = ownStore(),
  ) {
    this.#place = `mingtang.replay.${lesson}`;
    try {
      this.#kept = JSON.parse(this.keep?.getItem(this.#place) ?? '{}') as Kept;
    } catch {
      // What cannot be read is begun anew.
    }
  }

  /** The private answer of a round. */
  get(activity: string, id: string, round: string): unknown {
    return this.#kept[`${activity}/${id}/${round}`];
  }

  set(activity: string, id: string, round: string, answer: unknown): void {
    this.#kept = { ...this.#kept, [`${activity}/${id}/${round}`]: answer };
    try {
      this.keep?.setItem(this.#place, JSON.stringify(this.#kept));
    } catch {
      // A full store keeps nothing; the answer is here for now.
    }
  }

  /** One's own parts as components know them: what was said in the lesson first, then what was said here. */
  over(mine: Json): Json {
    const poll: Record<string, Json> = { ...(mine.poll as Record<string, Json>) };
    const peer: Record<string, Json> = {};
    for (const [id, own] of Object.entries((mine.peer ?? {}) as Record<string, Json>)) peer[id] = { answers: own.answers ?? {} };
    for (const [key, answer] of Object.entries(this.#kept)) {
      const [activity, id, round] = key.split('/');
      if (activity === 'poll') poll[id] = { [round]: answer, ...poll[id] };
      else peer[id] = { ...peer[id], answers: { [round]: answer, ...(peer[id]?.answers as Json) } };
    }
    for (const [activity, of] of [['poll', poll], ['peer', peer]] as const) {
      for (const [id, { answer, right }] of Object.entries(this.late[activity] ?? {})) {
        of[id] = { ...of[id], late: answer, ...(right === undefined ? {} : { right }) };
      }
    }
    return { poll, peer, ...(mine.questions ? { questions: mine.questions } : {}), ...(mine.ink ? { ink: { own: (mine.ink as Json).own } } : {}) };
  }
}
