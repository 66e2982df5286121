// Made by `make docs` from the activities' rules.py and view.py. Do not edit.

/** `pace/on/<step>`: how many marks were put in each span, by the span's number (30 s each, counted from 1970). The screen weighs them by age; spans older than six minutes may be missing. */
export interface PaceOn {
  lost?: Record<string, number>
  slower?: Record<string, number>
  faster?: Record<string, number>
}

export interface PaceSum {
  lost?: number
  slower?: number
  faster?: number
}

/** How many students ever put each mark, by step. */
export interface PacePages {
  pages: Record<string, PaceSum>
}

/** When the own marks were put, ms UTC. */
export interface PaceMarks {
  lost?: number
  slower?: number
  faster?: number
}

export interface PaceMine {
  pages: Record<string, PaceMarks>
}
