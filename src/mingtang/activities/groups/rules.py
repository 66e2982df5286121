"""Staff form groups of the students who are here and close them; who comes later finds a place in one. A group calls
for help, and the call is over when one of the staff comes."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated, Literal

from msgspec import Meta, Struct, field

from mingtang.activities.groups.dividing import divide, divide_apart, divide_by_size
from mingtang.core.activity import Act
from mingtang.core.event import Command, Event, Fact, Id, Refused
from mingtang.core.frame import (
    GROUP_EVENTS,
    GroupJoined,
    GroupsClosed,
    GroupsFormed,
    GroupVisited,
    LessonEnded,
    MemberPromoted,
    MemberRemoved,
    MemberRenamed,
    MemberSeated,
)
from mingtang.core.member import STAFF, STUDENTS, Member, Role

Number = Annotated[int, Meta(ge=0, le=10_000)]


class Form(Command, tag="groups.form"):
    """Divides the students who are here: into `n` groups, or into groups of `n`. `apart` keeps those in the room and
    those who are remote each among themselves."""

    roles = STAFF
    by: Literal["number", "size"]
    n: Annotated[int, Meta(ge=2, le=500)]
    apart: bool = False


class Join(Command, tag="groups.join"):
    """Who is in no group comes into the smallest."""

    roles = STUDENTS


class Move(Command, tag="groups.move"):
    """Puts a student into another group."""

    roles = STAFF
    member: Id
    group: Number


class Visit(Command, tag="groups.visit"):
    """Goes to a group, whose stage one is then on; 0: back to all."""

    roles = STAFF
    group: Number


class Call(Command, tag="groups.call"):
    """Calls for help for one's group, or says that none is needed any more."""

    roles = STUDENTS
    on: bool


class Close(Command, tag="groups.close"):
    """Ends the groups."""

    roles = STAFF


class GroupCalled(Event, tag="groups.called"):
    """A group called for help, or no longer."""

    group: int
    on: bool


commands = (Form, Join, Move, Visit, Call, Close)
events = (*GROUP_EVENTS, GroupCalled)
watches = (LessonEnded, MemberPromoted, MemberRemoved, MemberRenamed, MemberSeated)
contributions = (GroupJoined, GroupCalled)


class State(Struct):
    """`groups` are the members of each number, `of` the group of each member. `called` since when, the oldest first."""

    since: int = 0
    apart: bool = False
    groups: dict[int, dict[str, None]] = field(default_factory=dict)
    of: dict[str, int] = field(default_factory=dict)
    called: dict[int, int] = field(default_factory=dict)
    visits: dict[str, int] = field(default_factory=dict)


def decide(state: State, command: Command, act: Act) -> Iterable[Event]:
    match command:
        case Form():
            yield _form(command, act)
        case Join() if act.by.id not in state.of:
            yield GroupJoined(member=act.by.id, group=_smallest(state, act))
        case Move():
            yield from _move(state, command, act)
        case Visit():
            _known(state, command.group, or_all=True)
            was = state.visits.get(act.by.id, 0)
            if was != command.group:
                yield GroupVisited(member=act.by.id, group=command.group, was=was)
        case Call():
            group = state.of.get(act.by.id, 0)
            _known(state, group)
            if command.on != (group in state.called):
                yield GroupCalled(group=group, on=command.on)
        case Close() if state.groups:
            yield GroupsClosed()


def _form(command: Form, act: Act) -> Event:
    students = list(act.people.students_here())
    if len(students) < 2:
        raise Refused("groups.few")
    if command.by == "size":
        made = divide_by_size(students, command.n, command.apart, act.seed)
    else:
        made = (divide_apart if command.apart else divide)(students, command.n, act.seed)
    return GroupsFormed(groups=made, apart=command.apart)


def _smallest(state: State, act: Act) -> int:
    """Where seats are apart, of those groups in which people sit as he does, if there is one."""
    if not state.groups:
        raise Refused("groups.none")
    fitting = [n for n, members in state.groups.items() if not state.apart or _sits_with(act.by, members, act)]
    return min(fitting or state.groups, key=lambda n: (len(state.groups[n]), n))


def _sits_with(member: Member, group: Iterable[str], act: Act) -> bool:
    return any(other.seat is member.seat for id in group if (other := act.people.get(id)))


def _move(state: State, command: Move, act: Act) -> Iterable[Event]:
    student = act.people.get(command.member)
    if student is None or student.role is not Role.student:
        raise Refused("unknown_item")
    _known(state, command.group)
    was = state.of.get(command.member, 0)
    if was != command.group:
        yield GroupJoined(member=command.member, group=command.group, was=was)


def _known(state: State, group: int, or_all: bool = False) -> None:
    if group not in state.groups and not (or_all and not group):
        raise Refused("groups.none")


def fold(state: State, event: Event, fact: Fact) -> None:
    match event:
        case GroupsFormed():
            _clear(state)
            state.since, state.apart = fact.at, event.apart
            state.groups = {n: dict.fromkeys(members) for n, members in enumerate(event.groups, 1)}
            state.of = {member: n for n, members in state.groups.items() for member in members}
        case GroupJoined():
            _leave(state, event.member)
            state.groups.setdefault(event.group, {})[event.member] = None
            state.of[event.member] = event.group
        case GroupVisited():
            state.visits.pop(event.member, None)
            if event.group:
                state.visits[event.member] = event.group
                state.called.pop(event.group, None)
        case GroupCalled():
            state.called.pop(event.group, None)
            if event.on:
                state.called[event.group] = fact.at
        case GroupsClosed() | LessonEnded():
            _clear(state)
        case MemberRemoved() | MemberPromoted():
            _leave(state, event.id)
            state.visits.pop(event.id, None)


def _clear(state: State) -> None:
    state.since, state.apart = 0, False
    state.groups, state.of, state.called, state.visits = {}, {}, {}, {}


def _leave(state: State, member: str) -> None:
    """A group that is left by all goes on: somebody may come into it again."""
    if group := state.of.pop(member, 0):
        del state.groups[group][member]


def touches(event: Event) -> Iterable[str] | None:
    return ("groups/list",) if isinstance(event, MemberRenamed | MemberSeated) else None


def concerns(state: State, event: Event) -> Iterable[str] | None:
    """One's group is told who is in it, whether it has called and whether it is visited."""
    match event:
        case GroupJoined() | GroupVisited():
            return (event.member, *state.groups.get(event.group, ()), *state.groups.get(event.was, ()))
        case GroupCalled():
            return tuple(state.groups.get(event.group, ()))
        case MemberRenamed() | MemberSeated():
            return tuple(state.groups.get(state.of.get(event.id, 0), ()))
    return None if state.groups or isinstance(event, GroupsClosed | LessonEnded) else ()
