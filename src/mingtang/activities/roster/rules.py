"""Members are admitted and noted present by the server, kept in order by staff, and may change their own name and seat.

People (core) already folds the same events; the State here only keeps what the list and the counts show."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Annotated, Any

from msgspec import Meta, Struct, field
from msgspec.structs import replace

from mingtang.core.activity import Act
from mingtang.core.event import Command, Event, Fact, Id, Refused
from mingtang.core.frame import (
    MEMBER_EVENTS,
    MemberCame,
    MemberJoined,
    MemberPromoted,
    MemberReadmitted,
    MemberRemoved,
    MemberRenamed,
    MemberSeated,
    MemberWent,
)
from mingtang.core.member import EVERYONE, STAFF, Member, People, Role, Seat, clean_name
from mingtang.core.text import BLANK

TEACHER = frozenset({Role.teacher})
PERSONS = EVERYONE - {Role.wall}
RANK = {Role.wall: 0, Role.observer: 1, Role.student: 2, Role.assistant: 3, Role.teacher: 4}

# Longer than a name may be: what is too long for a list is cut, what is absurd is refused as a wrong shape.
Name = Annotated[str, Meta(max_length=400)]


class Admit(Command, tag="roster.admit"):
    """Makes somebody a member. Of one who is a member already it updates name and seat, and never lowers the role."""

    id: Id
    name: Name
    role: Role
    seat: Seat


class Come(Command, tag="roster.come"):
    """A member's first screen has connected."""

    id: Id


class Go(Command, tag="roster.go"):
    """A member's last screen has been silent for the time of grace."""

    id: Id


class Rename(Command, tag="roster.rename"):
    """Gives another member another name."""

    roles = STAFF
    id: Id
    name: Name


class Remove(Command, tag="roster.remove"):
    """Sends a member out; nobody comes back after that unless readmitted."""

    roles = STAFF
    id: Id


class Readmit(Command, tag="roster.readmit"):
    """Takes a removal back."""

    roles = STAFF
    id: Id


class Promote(Command, tag="roster.promote"):
    """Gives a member another role, up or down."""

    roles = TEACHER
    id: Id
    role: Role


class Reseat(Command, tag="roster.reseat"):
    """The member moves between room and remote."""

    roles = PERSONS
    seat: Seat


class TakeName(Command, tag="roster.name"):
    """The member takes another name."""

    roles = PERSONS
    name: Name


commands = (Admit, Come, Go, Rename, Remove, Readmit, Promote, Reseat, TakeName)
events = MEMBER_EVENTS
# A whole room arrives, changes seat and leaves within seconds; only what staff decide is shown without delay.
contributions = (MemberJoined, MemberRenamed, MemberSeated, MemberCame, MemberWent)


class State(Struct):
    """A row per member, as the list shows it; a row is replaced, never changed, so that differences are found fast."""

    rows: dict[str, dict[str, Any]] = field(default_factory=dict)
    removed: dict[str, dict[str, Any]] = field(default_factory=dict)
    joined: int = 0


def decide(state: State, command: Command, act: Act) -> Iterable[Event]:
    people = act.people
    match command:
        case Admit():
            return _admit(command, people)
        case Come():
            member = people.get(command.id)
            return [MemberCame(id=command.id)] if member and not member.here else []
        case Go():
            member = people.get(command.id)
            return [MemberWent(id=command.id)] if member and member.here else []
        case Rename():
            return _rename(_subject(command, act), command.name)
        case Remove():
            return _remove(command, act)
        case Readmit():
            return _readmit(command, act)
        case Promote():
            return _promote(command, act)
        case Reseat():
            return [MemberSeated(id=act.by.id, seat=command.seat)] if command.seat != act.by.seat else []
        case TakeName():
            return _rename(act.by, command.name)
    return []


def _admit(command: Admit, people: People) -> list[Event]:
    name = _name(command.name, command.role)
    known = people.members.get(command.id)
    if known is None:
        return [MemberJoined(id=command.id, name=name, role=command.role, seat=command.seat)]
    if known.removed:
        raise Refused("roster.removed")
    changed: list[Event] = []
    if known.name != name:
        changed.append(MemberRenamed(id=known.id, name=name))
    if known.seat != command.seat:
        changed.append(MemberSeated(id=known.id, seat=command.seat))
    # An assistant who comes in again by the students' door is still the assistant.
    if RANK[command.role] > RANK[known.role] > RANK[Role.wall]:
        changed.append(MemberPromoted(id=known.id, role=command.role))
    return changed


def _name(text: str, role: Role) -> str:
    """A wall is a screen and may be nameless; a person may not."""
    name = clean_name(text)
    if not name and role is not Role.wall:
        raise Refused("roster.no_name")
    return name


def _subject(command: Rename | Remove | Readmit | Promote, act: Act) -> Member:
    """The member acted upon. Staff answer for students; only a teacher acts on other staff."""
    member = act.people.members.get(command.id)
    if member is None:
        raise Refused("unknown_item")
    if member.removed and not isinstance(command, (Remove, Readmit)):
        raise Refused("roster.removed")
    if member.role in STAFF and act.by.role is not Role.teacher and member is not act.by:
        raise Refused("not_allowed")
    return member


def _rename(member: Member, text: str) -> list[Event]:
    name = _name(text, member.role)
    return [MemberRenamed(id=member.id, name=name)] if name != member.name else []


def _remove(command: Remove, act: Act) -> list[Event]:
    member = _subject(command, act)
    if member.removed:
        return []
    _keep_a_teacher(member, act.people)
    return [MemberRemoved(id=member.id)]


def _readmit(command: Readmit, act: Act) -> list[Event]:
    member = _subject(command, act)
    return [MemberReadmitted(id=member.id)] if member.removed else []


def _promote(command: Promote, act: Act) -> list[Event]:
    member = _subject(command, act)
    if member.role is command.role:
        return []
    if Role.wall in (member.role, command.role):
        raise Refused("not_allowed")
    _keep_a_teacher(member, act.people)
    return [MemberPromoted(id=member.id, role=command.role)]


def _keep_a_teacher(member: Member, people: People) -> None:
    teachers = [m for m in people.members.values() if m.role is Role.teacher and not m.removed]
    if teachers == [member]:
        raise Refused("roster.last_teacher")


def fold(state: State, event: Event, fact: Fact) -> None:
    if isinstance(event, MemberJoined):
        if event.id not in state.rows and event.id not in state.removed:
            row = {"name": event.name, "role": event.role, "seat": event.seat, "here": False, "joined": fact.at}
            _put(state, event.id, row)
        return
    id = getattr(event, "id", "")
    if isinstance(event, MemberReadmitted):
        if row := state.removed.pop(id, {}):
            _put(state, id, row)
        return
    old = state.rows.get(id)
    if old is None:
        return
    _take(state, id)
    match event:
        case MemberRemoved():
            state.removed[id] = {**old, "here": False}
        case MemberRenamed():
            _put(state, id, {**old, "name": event.name})
        case MemberSeated():
            _put(state, id, {**old, "seat": event.seat})
        case MemberPromoted():
            _put(state, id, {**old, "role": event.role})
        case MemberCame() | MemberWent():
            _put(state, id, {**old, "here": isinstance(event, MemberCame)})


def _put(state: State, id: str, row: dict[str, Any]) -> None:
    state.rows[id] = row
    state.joined += row["role"] is Role.student


def _take(state: State, id: str) -> None:
    state.joined -= state.rows.pop(id)["role"] is Role.student


def touches(event: Event) -> Iterable[str] | None:
    return ("roster/list",) if isinstance(event, MemberRenamed) else None


def concerns(state: State, event: Event) -> Iterable[str] | None:
    """Being renamed, seated or given a role is told to the one it happened to; coming and going are not news to him."""
    return () if isinstance(event, (MemberCame, MemberWent)) else (str(getattr(event, "id", "")),)


def erase(facts: Sequence[Fact], gone: frozenset[str]) -> Iterable[Fact]:
    """The name, wherever it was given or changed."""
    for fact in facts:
        if isinstance(fact.event, MemberJoined | MemberRenamed) and fact.event.id in gone:
            yield replace(fact, event=replace(fact.event, name=BLANK))
