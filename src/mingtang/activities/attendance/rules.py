"""A check shows a code on the wall that changes every few seconds; a student in the room proves it by typing the code.

The wall and the teacher's console both ask for the next code when one has stood long enough: the first to ask turns
it, so it goes on while either is awake. What stands on the wall is valid, and the code before it for a time of grace.
A refusal leaves no trace in a log, so a wrong try is an event: that is how tries are counted."""

from __future__ import annotations

from collections.abc import Iterable
from random import Random
from typing import Annotated, Any

from msgspec import Meta, Struct, field

from mingtang.core.activity import Act
from mingtang.core.event import Command, Event, Fact, Id, Refused
from mingtang.core.frame import (
    LessonEnded,
    MemberCame,
    MemberJoined,
    MemberPromoted,
    MemberReadmitted,
    MemberRemoved,
    MemberRenamed,
    MemberSeated,
    MemberWent,
)
from mingtang.core.member import STAFF, STUDENTS, Role, Seat

GRACE_MS = 10_000
EARLY_MS = 250  # browsers know the server's clock only about so well
TRIES_PER_CODE = 5
TRIES_PER_CHECK = 20
DIGITS = "23456789"


class Start(Command, tag="attendance.start"):
    """Begins a check; each code stands for `seconds`."""

    roles = STAFF
    seconds: Annotated[int, Meta(ge=5, le=300)] = 20


class Rotate(Command, tag="attendance.rotate"):
    """Asks for the next code; nothing happens before the present one has stood its time."""

    roles = STAFF | {Role.wall}


class Stop(Command, tag="attendance.stop"):
    """Ends the check."""

    roles = STAFF


class Prove(Command, tag="attendance.prove"):
    """A student in the room types the code."""

    roles = STUDENTS
    code: Annotated[str, Meta(pattern="^[2-9]{4}$")]


class Vouch(Command, tag="attendance.vouch"):
    """Staff have seen (or not seen) a student themselves."""

    roles = STAFF
    member: Id
    present: bool


class AttendanceStarted(Event, tag="attendance.started"):
    """A check began, with its first code."""

    seconds: int
    code: str


class AttendanceTurned(Event, tag="attendance.turned"):
    """The wall shows the next code."""

    code: str


class AttendanceStopped(Event, tag="attendance.stopped"):
    """The check ended."""


class AttendanceProved(Event, tag="attendance.proved"):
    """A student typed a valid code."""


class AttendanceMissed(Event, tag="attendance.missed"):
    """A student typed another code."""


class AttendanceVouched(Event, tag="attendance.vouched"):
    """Staff marked a student as seen, or took the mark back."""

    member: str
    present: bool


commands = (Start, Rotate, Stop, Prove, Vouch)
events = (
    AttendanceStarted,
    AttendanceTurned,
    AttendanceStopped,
    AttendanceProved,
    AttendanceMissed,
    AttendanceVouched,
)
contributions = (AttendanceProved, AttendanceMissed)
watches = (
    LessonEnded,
    MemberJoined,
    MemberRenamed,
    MemberSeated,
    MemberPromoted,
    MemberRemoved,
    MemberReadmitted,
    MemberCame,
    MemberWent,
)


class Tries(Struct, frozen=True):
    """Wrong tries: with the code of `turn`, and altogether in `check`."""

    turn: int
    with_code: int
    check: int
    in_check: int


class State(Struct):
    """`rows` are the students, `others` everybody else; a row is replaced, never changed."""

    open: bool = False
    check: int = 0
    turn: int = 0
    seconds: int = 0
    turned: int = 0
    code: str = ""
    previous: str = ""
    proven: int = 0
    ended: int = 0
    rows: dict[str, dict[str, Any]] = field(default_factory=dict)
    others: dict[str, dict[str, Any]] = field(default_factory=dict)
    tries: dict[str, Tries] = field(default_factory=dict)


def decide(state: State, command: Command, act: Act) -> Iterable[Event]:
    match command:
        case Start() if not state.open:
            yield AttendanceStarted(seconds=command.seconds, code=_draw(state, act.seed))
        case Rotate() if state.open and act.at >= state.turned + state.seconds * 1000 - EARLY_MS:
            yield AttendanceTurned(code=_draw(state, act.seed))
        case Stop() if state.open:
            yield AttendanceStopped()
        case Prove():
            yield from _prove(state, command, act)
        case Vouch():
            yield from _vouch(state, command)


def _draw(state: State, seed: int) -> str:
    """A code that is neither on the wall nor was just before."""
    chance = Random(seed)  # noqa: S311 — chance must be repeatable from the log; five tries a code are allowed
    while True:
        code = "".join(chance.choices(DIGITS, k=4))
        if code not in (state.code, state.previous):
            return code


def _prove(state: State, command: Prove, act: Act) -> Iterable[Event]:
    if not state.open:
        raise Refused("attendance.closed")
    if act.by.seat is Seat.remote:
        raise Refused("attendance.remote")
    if has_proved(state, act.by.id):
        return
    with_code, in_check = tries(state, act.by.id)
    if in_check >= TRIES_PER_CHECK:
        raise Refused("attendance.too_many")
    if with_code >= TRIES_PER_CODE:
        raise Refused("attendance.slow_down")
    late = act.at > state.turned + GRACE_MS
    valid = (state.code,) if late else (state.code, state.previous)
    yield AttendanceProved() if command.code in valid else AttendanceMissed()


def _vouch(state: State, command: Vouch) -> Iterable[Event]:
    row = state.rows.get(command.member)
    if row is None:
        raise Refused("unknown_item")
    if command.present != ("proven" in row):
        yield AttendanceVouched(member=command.member, present=command.present)


def has_proved(state: State, member: str) -> bool:
    """In the present check."""
    return state.check > 0 and state.rows.get(member, {}).get("check") == state.check


def tries(state: State, member: str) -> tuple[int, int]:
    """Wrong tries with the present code and in the present check."""
    made = state.tries.get(member)
    if made is None or made.check != state.check:
        return 0, 0
    return (made.with_code if made.turn == state.turn else 0), made.in_check


def fold(state: State, event: Event, fact: Fact) -> None:
    match event:
        case AttendanceStarted():
            state.open, state.check, state.proven, state.seconds = True, state.check + 1, 0, event.seconds
            _turn(state, event.code, fact.at)
            state.previous = ""
        case AttendanceTurned():
            _turn(state, event.code, fact.at)
        case AttendanceStopped():
            _close(state)
        case AttendanceProved():
            _mark(state, fact.by, {"proven": fact.at})
        case AttendanceMissed():
            with_code, in_check = tries(state, fact.by)
            state.tries[fact.by] = Tries(state.turn, with_code + 1, state.check, in_check + 1)
        case AttendanceVouched():
            if event.present:
                _mark(state, event.member, {"proven": fact.at, "vouched": True})
            else:
                _unmark(state, event.member)
        case LessonEnded():
            _close(state)
            state.ended = fact.at
        case _:
            _fold_member(state, event, fact)


def _turn(state: State, code: str, at: int) -> None:
    state.previous, state.code, state.turned, state.turn = state.code, code, at, state.turn + 1


def _close(state: State) -> None:
    state.open, state.code, state.previous = False, "", ""


def _mark(state: State, member: str, mark: dict[str, Any]) -> None:
    """The first proof of a member stays; later checks are only counted."""
    row = state.rows.get(member)
    if row is None or has_proved(state, member):
        return
    state.rows[member] = {**mark, **row, "check": state.check, "checks": row.get("checks", 0) + 1}
    state.proven += 1


def _unmark(state: State, member: str) -> None:
    row = state.rows.get(member)
    if row is None:
        return
    state.proven -= has_proved(state, member)
    state.rows[member] = {k: v for k, v in row.items() if k not in ("proven", "vouched", "check", "checks")}


def _fold_member(state: State, event: Event, fact: Fact) -> None:
    id = str(getattr(event, "id", ""))
    if isinstance(event, MemberJoined):
        if id not in state.rows and id not in state.others:
            place = state.rows if event.role is Role.student else state.others
            place[id] = {"name": event.name, "seat": event.seat, "present": 0}
        return
    place = state.rows if id in state.rows else state.others
    row = place.get(id)
    if row is None:
        return
    match event:
        case MemberRenamed():
            place[id] = {**row, "name": event.name}
        case MemberSeated():
            place[id] = {**row, "seat": event.seat}
        case MemberCame():
            place[id] = {"from": fact.at, **row, "since": row.get("since", fact.at)}
        case MemberWent():
            place[id] = _gone(row, fact.at)
        case MemberRemoved():
            place[id] = {**_gone(row, fact.at), "removed": True}
        case MemberReadmitted():
            place[id] = {k: v for k, v in row.items() if k != "removed"}
        case MemberPromoted():
            _promote(state, id, row, event.role)


def _gone(row: dict[str, Any], at: int) -> dict[str, Any]:
    """The open interval, if any, is added to the time present. A clock that jumped back adds nothing."""
    since = row.get("since")
    if since is None:
        return row
    rest = {k: v for k, v in row.items() if k != "since"}
    return {**rest, "to": at, "present": row["present"] + max(0, at - since)}


def _promote(state: State, id: str, row: dict[str, Any], role: Role) -> None:
    proved = has_proved(state, id)
    state.rows.pop(id, None)
    state.others.pop(id, None)
    (state.rows if role is Role.student else state.others)[id] = row
    state.proven += has_proved(state, id) - proved


def touches(event: Event) -> Iterable[str] | None:
    match event:
        case AttendanceTurned() | AttendanceStopped() | LessonEnded():
            return ("attendance",)
        case AttendanceMissed():
            return ()
        case AttendanceStarted() | AttendanceProved() | AttendanceVouched() | MemberPromoted():
            return None
    return ("attendance/table",)


def concerns(state: State, event: Event) -> Iterable[str] | None:
    match event:
        case AttendanceVouched():
            return (event.member,)
        case MemberPromoted():
            return (event.id,)
    return ()
