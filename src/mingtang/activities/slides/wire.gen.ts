// Made by `make docs` from the activities' rules.py and view.py. Do not edit.

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
