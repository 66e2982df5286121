"""Everybody sees who is on the stage of all and what is sent from it, by numbers of places; the wall sees no names, and
only staff who is who. The stage of a group is seen by those who are in it, as *mine*."""

from __future__ import annotations

from typing import NotRequired, TypedDict, cast

from mingtang.activities.media.facts import Source
from mingtang.activities.media.state import Place, State, Track
from mingtang.core.member import STAFF, People, Role, Seat
from mingtang.core.patch import Json


class MediaPlace(TypedDict):
    """`since` in ms UTC; `quiet` muted himself, `silenced` was muted. `member`, `asked` (to mute himself) and `consent`
    (to be recorded, of students; missing while nothing was said) are for staff."""

    seat: Seat
    since: int
    name: NotRequired[str]
    staff: NotRequired[bool]
    quiet: NotRequired[bool]
    silenced: NotRequired[bool]
    member: NotRequired[str]
    asked: NotRequired[bool]
    consent: NotRequired[bool]


class MediaTrack(TypedDict):
    """Of the one at `place`, or of the `room`'s own device."""

    source: Source
    codec: str
    place: NotRequired[int]
    room: NotRequired[bool]


class MediaInvitation(TypedDict):
    name: str
    at: int


class MediaView(TypedDict):
    """`stage` by place, `tracks` by number. `recording` since when; `trouble` why it stopped by itself. `device` says
    that the room has ears and a mouth; `lent` (the member) and `invited` (by member) are for staff."""

    stage: dict[str, MediaPlace]
    tracks: dict[str, MediaTrack]
    recording: NotRequired[int]
    trouble: NotRequired[str]
    device: NotRequired[bool]
    lent: NotRequired[str]
    invited: NotRequired[dict[str, MediaInvitation]]


class MediaGroup(TypedDict):
    """The stage of one's group."""

    no: int
    stage: dict[str, MediaPlace]
    tracks: dict[str, MediaTrack]


class MediaMine(TypedDict):
    """`place` while on a stage; `invited` since when; `asked` to mute oneself; `lent`: this device is the room's.
    `consent` is what was said; `ask` that the question is open. `group`: its stage may be entered uninvited."""

    place: NotRequired[int]
    invited: NotRequired[int]
    asked: NotRequired[bool]
    silenced: NotRequired[bool]
    quiet: NotRequired[bool]
    lent: NotRequired[bool]
    consent: NotRequired[bool]
    ask: NotRequired[bool]
    group: NotRequired[MediaGroup]


def view(state: State, role: Role, part: str, people: People) -> Json | None:
    if part != "media":
        return None
    seen = MediaView(stage=_stage(state, 0, role, people), tracks=_tracks(state, 0))
    if state.recording:
        seen["recording"] = state.recording
    if state.trouble:
        seen["trouble"] = state.trouble
    if state.device:
        seen["device"] = True
    if role in STAFF:
        seen["invited"] = {m: MediaInvitation(name=people.name(m), at=at) for m, at in state.invited.items()}
        if state.device:
            seen["lent"] = state.device
    return cast(Json, seen)


def _stage(state: State, group: int, role: Role, people: People) -> dict[str, MediaPlace]:
    return {
        str(place.no): _place(state, member, place, role, people) for member, place in state.on_stage(group).items()
    }


def _place(state: State, member: str, place: Place, role: Role, people: People) -> MediaPlace:
    seat = people.members[member].seat if member in people.members else Seat.remote
    seen = MediaPlace(seat=seat, since=place.since)
    if role is not Role.wall:
        seen["name"] = people.name(member)
    if place.staff:
        seen["staff"] = True
    if place.quiet:
        seen["quiet"] = True
    if place.silenced:
        seen["silenced"] = True
    if role in STAFF:
        seen["member"] = member
        if place.asked:
            seen["asked"] = True
        if member in state.consents:
            seen["consent"] = state.consents[member]
    return seen


def _tracks(state: State, group: int) -> dict[str, MediaTrack]:
    return {str(track.no): _track(state, track) for track in state.tracks_of(group)}


def _track(state: State, track: Track) -> MediaTrack:
    seen = MediaTrack(source=track.source, codec=track.codec)
    if track.of_the_room:
        seen["room"] = True
    elif place := state.stage.get(track.member):
        seen["place"] = place.no
    return seen


def mine(state: State, member: str, people: People) -> Json:
    seen = MediaMine()
    if place := state.stage.get(member):
        seen["place"] = place.no
        if place.asked:
            seen["asked"] = True
        if place.silenced:
            seen["silenced"] = True
        if place.quiet:
            seen["quiet"] = True
    if member in state.invited:
        seen["invited"] = state.invited[member]
    if state.device == member:
        seen["lent"] = True
    _of_recording(state, member, people, seen)
    if group := state.group.get(member, 0):
        known = people.get(member)
        stage = _stage(state, group, known.role if known else Role.student, people)
        seen["group"] = MediaGroup(no=group, stage=stage, tracks=_tracks(state, group))
    return cast(Json, seen)


def _of_recording(state: State, member: str, people: People, seen: MediaMine) -> None:
    """Asked is a student who is, or speaks for the room, where something is recorded."""
    if member in state.consents:
        seen["consent"] = state.consents[member]
        return
    known, place = people.get(member), state.stage.get(member)
    there = member == state.device or (place is not None and not place.group)
    if state.recording and there and known is not None and known.role is Role.student:
        seen["ask"] = True
