// Made by `make docs` from the activities' rules.py and view.py. Do not edit.

export interface SeatCount {
  room: number
  remote: number
}

/** `name` is left out on the wall; `id` is for staff, `ticket` for the others. */
export interface HandSpeaking {
  seat: string
  since: number
  name?: string
  id?: string
  ticket?: number
}

/** One in the queue, keyed by member; `place` counts from 1. Those who are away have no place. */
export interface HandItem {
  name: string
  seat: string
  raised: number
  place?: number
  away?: boolean
}

/** How many were taken of a seat, and the median of their waits in ms. */
export interface HandsParity {
  taken: number
  wait?: number
}

/** `up` counts hands of members who are here. `line` (students: place by ticket, staff: items by member) holds the first SHOWN; `away` and `parity` are staff's. */
export interface HandsView {
  up: SeatCount
  speaking?: HandSpeaking
  line?: Record<string, number>
}

export interface HandsStaffView {
  up: SeatCount
  away: number
  line: Record<string, HandItem>
  parity: Record<string, HandsParity>
  speaking?: HandSpeaking
  undo?: 'taken' | 'lowered'
}

/** `hands/list`: every hand that is up. */
export interface HandsList {
  hands: Record<string, HandItem>
}

/** `ticket` is of the last hand, `raised` is there while it is up. Who has the floor finds his ticket there. */
export interface HandsMine {
  ticket?: number
  raised?: number
}
