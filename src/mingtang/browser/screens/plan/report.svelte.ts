// What an import brought and what it could not carry over. It waits in this browser until the plan's page shows it.

export interface Note {
  where: string;
  what: string;
  code: string;
  params?: Record<string, string | number>;
}

const PREFIX = 'mingtang.report/';

class Report {
  notes = $state.raw<readonly Note[] | undefined>();
  added = $state(0);

  tell(added: number, notes: readonly Note[]): void {
    [this.added, this.notes] = [added, notes];
  }

  close(): void {
    this.notes = undefined;
  }

  /** A report of a plan that has just been made from a file. */
  find(plan: string): void {
    const text = sessionStorage.getItem(PREFIX + plan);
    sessionStorage.removeItem(PREFIX + plan);
    if (text) this.tell(0, JSON.parse(text) as Note[]);
  }
}

export const report = new Report();

/** For the page that opens next. */
export function leaveReport(plan: string, notes: readonly Note[]): void {
  try {
    if (notes.length) sessionStorage.setItem(PREFIX + plan, JSON.stringify(notes));
  } catch {
    // A browser that keeps nothing opens the plan without the report.
  }
}
