// Made by `make docs` from the activities' rules.py and view.py. Do not edit.

import type { Seat } from '@/wire.gen'

/** Who is called, `at` when (ms UTC). `member` and how often (this call included) are for staff. */
export interface CallWho {
  name: string
  seat: Seat
  at: number
  member?: string
  called?: number
  heard?: number
}

export interface CallHeard {
  room: number
  remote: number
}

/** `heard` counts those heard by seat; `undo` says that the last call can be taken back. */
export interface CallView {
  now?: CallWho
  heard?: CallHeard
  undo?: boolean
}

export interface CallRow {
  called?: number
  heard?: number
  passed?: number
  spared?: boolean
}

/** By member id; who is missing was never called. */
export interface CallTable {
  members: Record<string, CallRow>
}

export interface CallMine {
  at: number
}
