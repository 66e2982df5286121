// Made by `make docs` from the activities' rules.py and view.py. Do not edit.

export type Role = 'teacher' | 'assistant' | 'student' | 'observer' | 'wall'

export type Seat = 'room' | 'remote'

export interface LessonView {
  title: string
  code: string
  opened: number
  course?: string
  ended?: number
}

/** What a browser may ask for. */
export interface Commands {
  /** Gives the lesson another title. (*teacher*) */
  'lesson.rename': { title: string }
  /** Closes the log: nothing can be added to it afterwards. (*teacher*) */
  'lesson.end': Record<string, never>
}

/** The value of each part, by the part's name. */
export interface Views {
  lesson: LessonView
}

/** What one member alone sees, by activity. */
export interface Mine {
}
