// Made by `make docs` from the activities' rules.py and view.py. Do not edit.

import type { PollForm } from '@/wire.gen'

export interface PollSeats {
  room: number
  remote: number
}

/** `struck`: not shown to anybody; `into`: counted as that other entry. */
export interface PollEntry {
  text: string
  n: number
  struck?: boolean
  into?: string
}

/** Bin i of `bins` holds start + i·width ≤ x < start + (i+1)·width; `whole`: it is the number start + i. */
export interface PollHistogram {
  start: number
  width: number
  size: number
  whole?: boolean
  bins: Record<string, number>
  below?: number
  above?: number
}

/** Staff always, others while results are shown. `right`: how many were right; `more`: entries beyond the first ones; `seats`, `waiting` (here, without an answer), `opened` and `closed`: staff only. */
export interface PollRound {
  answered: number
  counts?: Record<string, number>
  entries?: Record<string, PollEntry>
  more?: number
  histogram?: PollHistogram
  right?: number
  seats?: PollSeats
  waiting?: PollSeats
  opened?: number
  closed?: number
}

/** How many answered after the lesson, and how many of them were right where something is right. */
export interface PollLate {
  answered: number
  right?: number
}

/** `answered` of `of` people: staff, wall and observers, while there is a round. `locked`: somebody has voted. */
export interface PollItem {
  form: PollForm
  text: string
  state: 'draft' | 'asked' | 'open' | 'closed'
  options?: Record<string, string>
  scale?: number
  named?: boolean
  shown?: boolean
  revealed?: boolean
  right?: string[] | number | string
  tolerance?: number
  round?: string
  until?: number
  answered?: number
  of?: number
  rounds?: Record<string, PollRound>
  limit?: number
  locked?: boolean
  late?: PollLate
}

/** Member ids, then rounds, then what was answered. */
export interface PollNames {
  answers: Record<string, Record<string, string[] | number | string>>
}

/** All entries of the last round. */
export interface PollEntries {
  entries: Record<string, PollEntry>
}
