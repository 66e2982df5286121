// Made by `make docs` from the activities' rules.py and view.py. Do not edit.

import type { Seat } from '@/wire.gen'

export interface PeerSeats {
  room: number
  remote: number
}

/** Staff always, others while results are shown. `before`: the round it is compared with. `seats`, `waiting` (here, without an answer), `opened` and `closed`: staff only. */
export interface PeerRound {
  answered: number
  counts: Record<string, number>
  before?: string
  seats?: PeerSeats
  waiting?: PeerSeats
  opened?: number
  closed?: number
}

/** `share` is the part of answers that were right, 0 to 1. */
export interface PeerProposal {
  share: number
  act: 'reteach' | 'discuss' | 'explain'
}

/** Pairs and threes; how many of both disagree, and how many join room and remote. */
export interface PeerPlan {
  pairs: number
  threes: number
  differ: number
  mixed: number
}

export interface PeerTalk {
  started: number
  until: number
}

/** Between two rounds: shares right (0 to 1), from each answer to each for those who gave both, and the normalised gain (p2 - p1) / (1 - p1), absent when all were right before. */
export interface PeerCompare {
  first: string
  second: string
  p1: number
  p2: number
  shift: Record<string, Record<string, number>>
  gain?: number
}

/** How many answered after the lesson, and how many of them were right. */
export interface PeerLate {
  answered: number
  right: number
}

/** `answered` of `of` people: staff, wall and observers. `locked`: somebody has voted. */
export interface PeerItem {
  text: string
  options: Record<string, string>
  stage: 'draft' | 'asked' | 'vote' | 'decide' | 'settled' | 'discuss' | 'revote' | 'compare'
  round?: string
  shown?: boolean
  right?: string
  talk?: PeerTalk
  answered?: number
  of?: number
  rounds?: Record<string, PeerRound>
  compare?: PeerCompare
  proposal?: PeerProposal
  plan?: PeerPlan
  settled?: 'reteach' | 'explain'
  locked?: boolean
  late?: PeerLate
}

/** `away`: has left and may come back. */
export interface PeerMate {
  name: string
  seat: Seat
  away?: boolean
}

/** `by` is a key of the mates; absent when it is one's own. */
export interface PeerMessage {
  text: string
  at: number
  by?: string
}

/** `moved`: the one talked with before has left, these are others. */
export interface PeerGroup {
  mates: Record<string, PeerMate>
  said: Record<string, PeerMessage>
  moved?: boolean
}

/** One's own answers by round, and one's group while it talks. After the lesson the `late` answer, and with it what was `right`. */
export interface PeerOwn {
  answers?: Record<string, string>
  late?: string
  right?: string
  talk?: PeerGroup
}
