"""Chance picks among those who were called least, so that everybody is called once before anybody is twice.

`level` says how often somebody has had a turn. Who comes late or comes back starts at the `floor` of the others with
the same seat, and need not catch up. Passing uses up a turn, but is counted neither as called nor as heard."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum
from random import Random
from typing import Annotated, Any, Literal

from msgspec import Meta, Struct, field

from mingtang.core.activity import Act
from mingtang.core.event import Command, Event, Fact, Id, Refused
from mingtang.core.frame import MemberRemoved, MemberRenamed
from mingtang.core.member import STAFF, STUDENTS, Member, Seat


class Outcome(StrEnum):
    heard = "heard"
    passed = "passed"


class Draw(Command, tag="call.draw"):
    """Calls somebody who is here, not among `exclude` and not spared. Who is called still has then been heard."""

    roles = STAFF
    among: Literal["all", "room", "remote"] = "all"
    exclude: Annotated[list[Id], Meta(max_length=1000)] = field(default_factory=list)


class Skip(Command, tag="call.skip"):
    """The one who is called passes; said by staff, or by the one who is called."""

    roles = STAFF | STUDENTS


class Done(Command, tag="call.done"):
    """The one who is called has been heard."""

    roles = STAFF


class Undo(Command, tag="call.undo"):
    """Takes the last call back, as if it had not been."""

    roles = STAFF


class Spare(Command, tag="call.spare"):
    """Leaves a student out of every call, or no longer does."""

    roles = STAFF
    member: Id
    spared: bool


class CallDrawn(Event, tag="call.drawn"):
    """A student was called, at this seat and from this level; `floor` is then the least level at that seat."""

    member: str
    seat: Seat
    level: int
    floor: int


class CallFinished(Event, tag="call.finished"):
    """The one who was called was heard, or passed."""

    outcome: Outcome


class CallUndone(Event, tag="call.undone"):
    """The last call was taken back."""

    member: str


class CallSpared(Event, tag="call.spared"):
    """A student was left out of calls, or no longer was."""

    member: str
    spared: bool


commands = (Draw, Skip, Done, Undo, Spare)
events = (CallDrawn, CallFinished, CallUndone, CallSpared)
watches = (MemberRemoved, MemberRenamed)


class Last(Struct, frozen=True):
    """The last call, and what it found, so that it can be taken back."""

    member: str
    seat: Seat
    at: int
    level_before: int | None
    floor_before: int
    outcome: Outcome | None = None


class State(Struct):
    """`rows` is what the table shows: how often called, heard, passed; a row is replaced, never changed."""

    level: dict[str, int] = field(default_factory=dict)
    floor: dict[Seat, int] = field(default_factory=lambda: {Seat.room: 0, Seat.remote: 0})
    rows: dict[str, dict[str, Any]] = field(default_factory=dict)
    heard: dict[Seat, int] = field(default_factory=lambda: {Seat.room: 0, Seat.remote: 0})
    spared: set[str] = field(default_factory=set)
    last: Last | None = None

    @property
    def now(self) -> Last | None:
        """The call that is not finished."""
        return self.last if self.last and self.last.outcome is None else None


def decide(state: State, command: Command, act: Act) -> Iterable[Event]:
    match command:
        case Draw():
            yield from _draw(state, command, act)
        case Skip():
            if act.by.role not in STAFF and (state.now is None or state.now.member != act.by.id):
                raise Refused("not_allowed")
            if state.now:
                yield CallFinished(outcome=Outcome.passed)
        case Done() if state.now:
            yield CallFinished(outcome=Outcome.heard)
        case Undo() if state.last:
            yield CallUndone(member=state.last.member)
        case Spare():
            if act.people.get(command.member) is None:
                raise Refused("unknown_item")
            if command.spared != (command.member in state.spared):
                yield CallSpared(member=command.member, spared=command.spared)


def _draw(state: State, command: Draw, act: Act) -> Iterable[Event]:
    left_out = state.spared.union(command.exclude)
    among = [m for m in act.people.students_here() if m.id not in left_out and command.among in ("all", m.seat)]
    free = [m for m in among if state.now is None or m.id != state.now.member]
    if not free:
        raise Refused("call.nobody")
    least = min(_level(state, m) for m in free)
    drawn = Random(act.seed).choice([m for m in free if _level(state, m) == least])  # noqa: S311 — repeatable chance
    floor = min([least + 1, *(_level(state, m) for m in among if m.seat == drawn.seat and m is not drawn)])
    if state.now:
        yield CallFinished(outcome=Outcome.heard)
    yield CallDrawn(member=drawn.id, seat=drawn.seat, level=least, floor=floor)


def _level(state: State, member: Member) -> int:
    return max(state.level.get(member.id, 0), state.floor[member.seat])


def fold(state: State, event: Event, fact: Fact) -> None:
    match event:
        case CallDrawn():
            before = state.level.get(event.member)
            state.last = Last(event.member, event.seat, fact.at, before, state.floor[event.seat])
            state.level[event.member], state.floor[event.seat] = event.level + 1, event.floor
            _count(state, event.member, "called", 1)
        case CallFinished() if state.now:
            _finish(state, state.now, event.outcome, 1)
            state.last = _with(state.now, event.outcome)
        case CallUndone() if state.last:
            _undo(state, state.last)
            state.last = None
        case CallSpared():
            (state.spared.add if event.spared else state.spared.discard)(event.member)
            _put(state, event.member, "spared", event.spared)
        case MemberRemoved() if state.last and state.last.member == event.id:
            state.last = None


def _with(last: Last, outcome: Outcome) -> Last:
    return Last(last.member, last.seat, last.at, last.level_before, last.floor_before, outcome)


def _finish(state: State, last: Last, outcome: Outcome, by: int) -> None:
    """By 1 counts the outcome, by -1 takes the count back."""
    if outcome is Outcome.heard:
        state.heard[last.seat] += by
    else:
        _count(state, last.member, "called", -by)
    _count(state, last.member, outcome.value, by)


def _undo(state: State, last: Last) -> None:
    if last.outcome:
        _finish(state, last, last.outcome, -1)
    _count(state, last.member, "called", -1)
    state.floor[last.seat] = last.floor_before
    if last.level_before is None:
        state.level.pop(last.member, None)
    else:
        state.level[last.member] = last.level_before


def _count(state: State, member: str, what: str, by: int) -> None:
    _put(state, member, what, state.rows.get(member, {}).get(what, 0) + by)


def _put(state: State, member: str, what: str, value: int | bool) -> None:
    """Nothing is kept that says no more than its absence."""
    row = {**state.rows.get(member, {}), what: value}
    state.rows[member] = {k: v for k, v in row.items() if v}
    if not state.rows[member]:
        del state.rows[member]


def touches(event: Event) -> Iterable[str] | None:
    match event:
        case CallSpared():
            return ("call/table",)
        case MemberRenamed():
            return ("call",)
    return None


def concerns(state: State, event: Event) -> Iterable[str] | None:
    match event:
        case CallDrawn() | CallUndone():
            return (event.member,)
        case CallFinished() if state.last:
            return (state.last.member,)
        case MemberRemoved():
            return (event.id,)
    return ()
