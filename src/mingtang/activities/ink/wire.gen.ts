// Made by `make docs` from the activities' rules.py and view.py. Do not edit.

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
