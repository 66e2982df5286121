// Made by `make docs` from the activities' rules.py and view.py. Do not edit.

/** Starred steps, and notes by step. */
export interface NotesMine {
  stars?: Record<string, boolean>
  texts?: Record<string, string>
}
