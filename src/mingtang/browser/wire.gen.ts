// Made by `make docs` from the activities' rules.py and view.py. Do not edit.
import type { AttendanceMine, AttendanceTable, AttendanceView } from '../activities/attendance/wire.gen'
import type { CallMine, CallTable, CallView } from '../activities/call/wire.gen'
import type { CaptionsView } from '../activities/captions/wire.gen'
import type { GroupsList, GroupsMine, GroupsView } from '../activities/groups/wire.gen'
import type { HandsList, HandsMine, HandsView } from '../activities/hands/wire.gen'
import type { InkMine, InkView } from '../activities/ink/wire.gen'
import type { LessonView } from '../activities/lesson/wire.gen'
import type { MediaMine, MediaView } from '../activities/media/wire.gen'
import type { NotesMine } from '../activities/notes/wire.gen'
import type { PaceMine, PacePages } from '../activities/pace/wire.gen'
import type { QuestionsList, QuestionsMine, QuestionsView } from '../activities/questions/wire.gen'
import type { RosterList, RosterMine, RosterView } from '../activities/roster/wire.gen'
import type { SlidesNotes, SlidesView } from '../activities/slides/wire.gen'
import type { TimerView } from '../activities/timer/wire.gen'

export type * from '../activities/attendance/wire.gen'
export type * from '../activities/call/wire.gen'
export type * from '../activities/captions/wire.gen'
export type * from '../activities/groups/wire.gen'
export type * from '../activities/hands/wire.gen'
export type * from '../activities/ink/wire.gen'
export type * from '../activities/lesson/wire.gen'
export type * from '../activities/media/wire.gen'
export type * from '../activities/notes/wire.gen'
export type * from '../activities/pace/wire.gen'
export type * from '../activities/peer/wire.gen'
export type * from '../activities/poll/wire.gen'
export type * from '../activities/questions/wire.gen'
export type * from '../activities/roster/wire.gen'
export type * from '../activities/slides/wire.gen'
export type * from '../activities/timer/wire.gen'

export type Role = 'teacher' | 'assistant' | 'student' | 'observer' | 'wall'

export type Seat = 'room' | 'remote'

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
  /** Writes down what is being said. `took` is how long ago its typing began, ms: so long ago it was said. (*teacher, assistant*) */
  'captions.type': { text: string; took?: number }
  /** Puts other words in the place of a line's. (*teacher, assistant*) */
  'captions.correct': { no: number; text: string }
  /** Takes a line away. (*teacher, assistant*) */
  'captions.remove': { no: number }
  /** Shows the captions on the wall, or no longer. (*teacher, assistant*) */
  'captions.show': { on: boolean }
  /** Lets the server's program write down what is said, or no longer. (*teacher, assistant*) */
  'captions.listen': { on: boolean }
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
  /** Begins a track: of who is on the stage, or with the sources of the room of the device that is lent to it. An open track of the same source ends. A small rendition belongs to an open camera, and ends with it. (*teacher, assistant, student, wall*) */
  'media.start': { source: 'microphone' | 'camera' | 'camera_small' | 'screen' | 'screen_sound' | 'document' | 'room_microphone' | 'room_camera' | 'room_camera_small'; codec: string }
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
  captions: CaptionsView
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
