// Made by `make docs` from the activities' rules.py and view.py. Do not edit.

/** Times in ms UTC, lengths in ms. A running timer has `ends`, in the past when time is up; a held one `paused_left`. `step` is the step on the stage whose clock it is. */
export interface TimerView {
  started: number
  length: number
  ends?: number
  paused_left?: number
  label?: string
  step?: string
}
