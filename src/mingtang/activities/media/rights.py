"""Who may send, see and hear, and what is recorded. Asked by whoever relays, stores and shows; pure, and asked again
whenever the lesson changes."""

from __future__ import annotations

from mingtang.activities.media.facts import SMALL, SOUND
from mingtang.activities.media.state import State, Track
from mingtang.core.member import Member, People, Role, Seat


def may_send(state: State, people: People, member: str, track: int) -> bool:
    """Objects of an open track of his own: from the stage, or as the room's device. No sound of one who was muted, and
    none of a student who sits in the room."""
    found, sender = state.open.get(track), people.get(member)
    if found is None or sender is None or found.member != member:
        return False
    if found.of_the_room:
        return state.device == member
    place = state.stage.get(member)
    return place is not None and not (found.source in SOUND and (place.silenced or _sits_in_the_room(sender)))


def _sits_in_the_room(member: Member) -> bool:
    return member.role is Role.student and member.seat is Seat.room


def may_hear(state: State, people: People, member: str) -> bool:
    """Sound at all: who is remote, and the one device that is the room's loudspeaker."""
    listener = people.get(member)
    if listener is None:
        return False
    return member == state.device or (listener.seat is Seat.remote and listener.role is not Role.wall)


def may_see(state: State, people: People, member: str, track: int) -> bool:
    """Whether he may have a track, be it picture or sound. Each sees the stage of all and that of his group; nobody
    gets his own back."""
    found, viewer = state.open.get(track), people.get(member)
    if found is None or viewer is None or found.member == member or not _same_stage(state, member, found):
        return False
    if found.source in SOUND:
        return may_hear(state, people, member) and not _heard_already(state, people, member, found)
    return True


def _same_stage(state: State, member: str, track: Track) -> bool:
    """Who is in a group does not hear the room, where the other groups are talking."""
    group, own = state.group_of(track), state.group.get(member, 0)
    return group == own or (group == 0 and not (track.of_the_room and member != state.device))


def _heard_already(state: State, people: People, member: str, track: Track) -> bool:
    """The room's loudspeaker does not repeat who speaks in the room."""
    speaker = people.get(track.member)
    return member == state.device and speaker is not None and speaker.seat is Seat.room


def is_recorded(state: State, track: int) -> bool:
    """While recording is on: staff and the room's own devices by that alone, a student if he consents. Groups are among
    themselves and never recorded; nor is what is small, as the same picture is recorded large."""
    found = state.open.get(track)
    if found is None or not state.recording or found.source in SMALL or state.group_of(found):
        return False
    return not found.asks or state.consents.get(found.member, False)
