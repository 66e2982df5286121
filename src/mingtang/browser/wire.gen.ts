// Made by `make docs` from the activities' rules.py and view.py. Do not edit.

export type Role = 'teacher' | 'assistant' | 'student' | 'observer' | 'wall'

export type Seat = 'room' | 'remote'

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

export interface InkStroke {
  n: number
  tool: 'pen' | 'marker'
  color: number
  width: number
  points: string
}

export interface InkPage {
  strokes: Record<string, InkStroke>
  by?: Record<string, string>
}

export interface InkView {
  allowed: boolean
}

/** Pages where the member has something to undo or redo, and a student's own strokes. */
export interface InkMine {
  undo?: Record<string, boolean>
  redo?: Record<string, boolean>
  own?: Record<string, Record<string, boolean>>
}

export interface LessonPlan {
  id: string
  version: number
  group?: string
}

export interface LessonView {
  title: string
  code: string
  opened: number
  course?: string
  ended?: number
  plan?: LessonPlan
}

/** `since` in ms UTC; `quiet` muted himself, `silenced` was muted. `member`, `asked` (to mute himself) and `consent` (to be recorded, of students; missing while nothing was said) are for staff. */
export interface MediaPlace {
  seat: Seat
  since: number
  name?: string
  staff?: boolean
  quiet?: boolean
  silenced?: boolean
  member?: string
  asked?: boolean
  consent?: boolean
}

/** Of the one at `place`, or of the `room`'s own device. */
export interface MediaTrack {
  source: 'microphone' | 'camera' | 'screen' | 'screen_sound' | 'document' | 'room_microphone' | 'room_camera'
  codec: string
  place?: number
  room?: boolean
}

export interface MediaInvitation {
  name: string
  at: number
}

/** `stage` by place, `tracks` by number. `recording` since when; `trouble` why it stopped by itself. `device` says that the room has ears and a mouth; `lent` (the member) and `invited` (by member) are for staff. */
export interface MediaView {
  stage: Record<string, MediaPlace>
  tracks: Record<string, MediaTrack>
  recording?: number
  trouble?: string
  device?: boolean
  lent?: string
  invited?: Record<string, MediaInvitation>
}

/** The stage of one's group. */
export interface MediaGroup {
  no: number
  stage: Record<string, MediaPlace>
  tracks: Record<string, MediaTrack>
}

/** `place` while on a stage; `invited` since when; `asked` to mute oneself; `lent`: this device is the room's. `consent` is what was said; `ask` that the question is open. `group`: its stage may be entered uninvited. */
export interface MediaMine {
  place?: number
  invited?: number
  asked?: boolean
  silenced?: boolean
  quiet?: boolean
  lent?: boolean
  consent?: boolean
  ask?: boolean
  group?: MediaGroup
}

/** Starred steps, and notes by step. */
export interface NotesMine {
  stars?: Record<string, boolean>
  texts?: Record<string, string>
}

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

export interface SlidesNow {
  step: string
  kind: string
  ref?: string
}

export interface SlidesNext {
  asset: string
}

export interface SlidesDeck {
  id: string
  name: string
  pages: number
  drawn: number
  state: 'reading' | 'ready' | 'failed'
  code?: string
  params?: Record<string, unknown>
}

export interface SlidesStep {
  kind: string
  pos: number
  ref?: string
  asset?: string
  width?: number
  height?: number
  title?: string
  page?: number
  text?: string
  seconds?: number
}

export interface SlidesView {
  cover: '' | 'black' | 'code'
  steps: Record<string, SlidesStep>
  now?: SlidesNow
  deck?: SlidesDeck
  next?: SlidesNext
  ahead?: boolean
}

export interface SlidesNotes {
  notes: Record<string, string>
}

/** Times in ms UTC, lengths in ms. A running timer has `ends`, in the past when time is up; a held one `paused_left`. `step` is the step on the stage whose clock it is. */
export interface TimerView {
  started: number
  length: number
  ends?: number
  paused_left?: number
  label?: string
  step?: string
}

/** `options` have the keys a, b, c … in order; exactly one is right. */
export interface PeerQuestion {
  text: string
  options: string[]
  right: 'a' | 'b' | 'c' | 'd' | 'e' | 'f' | 'g' | 'h'
}

/** `options` of single and multiple get the keys a, b, c … in order; a rating has the keys 1 to `scale`, true/false the keys true and false. `right`: keys, a number (met within `tolerance`), or one accepted text; left out when there is none. `limit`: seconds to vote, a hint that closes nothing by itself. */
export interface PollQuestion {
  form: PollForm
  text: string
  options?: string[]
  scale?: number
  right?: string[] | number | string | null
  tolerance?: number
  anonymous?: boolean
  limit?: number
}

export type PollForm = 'single' | 'multiple' | 'truefalse' | 'rating' | 'number' | 'text' | 'cloud'

/** What a browser may ask for. */
export interface Commands {
  /** Begins a check; each code stands for `seconds`. (*teacher, assistant*) */
  'attendance.start': { seconds?: number }
  /** Asks for the next code; nothing happens before the present one has stood its time. (*teacher, assistant, wall*) */
  'attendance.rotate': Record<string, never>
  /** Ends the check. (*teacher, assistant*) */
  'attendance.stop': Record<string, never>
  /** A student in the room types the code. (*student*) */
  'attendance.prove': { code: string }
  /** Staff have seen (or not seen) a student themselves. (*teacher, assistant*) */
  'attendance.vouch': { member: string; present: boolean }
  /** Calls somebody who is here, not among `exclude` and not spared. Who is called still has then been heard. (*teacher, assistant*) */
  'call.draw': { among?: 'all' | 'room' | 'remote'; exclude?: string[] }
  /** The one who is called passes; said by staff, or by the one who is called. (*teacher, assistant, student*) */
  'call.skip': Record<string, never>
  /** The one who is called has been heard. (*teacher, assistant*) */
  'call.done': Record<string, never>
  /** Takes the last call back, as if it had not been. (*teacher, assistant*) */
  'call.undo': Record<string, never>
  /** Leaves a student out of every call, or no longer does. (*teacher, assistant*) */
  'call.spare': { member: string; spared: boolean }
  /** Divides the students who are here: into `n` groups, or into groups of `n`. `apart` keeps those in the room and those who are remote each among themselves. (*teacher, assistant*) */
  'groups.form': { by: 'number' | 'size'; n: number; apart?: boolean }
  /** Who is in no group comes into the smallest. (*student*) */
  'groups.join': Record<string, never>
  /** Puts a student into another group. (*teacher, assistant*) */
  'groups.move': { member: string; group: number }
  /** Goes to a group, whose stage one is then on; 0: back to all. (*teacher, assistant*) */
  'groups.visit': { group: number }
  /** Calls for help for one's group, or says that none is needed any more. (*student*) */
  'groups.call': { on: boolean }
  /** Ends the groups. (*teacher, assistant*) */
  'groups.close': Record<string, never>
  /** Puts one's own hand up, at the end of the queue. (*student*) */
  'hands.raise': Record<string, never>
  /** Takes one's own hand down. (*student*) */
  'hands.lower': Record<string, never>
  /** Gives the floor to `member`, or without a name to whom the fair order says. (*teacher, assistant*) */
  'hands.take': { member?: string | null }
  /** Ends the floor of whoever has it; a student may only end his own. (*teacher, assistant, student*) */
  'hands.done': Record<string, never>
  /** Takes down somebody's hand without giving the floor. (*teacher, assistant*) */
  'hands.put_down': { member: string }
  /** Takes all hands down, also those of members who are away. (*teacher, assistant*) */
  'hands.lower_all': Record<string, never>
  /** Undoes the last taking or lowering by staff: the hands go back to the places they had. (*teacher, assistant*) */
  'hands.undo': Record<string, never>
  /** Adds a finished stroke. `color` is a place in the palette; `width` and `points` count in 1/8192 page widths. (*teacher, assistant, student*) */
  'ink.draw': { page: string; id: string; tool: 'pen' | 'marker'; color: number; width: number; points: string }
  /** Takes strokes away, as one act. Students can erase their own only. (*teacher, assistant, student*) */
  'ink.erase': { page: string; strokes: string[] }
  /** Takes everything away that is seen on the page. (*teacher, assistant*) */
  'ink.clear': { page: string }
  /** Takes back the member's own last act on the page. (*teacher, assistant, student*) */
  'ink.undo': { page: string }
  /** Does again what the member has undone last on the page. (*teacher, assistant, student*) */
  'ink.redo': { page: string }
  /** Lets students draw, or no longer. (*teacher, assistant*) */
  'ink.allow': { allowed: boolean }
  /** Gives the lesson another title. (*teacher*) */
  'lesson.rename': { title: string }
  /** Ends the lesson: nothing but late answers can be added afterwards. (*teacher*) */
  'lesson.end': Record<string, never>
  /** Asks a remote student to come on the stage. (*teacher, assistant*) */
  'media.invite': { member: string }
  /** Takes an invitation back. (*teacher, assistant*) */
  'media.withdraw': { member: string }
  /** Comes on the stage: staff at once, a student who was invited, a member of a group on the stage of his group. `consent` is whether he may be recorded; left out, what he said before stands. (*teacher, assistant, student*) */
  'media.enter': { consent?: boolean | null }
  /** The one who was invited stays where he is. (*student*) */
  'media.decline': Record<string, never>
  /** Leaves the stage; one's tracks end. (*teacher, assistant, student*) */
  'media.leave': Record<string, never>
  /** Takes somebody from the stage. (*teacher, assistant*) */
  'media.remove': { member: string }
  /** Asks somebody on the stage to mute himself; `enforced`, no sound of him is taken any more. (*teacher, assistant*) */
  'media.mute': { member: string; enforced?: boolean }
  /** Asks all students on the stage that one sees to mute themselves, or mutes them. (*teacher, assistant*) */
  'media.mute_all': { enforced?: boolean }
  /** Lets one who was muted be heard again, or takes back that he was asked to mute himself. (*teacher, assistant*) */
  'media.unmute': { member: string }
  /** The mark that one has muted oneself, or no longer. (*teacher, assistant, student*) */
  'media.quiet': { on: boolean }
  /** Begins a track: of who is on the stage, or with the sources of the room of the device that is lent to it. An open track of the same source ends. (*teacher, assistant, student, wall*) */
  'media.start': { source: 'microphone' | 'camera' | 'screen' | 'screen_sound' | 'document' | 'room_microphone' | 'room_camera'; codec: string }
  /** Ends a track: one's own, or as staff anybody's. (*teacher, assistant, student, wall*) */
  'media.stop': { track: number }
  /** Begins to record, or ends it. `trouble` is the server's: why nothing can be stored any more. (*teacher, assistant*) */
  'media.record': { on: boolean; trouble?: '' | 'full' | 'quota' | 'failed' }
  /** Whether one may be recorded, from now on. (*student*) */
  'media.consent': { on: boolean }
  /** Makes one member's device the room's microphone, camera and loudspeaker; no other is then. (*teacher, assistant*) */
  'media.lend': { member: string }
  /** No device is the room's ears and mouth any more. (*teacher, assistant*) */
  'media.take_back': Record<string, never>
  /** Marks a step for oneself. (*student*) */
  'notes.star': { page: string }
  /** Takes the mark away. (*student*) */
  'notes.unstar': { page: string }
  /** One's note on a step is now this; an empty text takes it away. (*student*) */
  'notes.write': { page: string; text: string }
  /** Says that one is lost on `page` (the id of its step), or wants it slower or faster; the last two exclude each other. (*student*) */
  'pace.mark': { page: string; mark: 'lost' | 'slower' | 'faster' }
  /** Takes one's mark away. (*student*) */
  'pace.unmark': { page: string; mark: 'lost' | 'slower' | 'faster' }
  /** Prepares a question; nobody but staff sees it before it is asked. (*teacher, assistant*) */
  'peer.make': { id: string; question: PeerQuestion }
  /** Puts the question another way; refused from the first vote on. (*teacher, assistant*) */
  'peer.edit': { id: string; question: PeerQuestion }
  /** Puts the question before everybody; nobody can vote yet. (*teacher, assistant*) */
  'peer.ask': { id: string }
  /** Opens voting: the first vote, the second after a discussion (which it ends), else the same round again. (*teacher, assistant*) */
  'peer.open': { id: string }
  /** Begins anew with a first vote; all rounds so far are kept. (*teacher, assistant*) */
  'peer.again': { id: string }
  /** Closes voting. (*teacher, assistant*) */
  'peer.close': { id: string }
  /** Lets students talk in pairs for about so many seconds. (*teacher, assistant*) */
  'peer.discuss': { id: string; seconds?: number }
  /** Gives the discussion more time. (*teacher, assistant*) */
  'peer.prolong': { id: string; seconds?: number }
  /** Ends the discussion. (*teacher, assistant*) */
  'peer.stop': { id: string }
  /** Goes on without a discussion. To explain, results and the right answer are shown. (*teacher, assistant*) */
  'peer.settle': { id: string; decision: 'reteach' | 'explain' }
  /** Shows results to everybody; after the second vote with the right answer, the shift and the gain. (*teacher, assistant*) */
  'peer.show': { id: string }
  /** Hides results. (*teacher, assistant*) */
  'peer.hide': { id: string }
  /** A student's answer, the first or another one. (*student*) */
  'peer.vote': { id: string; answer: 'a' | 'b' | 'c' | 'd' | 'e' | 'f' | 'g' | 'h' }
  /** A student's answer after the lesson, once and for the record; the right answer is told in return. (*student*) */
  'peer.answer_late': { id: string; answer: 'a' | 'b' | 'c' | 'd' | 'e' | 'f' | 'g' | 'h' }
  /** Writes to the others of one's group while the discussion goes on. (*student*) */
  'peer.say': { id: string; text: string }
  /** Prepares a question; nobody but staff sees it before it is asked. (*teacher, assistant*) */
  'poll.make': { id: string; question: PollQuestion }
  /** Puts the question another way; refused from the first vote on. (*teacher, assistant*) */
  'poll.edit': { id: string; question: PollQuestion }
  /** Says which answer is right, or with none that there is no right one; at any time. (*teacher, assistant*) */
  'poll.mark': { id: string; right?: string[] | number | string | null }
  /** Puts the question before everybody; nobody can vote yet. (*teacher, assistant*) */
  'poll.ask': { id: string }
  /** Opens voting, or opens the same round again. `limit`: seconds, a hint shown as a clock. (*teacher, assistant*) */
  'poll.open': { id: string; limit?: number | null }
  /** Opens a new round; the one before is closed and kept, and results are hidden again. (*teacher, assistant*) */
  'poll.again': { id: string; limit?: number | null }
  /** Closes voting. (*teacher, assistant*) */
  'poll.close': { id: string }
  /** Shows results to everybody; the right answer stays hidden. (*teacher, assistant*) */
  'poll.show': { id: string }
  /** Hides results. (*teacher, assistant*) */
  'poll.hide': { id: string }
  /** Tells everybody the right answer. (*teacher, assistant*) */
  'poll.reveal': { id: string }
  /** Hides the right answer again. (*teacher, assistant*) */
  'poll.conceal': { id: string }
  /** A student's answer, the first or another; an empty list takes a multiple choice back. (*student*) */
  'poll.vote': { id: string; answer: string[] | number | string }
  /** A student's answer after the lesson, once and for the record; the right answer is told in return. (*student*) */
  'poll.answer_late': { id: string; answer: string[] | number | string }
  /** Leaves a written entry out of what is shown, in all rounds. (*teacher, assistant*) */
  'poll.strike': { id: string; entry: string }
  /** Lets a struck entry be shown again. (*teacher, assistant*) */
  'poll.restore': { id: string; entry: string }
  /** Counts one written entry as another that says the same. (*teacher, assistant*) */
  'poll.merge': { id: string; entry: string; into: string }
  /** Takes a merge back. (*teacher, assistant*) */
  'poll.split': { id: string; entry: string }
  /** Asks something, on the slide `page` (a step's id) or on none; anonymously where the teacher allows it. (*student*) */
  'questions.ask': { text: string; page?: string | null; anonymous?: boolean }
  /** Rewrites one's own question, as long as nobody else wants it and it is not answered. (*student*) */
  'questions.edit': { id: string; text: string }
  /** Takes one's own question back, unless another was merged into it. (*student*) */
  'questions.withdraw': { id: string }
  /** Says "me too" to a question of somebody else. (*student*) */
  'questions.vote': { id: string }
  /** Takes one's "me too" back. (*student*) */
  'questions.unvote': { id: string }
  /** Settles whether questions may be anonymous, and whether others see them at once or only when approved. (*teacher, assistant*) */
  'questions.allow': { anonymous: boolean; see: 'at_once' | 'approved' }
  /** Lets everybody see a question that waits. (*teacher, assistant*) */
  'questions.approve': { id: string }
  /** Unites a question with another that asks the same; who wants both counts once. (*teacher, assistant*) */
  'questions.merge': { id: string; into: string }
  /** Takes a merging back. (*teacher, assistant*) */
  'questions.split': { id: string }
  /** Marks a question as answered: aloud just now, or by `text`. Again with another text, the answer is rewritten. (*teacher, assistant*) */
  'questions.answer': { id: string; text?: string }
  /** Lays a question aside: only its author and staff see it from now on. (*teacher, assistant*) */
  'questions.dismiss': { id: string }
  /** Brings back what was answered or dismissed (staff), or what one has withdrawn (its author). (*teacher, assistant, student*) */
  'questions.reopen': { id: string }
  /** Hangs a question on a slide, whatever slide it was asked on. (*teacher, assistant*) */
  'questions.pin': { id: string; page: string }
  /** Puts a question on the wall, without its author's name; one that waits is approved by that. (*teacher, assistant*) */
  'questions.show': { id: string }
  /** Takes the shown question off the wall. (*teacher, assistant*) */
  'questions.hide': Record<string, never>
  /** Gives another member another name. (*teacher, assistant*) */
  'roster.rename': { id: string; name: string }
  /** Sends a member out; nobody comes back after that unless readmitted. (*teacher, assistant*) */
  'roster.remove': { id: string }
  /** Takes a removal back. (*teacher, assistant*) */
  'roster.readmit': { id: string }
  /** Gives a member another role, up or down. (*teacher*) */
  'roster.promote': { id: string; role: Role }
  /** The member moves between room and remote. (*teacher, assistant, student, observer*) */
  'roster.reseat': { seat: Seat }
  /** The member takes another name. (*teacher, assistant, student, observer*) */
  'roster.name': { name: string }
  /** Puts a blank board, a note (with its `text`), a timer or a break (with its `seconds`, its name as `text`) or a prepared question (its id as `ref`, its activity as `kind`) right after a step, or at the end. (*teacher, assistant*) */
  'slides.insert': { id: string; kind: string; ref?: string | null; after?: string | null; text?: string; seconds?: number }
  /** Moves a step right after another, or to the front. (*teacher, assistant*) */
  'slides.move': { step: string; after?: string | null }
  /** Takes a step out. When it is on the stage, its neighbour comes first. (*teacher, assistant*) */
  'slides.drop': { step: string }
  /** Brings a dropped step back to where it was. (*teacher, assistant*) */
  'slides.restore': { step: string }
  /** Writes the speaker's notes of a step; an empty text takes them away. (*teacher, assistant*) */
  'slides.note': { step: string; text: string }
  /** Puts a step on the stage and takes the cover away. (*teacher, assistant*) */
  'slides.turn': { to: string }
  /** Covers the stage with black or with the code to join, or uncovers it. (*teacher, assistant*) */
  'slides.cover': { to: '' | 'black' | 'code' }
  /** Lets students look at pages that have not been shown, or no longer. (*teacher, assistant*) */
  'slides.ahead': { allowed: boolean }
  /** Starts the timer, in place of one that runs. (*teacher, assistant*) */
  'timer.start': { seconds: number; label?: string }
  /** Holds the timer; one that has run out is not held. (*teacher, assistant*) */
  'timer.pause': Record<string, never>
  /** Lets a held timer run on. (*teacher, assistant*) */
  'timer.resume': Record<string, never>
  /** Gives more seconds, or takes some; a timer that has run out begins again with them. (*teacher, assistant*) */
  'timer.add': { seconds: number }
  /** Takes the timer away. (*teacher, assistant*) */
  'timer.stop': Record<string, never>
}

/** The value of each part, by the part's name. */
export interface Views {
  attendance: AttendanceView
  'attendance/table': AttendanceTable
  call: CallView
  'call/table': CallTable
  groups: GroupsView
  'groups/list': GroupsList
  hands: HandsView
  'hands/list': HandsList
  ink: InkView
  lesson: LessonView
  media: MediaView
  'pace/pages': PacePages
  questions: QuestionsView
  'questions/list': QuestionsList
  roster: RosterView
  'roster/list': RosterList
  slides: SlidesView
  'slides/notes': SlidesNotes
  timer: TimerView
}

/** What one member alone sees, by activity. */
export interface Mine {
  attendance: AttendanceMine
  call: CallMine
  groups: GroupsMine
  hands: HandsMine
  ink: InkMine
  media: MediaMine
  notes: NotesMine
  pace: PaceMine
  questions: QuestionsMine
  roster: RosterMine
}
