// Made by `make docs` from the activities' rules.py and view.py. Do not edit.

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
