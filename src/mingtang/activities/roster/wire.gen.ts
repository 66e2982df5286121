// Made by `make docs` from the activities' rules.py and view.py. Do not edit.

import type { Role, Seat } from '@/wire.gen'

export interface HereView {
  room: number
  remote: number
}

/** Students only: `here` now, `joined` at any time and not removed. */
export interface RosterView {
  here: HereView
  joined: number
}

export interface RosterRow {
  name: string
  role: Role
  seat: Seat
  here: boolean
  joined: number
}

/** By member id. Who was sent out is kept apart, so that it can be taken back. */
export interface RosterList {
  members: Record<string, RosterRow>
  removed: Record<string, RosterRow>
}

export interface RosterMine {
  name: string
  role: Role
  seat: Seat
}
