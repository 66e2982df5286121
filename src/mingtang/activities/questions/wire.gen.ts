// Made by `make docs` from the activities' rules.py and view.py. Do not edit.

/** `asked` and `answered` in ms UTC; `name` only of who gave it; `merged` holds the ids of those united with it, for staff with their texts. `stand` is for staff: to others a question is open, or answered when it has `answered`. */
export interface QuestionItem {
  text: string
  votes: number
  asked: number
  name?: string
  page?: string
  pinned?: boolean
  answered?: number
  answer?: string
  merged?: Record<string, string>
  stand?: 'waiting' | 'open' | 'answered' | 'dismissed'
}

/** What the wall has of the question on it. */
export interface QuestionsShown {
  text: string
  votes: number
}

/** The most wanted open questions and the last answered ones; `open` and `waiting` count all. The wall has `wall` alone; `waiting` is for staff. */
export interface QuestionsView {
  anonymous: boolean
  see: 'at_once' | 'approved'
  items: Record<string, QuestionItem>
  open: number
  waiting?: number
  shown?: string
  wall?: QuestionsShown
}

/** `questions/list`: all that were not withdrawn or merged. */
export interface QuestionsList {
  items: Record<string, QuestionItem>
}

/** `into` is the question that a merged one is asked by. */
export interface QuestionOwn {
  text: string
  stand: 'waiting' | 'open' | 'answered' | 'dismissed' | 'merged'
  asked: number
  page?: string
  answered?: number
  answer?: string
  into?: string
}

/** Own questions, and the ids of questions one has said "me too" to (also of those merged since). */
export interface QuestionsMine {
  asked: Record<string, QuestionOwn>
  votes: Record<string, boolean>
}
