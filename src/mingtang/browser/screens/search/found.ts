// What the search answers with (src/mingtang/readings/search/asking.py).

/** A stretch of a text, and whether it is what was asked for. */
export type Piece = [text: string, hit: boolean];

export interface Hit {
  kind: string;
  pieces: Piece[];
  step?: string;
  /** Whole seconds since the lesson began. */
  at?: number;
  own?: boolean;
}

export interface Found {
  lesson: string;
  title: string;
  course: string;
  began: number;
  hits: Hit[];
  more?: number;
}

export interface Searched {
  found: { lessons: Found[]; more: boolean };
  behind: number;
  as_teacher: boolean;
  lessons: number;
}

/** Where a hit leads: to its second in the replay; what never came is only in the lesson itself. */
export function wayTo(found: Found, hit: Hit, asTeacher: boolean): string {
  if (hit.at !== undefined) return `/replay/${found.lesson}?at=${hit.at}`;
  return asTeacher ? `/teach/${found.lesson}` : `/notebook/${found.lesson}`;
}

/** The lesson itself, as its reader has it. */
export const home = (found: Found, asTeacher: boolean): string => (asTeacher ? `/teach/${found.lesson}` : `/notebook/${found.lesson}`);
