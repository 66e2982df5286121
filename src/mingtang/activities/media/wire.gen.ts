// Made by `make docs` from the activities' rules.py and view.py. Do not edit.

import type { Seat } from '@/wire.gen'

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
  source: 'microphone' | 'camera' | 'camera_small' | 'screen' | 'screen_sound' | 'document' | 'room_microphone' | 'room_camera' | 'room_camera_small'
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
