// Made by `make docs` from the activities' rules.py and view.py. Do not edit.

import type { Seat } from '@/wire.gen'

export interface AttendanceRow {
  name: string
  seat: Seat
  present: number
  from?: number
  to?: number
  since?: number
  proven?: number
  vouched?: boolean
  check?: number
  checks?: number
  removed?: boolean
}

/** By member id. `present` is the sum, in ms, of the intervals that are over; since `since` one is running. `checks` says how many checks there were, and how many of them a member passed. */
export interface AttendanceTable {
  checks: number
  members: Record<string, AttendanceRow>
}

/** `check` numbers the checks, `turn` the codes. The code stands from `turned` for `seconds`. */
export interface AttendanceView {
  check: number
  open: boolean
  turn?: number
  turned?: number
  seconds?: number
  code?: string
  proven?: number
}

/** Wrong tries at the code of `turn`; `left` are those that remain with it, `none` when the check allows no more. */
export interface AttendanceTries {
  turn: number
  left: number
  none?: boolean
}

/** `check` is the last check passed, `missed` the last wrong try. */
export interface AttendanceMine {
  proven?: number
  check?: number
  missed?: AttendanceTries
}
