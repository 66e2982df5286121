"""Staff go on the stage at once, remote students when they are invited, members of a group on the stage of their group;
eight on each. Who leaves, is sent out, takes a seat in the room or another role ends his tracks."""

from __future__ import annotations

from collections.abc import Iterable

from mingtang.activities.media.facts import (
    COMMANDS,
    EVENTS,
    MOST_INVITED,
    MOST_ON_STAGE,
    MOST_TRACKS,
    OF_THE_ROOM,
    SENDERS,
    SMALL,
    Consent,
    Decline,
    Enter,
    Gone,
    Invite,
    Leave,
    Lend,
    MediaConsented,
    MediaDeclined,
    MediaInvited,
    MediaLeft,
    MediaLent,
    MediaMuted,
    MediaQuieted,
    MediaStarted,
    MediaStopped,
    MediaStored,
    MediaStoredLate,
    MediaTakenBack,
    MediaUnmuted,
    MediaWithdrawn,
    Mute,
    MuteAll,
    NoteStored,
    NoteStoredLate,
    Quiet,
    Record,
    RecordingStarted,
    RecordingStopped,
    Remove,
    Start,
    Stop,
    TakeBack,
    Unmute,
    Withdraw,
)
from mingtang.activities.media.grouping import fold_groups
from mingtang.activities.media.state import Place, State, Track
from mingtang.core.activity import Act
from mingtang.core.event import Command, Event, Fact, Refused
from mingtang.core.frame import (
    GROUP_EVENTS,
    GroupJoined,
    GroupsClosed,
    GroupsFormed,
    GroupVisited,
    LessonEnded,
    MediaEntered,
    MemberErased,
    MemberPromoted,
    MemberRemoved,
    MemberRenamed,
    MemberSeated,
    MemberWent,
)
from mingtang.core.member import SERVER, STAFF, Member, Role, Seat

commands = COMMANDS
events = EVENTS
watches = (
    *GROUP_EVENTS, LessonEnded, MemberErased, MemberPromoted, MemberRemoved, MemberRenamed, MemberSeated, MemberWent,
)  # fmt: skip
contributions = (MediaStored, MediaStoredLate)


def decide(state: State, command: Command, act: Act) -> Iterable[Event]:
    match command:
        case Enter():
            yield from _enter(state, command, act)
        case Decline() if act.by.id in state.invited:
            yield MediaDeclined()
        case Leave() if act.by.id in state.stage:
            yield MediaLeft(member=act.by.id)
        case Quiet():
            yield from _quiet(state, command.on, act.by.id)
        case Consent() if state.consents.get(act.by.id) is not command.on:
            yield MediaConsented(on=command.on)
        case Start():
            yield from _start(state, command, act.by)
        case Stop():
            yield from _stop(state, command.track, act.by)
        case NoteStoredLate():
            yield MediaStoredLate(groups=command.groups)
        case NoteStored():
            yield MediaStored(groups=command.groups)
        case Gone():
            yield from _gone(state, command.member)
        case _:
            yield from _decide_of_staff(state, command, act)


def _decide_of_staff(state: State, command: Command, act: Act) -> Iterable[Event]:
    match command:
        case Invite():
            yield from _invite(state, command.member, act)
        case Withdraw() if command.member in state.invited:
            yield MediaWithdrawn(member=command.member)
        case Remove():
            if command.member in state.stage:
                yield MediaLeft(member=command.member, why="removed")
            elif command.member in state.invited:
                yield MediaWithdrawn(member=command.member)
        case Mute():
            yield from _mute(command.member, _place(state, command.member), command.enforced)
        case MuteAll():
            for member, place in state.on_stage(state.group.get(act.by.id, 0)).items():
                if not place.staff:
                    yield from _mute(member, place, command.enforced)
        case Unmute():
            place = _place(state, command.member)
            if place.asked or place.silenced:
                yield MediaUnmuted(member=command.member)
        case Record():
            yield from _record(state, command, act.by)
        case Lend():
            lent = act.people.get(command.member)
            if lent is None or lent.role not in SENDERS:
                raise Refused("unknown_item")
            if state.device != command.member:
                yield MediaLent(member=command.member)
        case TakeBack() if state.device:
            yield MediaTakenBack()


def _invite(state: State, member: str, act: Act) -> Iterable[Event]:
    student = act.people.get(member)
    if student is None or student.role is not Role.student:
        raise Refused("unknown_item")
    if student.seat is Seat.room:
        raise Refused("media.room_seat")
    place = state.stage.get(member)
    if member in state.invited or (place is not None and not place.group):
        return
    if len(state.invited) >= MOST_INVITED:
        raise Refused("media.many_invited", most=MOST_INVITED)
    yield MediaInvited(member=member)


def _enter(state: State, command: Enter, act: Act) -> Iterable[Event]:
    by, place = act.by, state.stage.get(act.by.id)
    group = _where(state, by)
    if place is None or place.group != group:
        if len(state.on_stage(group)) >= MOST_ON_STAGE:
            raise Refused("media.full", most=MOST_ON_STAGE)
        no = place.no if place else state.places + 1
        staff = by.role in STAFF
        said = None if staff else command.consent
        yield MediaEntered(place=no, group=group, was=place.group if place else 0, staff=staff, consent=said)
    elif command.consent is not None and not place.staff and state.consents.get(by.id) is not command.consent:
        yield MediaConsented(on=command.consent)


def _where(state: State, by: Member) -> int:
    """The stage that one may come to; Refused when there is none."""
    group = state.group.get(by.id, 0)
    if by.role in STAFF:
        return group
    if by.seat is Seat.room:
        raise Refused("media.room_seat")
    if by.id in state.invited:
        return 0
    place = state.stage.get(by.id)
    if place is None and not group:
        raise Refused("media.not_invited")
    return place.group if place else group


def _place(state: State, member: str) -> Place:
    if (place := state.stage.get(member)) is None:
        raise Refused("media.not_on_stage")
    return place


def _mute(member: str, place: Place, enforced: bool) -> Iterable[Event]:
    """Who has muted himself need not be asked to."""
    if not place.silenced and (enforced or not (place.asked or place.quiet)):
        yield MediaMuted(member=member, enforced=enforced)


def _quiet(state: State, on: bool, member: str) -> Iterable[Event]:
    place = _place(state, member)
    if place.silenced and not on:
        raise Refused("media.silenced")
    if place.quiet is not on:
        yield MediaQuieted(on=on, group=place.group)


def _start(state: State, command: Start, by: Member) -> Iterable[Event]:
    if command.source in OF_THE_ROOM:
        if not by.id or state.device != by.id:
            raise Refused("media.not_lent")
    else:
        _place(state, by.id)
    if len(state.tracks) >= MOST_TRACKS:
        raise Refused("media.many_tracks")
    own = {track.source: track for track in state.of(by.id)}
    if command.source in SMALL and SMALL[command.source] not in own:
        raise Refused("unknown_item")
    if command.source in own:
        yield from _end(state, own[command.source])
    asks = by.role is Role.student
    yield MediaStarted(track=len(state.tracks) + 1, source=command.source, codec=command.codec, asks=asks)


def _stop(state: State, track: int, by: Member) -> Iterable[Event]:
    found = state.open.get(track)
    if found is None:
        return
    if found.member != by.id and by.role not in STAFF:
        raise Refused("not_allowed")
    yield from _end(state, found)


def _end(state: State, track: Track) -> Iterable[Event]:
    """With a camera ends what is sent of it in small."""
    yield MediaStopped(track=track.no)
    for other in state.of(track.member):
        if SMALL.get(other.source) == track.source:
            yield MediaStopped(track=other.no)


def _record(state: State, command: Record, by: Member) -> Iterable[Event]:
    if command.trouble and by is not SERVER:
        raise Refused("not_allowed")
    if command.on and not state.recording:
        yield RecordingStarted()
    elif not command.on and state.recording:
        yield RecordingStopped(trouble=command.trouble)


def _gone(state: State, member: str) -> Iterable[Event]:
    """A device that is lent stays lent: it comes back by itself."""
    if member in state.stage:
        yield MediaLeft(member=member, why="gone")
    for track in state.of(member, room=True):
        yield MediaStopped(track=track.no)


def fold(state: State, event: Event, fact: Fact) -> None:
    match event:
        case MediaInvited():
            state.invited[event.member] = fact.at
        case MediaWithdrawn():
            state.invited.pop(event.member, None)
        case MediaDeclined():
            state.invited.pop(fact.by, None)
        case MediaEntered():
            _take_place(state, event, fact)
        case MediaLeft():
            place = state.stage.get(event.member)
            state.off(event.member, fact.at)
            if event.why == "gone" and place and not place.staff and not place.group:
                state.invited[event.member] = fact.at
        case MediaMuted() | MediaUnmuted() | MediaQuieted():
            _fold_muting(state, event, fact)
        case MediaStarted():
            track = Track(event.track, fact.by, event.source, event.codec, fact.at, event.asks)
            state.begin(track)
        case MediaStopped():
            state.end([state.open[event.track]] if event.track in state.open else [], fact.at)
        case MediaStored():
            _fold_stored(state, event)
        case MediaConsented():
            state.consents[fact.by] = event.on
        case RecordingStarted():
            state.recording, state.trouble = fact.at, ""
        case RecordingStopped():
            state.recording, state.trouble = 0, event.trouble
        case MediaLent() | MediaTakenBack():
            _fold_lending(state, event, fact.at)
        case GroupsFormed() | GroupJoined() | GroupVisited() | GroupsClosed():
            fold_groups(state, event, fact)
        case _:
            _fold_people(state, event, fact.at)


def _take_place(state: State, event: MediaEntered, fact: Fact) -> None:
    member = fact.by
    state.invited.pop(member, None)
    state.places = max(state.places, event.place)
    if event.consent is not None:
        state.consents[member] = event.consent
    if place := state.stage.get(member):
        state.to(member, place, event.group)
    else:
        state.enter(member, Place(event.place, fact.at, event.group, event.staff))


def _fold_muting(state: State, event: MediaMuted | MediaUnmuted | MediaQuieted, fact: Fact) -> None:
    place = state.stage.get(fact.by if isinstance(event, MediaQuieted) else event.member)
    if place is None:
        return
    match event:
        case MediaMuted():
            place.asked, place.silenced = not event.enforced, event.enforced
        case MediaUnmuted():
            place.asked = place.silenced = False
        case MediaQuieted():
            place.quiet = event.on
            place.asked = place.asked and not event.on


def _fold_stored(state: State, event: MediaStored) -> None:
    for number, time, _, size in event.groups:
        if track := state.tracks.get(number):
            track.stored += size
            track.stored_until = max(track.stored_until, time)


def _fold_lending(state: State, event: MediaLent | MediaTakenBack, at: int) -> None:
    state.end(state.of(state.device, room=True), at)
    state.device = event.member if isinstance(event, MediaLent) else ""


def _fold_people(state: State, event: Event, at: int) -> None:
    match event:
        case MemberRemoved() | MemberPromoted():
            state.off(event.id, at)
            state.put(event.id, 0)
            state.invited.pop(event.id, None)
            if state.device == event.id:
                state.end(state.of(event.id), at)
                state.device = ""
        case MemberSeated(seat=Seat.room):
            state.invited.pop(event.id, None)
            if (place := state.stage.get(event.id)) and not place.staff:
                state.off(event.id, at)
        case MemberWent():
            state.off(event.id, at)
            state.end(state.of(event.id), at)
        case MemberErased():  # whoever records his tracks stops, at every node; what comes after he has to agree to
            state.off(event.id, at)
            state.end(state.of(event.id), at)
            state.consents.pop(event.id, None)
        case LessonEnded():
            state.end(list(state.open.values()), at)
            state.stage, state.stages, state.invited, state.device, state.recording = {}, {}, {}, "", 0
            state.group, state.groups = {}, {}


def touches(event: Event) -> Iterable[str] | None:
    return () if isinstance(event, MediaStored) else ("media",)


def concerns(state: State, event: Event) -> Iterable[str] | None:
    """Whether one is asked about being recorded hangs on recording; everything else is about one member, and about
    those who see him on the stage of their group."""
    match event:
        case RecordingStarted() | RecordingStopped():
            return [*state.stage, *filter(None, [state.device])]
        case MediaLent() | MediaTakenBack() | LessonEnded():
            return None
        case MediaInvited() | MediaWithdrawn():
            return (event.member,)
        case MediaLeft() | MediaMuted() | MediaUnmuted():
            return _group_of(state, event.member)
        case MemberErased() | MemberSeated() | MemberWent() | MemberRenamed():
            return _group_of(state, event.id)
        case MemberRemoved() | MemberPromoted():
            return None if state.groups else (event.id,)
        case MediaStarted() | MediaStopped() if track := state.tracks.get(event.track):
            return _group_of(state, track.member)
        case MediaEntered():
            return (*state.groups.get(event.group, ()), *state.groups.get(event.was, ()))
        case MediaQuieted():
            return tuple(state.groups.get(event.group, ()))
        case GroupJoined() | GroupVisited():
            return (event.member, *state.groups.get(event.group, ()), *state.groups.get(event.was, ()))
        case GroupsFormed() | GroupsClosed():
            return None
    return ()


def _group_of(state: State, member: str) -> Iterable[str]:
    return (member, *state.groups.get(state.group.get(member, 0), ()))
