// A journal over HTTP. What does not change is kept by the browser's own cache.
import type { Chunk, Index, Mine, Source } from './journal';

export class Failure extends Error {
  constructor(
    readonly code: string,
    readonly params: Record<string, unknown> = {},
  ) {
    super(code);
  }
}

export interface Access {
  views: ('teacher' | 'student')[];
  own: boolean;
}

async function ask<T>(address: string, body?: object): Promise<T> {
  let answer: Response;
  try {
    const init = body && { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) };
    answer = await fetch(address, init);
  } catch {
    throw new Failure('replay.no_answer');
  }
  const told = await answer.json().catch(() => ({}));
  if (!answer.ok) throw new Failure(String(told.code ?? 'replay.no_answer'), told.params);
  return told as T;
}

export const access = (lesson: string): Promise<Access> => ask(`/api/replay/${lesson}`);

export function served(lesson: string, view: 'teacher' | 'student', own: boolean): Source {
  const base = `/api/replay/${lesson}`;
  return {
    index: () => ask<Index>(`${base}/${view}`),
    chunk: (name) => ask<Chunk>(`${base}/${view}/${name}`),
    ...(own && view === 'student'
      ? {
          mine: () => ask<Mine>(`${base}/mine`),
          answerLate: (id: string, kind: string, data: object) => ask<Mine>(`${base}/late`, { id, kind, data }),
        }
      : {}),
  };
}
