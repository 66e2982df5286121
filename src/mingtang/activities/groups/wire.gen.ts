// Made by `make docs` from the activities' rules.py and view.py. Do not edit.

import type { Seat } from '@/wire.gen'

/** `since` and `count` while there are groups. For staff `called`: since when, the first SHOWN by number. */
export interface GroupsView {
  since?: number
  count?: number
  apart?: boolean
  called?: Record<string, number>
}

export interface GroupsPerson {
  name: string
  seat: Seat
}

/** `members` by id; `called` for help since when; `visited` by one of the staff. */
export interface GroupsRow {
  members: Record<string, GroupsPerson>
  called?: number
  visited?: boolean
}

/** `groups/list`: by number. */
export interface GroupsList {
  groups: Record<string, GroupsRow>
}

/** One's group and who is in it (the first NAMED), oneself marked; for staff `visit`, the group they are with. */
export interface GroupsMine {
  group?: number
  members?: Record<string, GroupsPerson>
  me?: string
  called?: number
  visited?: boolean
  visit?: number
}
