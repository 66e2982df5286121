// Made by `make docs` from the report's model.py. Do not edit.

/** `began` to `until` is the hour that lengths and shares of time are of; `ended` is absent while it goes on. */
export interface Report {
  format: number
  title: string
  code: string
  course: string
  opened: number
  began: number
  until: number
  ended?: number
  events: number
  digest: string
  headline: Headline
  presence: Presence
  questions: Asked[]
  pages: PageFigures[]
  asked: Questions
  hands: Hands
  parity: Parity
  active: Active
  people: Person[]
  kinds: Record<string, number>
}

/** `people` are students who came; of `expected` answers `answered` were given; `first` and `last`: the share of right answers in all first votes and in all last ones. */
export interface Headline {
  people: number
  took_part: number
  answered: number
  expected: number
  floor: number
  asked: number
  open: number
  first?: number
  last?: number
  source: Source[]
}

/** How many students were here at `began`, `began` + `step`, …, by seat; `most` at one time. `late`: came more than five minutes after the beginning. */
export interface Presence {
  step: number
  room: number[]
  remote: number[]
  most: number
  joined: Seats
  late: number
  proven: number
  source: Source[]
}

/** A question put to the class. `difficulty`: the share right in the first vote; `discrimination`: how being right in it goes with being right in the others (corrected point-biserial correlation), over `compared` students. */
export interface Asked {
  id: string
  kind: 'poll' | 'peer'
  form: string
  text: string
  rounds: RoundFigures[]
  shifts: Shift[]
  step?: number
  options?: Record<string, string>
  right?: string[]
  difficulty?: number
  discrimination?: number
  compared?: number
  late?: Late
  source: Source[]
}

/** A step that was on the stage: how long, how many students were here at most meanwhile, how many were lost on it or wanted another pace. `seats` splits `lost` where that tells nobody's mark. */
export interface PageFigures {
  id: string
  n: number
  kind: string
  title: string
  shown: number
  here: number
  lost: number
  slower: number
  faster: number
  first?: number
  asset?: string
  dropped?: boolean
  seats?: Seats
  source: Source[]
}

/** `asked` counts all, the withdrawn, too, of which the rows say nothing. `wait`: the median time to an answer. */
export interface Questions {
  asked: number
  stands: Record<string, number>
  rows: Question[]
  wait?: number
  source: Source[]
}

/** `lowered` by themselves, `put_down` by staff, `up` still at the end. */
export interface Hands {
  room: SeatWaits
  remote: SeatWaits
  lowered: number
  put_down: number
  up: number
  turns: TurnOfHand[]
  source: Source[]
}

export interface Parity {
  room: Side
  remote: Side
  source: Source[]
}

/** `spans` of time in which students did something, by what it was, in ms after `began`; `seconds` of each; `share` of the hour that is covered by any of them. */
export interface Active {
  seconds: Record<string, number>
  spans: Record<string, number[][]>
  share?: number
  source: Source[]
}

/** A student, and what he did under his name. `right` of `right_of`: polls by name alone. */
export interface Person {
  id: string
  name: string
  seat: string
  minutes: number
  answered: number
  expected: number
  right: number
  right_of: number
  raised: number
  floor: number
  asked: number
  strokes: number
  took_part: boolean
  came?: number
  last?: number
  proven?: boolean
  removed?: boolean
  source: Source[]
}

/** All events of `kind` whose fields are as in `where` (`by` is who made it): `n` of them, the first and the last at these places of the log. */
export interface Source {
  kind: string
  n: number
  first: number
  last: number
  where?: Record<string, string | number>
}

export interface Seats {
  room: number
  remote: number
}

/** One round of voting. `missing` were here and had not answered when it closed. `counts` by option; `before` is the round before the discussion that led to this one. */
export interface RoundFigures {
  n: number
  opened: number
  answered: Seats
  missing: Seats
  closed?: number
  before?: number
  counts?: Record<string, number>
  right?: number
  share?: number
  numbers?: Numbers
  written?: Written[]
  source: Source[]
}

/** From round `first` to round `second`: `moves` counts those who answered both, by first and second answer; `gain` is Hake's normalised gain of the shares right in each. */
export interface Shift {
  first: number
  second: number
  moves: Record<string, Record<string, number>>
  gain?: number
  source: Source[]
}

/** Answers given after the lesson, in the replay; in no other figure. */
export interface Late {
  answered: number
  right?: number
  source: Source[]
}

/** A question that a student asked. `wants` others wanted it answered; `name` only of who gave it. */
export interface Question {
  text: string
  at: number
  wants: number
  stand: string
  step?: number
  name?: string
  answered?: number
  answer?: string
  source: Source[]
}

export interface SeatWaits {
  raised: number
  taken: number
  median?: number
  longest?: number
}

/** Somebody was given the floor at `at`, after his hand had been up for `waited`. */
export interface TurnOfHand {
  name: string
  seat: string
  at: number
  waited: number
}

/** One seat beside the other. `asked` and `lost` are left out where they could tell whose they are. */
export interface Side {
  people: number
  took_part: number
  answered: number
  expected: number
  floor: number
  right: number
  right_of: number
  median?: number
  asked?: number
  lost?: number
}

export interface Numbers {
  mean: number
  median: number
  least: number
  most: number
}

/** A written answer, or those counted as the same. Struck ones are left out. */
export interface Written {
  text: string
  n: number
}
