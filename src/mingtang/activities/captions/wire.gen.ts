// Made by `make docs` from the activities' rules.py and view.py. Do not edit.

/** Said from `begin` to `end`, ms UTC; `name` is who said it, where a program heard it, and not on the wall. `lang` is missing where it is not known. */
export interface CaptionsLine {
  begin: number
  end: number
  text: string
  lang?: string
  name?: string
}

/** The last lines by their numbers. `wall`: it shows them. For staff `engine` is a program that could listen, `listening` that it does, and `trouble` why it does no longer. */
export interface CaptionsView {
  lines: Record<string, CaptionsLine>
  wall?: boolean
  engine?: string
  listening?: boolean
  trouble?: string
}

/** `captions/<n>`: lines from number 50 n + 1 on. */
export interface CaptionsPage {
  lines: Record<string, CaptionsLine>
}
