"""The code is for the wall, and for the teacher, whose stage is the wall. Students learn that there is a check and
which code it is at, never the code; staff ask for the table."""

from __future__ import annotations

from typing import NotRequired, TypedDict, cast

from mingtang.activities.attendance.rules import TRIES_PER_CHECK, TRIES_PER_CODE, State
from mingtang.core.member import STAFF, People, Role, Seat
from mingtang.core.patch import Json

SHOWN_THE_CODE = frozenset({Role.wall, Role.teacher})

# `from` is a word of Python, so this one is written as a call.
AttendanceRow = TypedDict(
    "AttendanceRow",
    {
        "name": str,
        "seat": Seat,
        "present": int,
        "from": NotRequired[int],
        "to": NotRequired[int],
        "since": NotRequired[int],
        "proven": NotRequired[int],
        "vouched": NotRequired[bool],
        "check": NotRequired[int],
        "checks": NotRequired[int],
        "removed": NotRequired[bool],
    },
)


class AttendanceTable(TypedDict):
    """By member id. `present` is the sum, in ms, of the intervals that are over; since `since` one is running.
    `checks` says how many checks there were, and how many of them a member passed."""

    checks: int
    members: dict[str, AttendanceRow]


class AttendanceView(TypedDict):
    """`check` numbers the checks, `turn` the codes. The code stands from `turned` for `seconds`."""

    check: int
    open: bool
    turn: NotRequired[int]
    turned: NotRequired[int]
    seconds: NotRequired[int]
    code: NotRequired[str]
    proven: NotRequired[int]


class AttendanceTries(TypedDict):
    """Wrong tries at the code of `turn`; `left` are those that remain with it, `none` when the check allows no more."""

    turn: int
    left: int
    none: NotRequired[bool]


class AttendanceMine(TypedDict):
    """`check` is the last check passed, `missed` the last wrong try."""

    proven: NotRequired[int]
    check: NotRequired[int]
    missed: NotRequired[AttendanceTries]


def parts(state: State, role: Role) -> tuple[str, ...]:
    return ("attendance", "attendance/table") if role in STAFF else ("attendance",)


def view(state: State, role: Role, part: str, people: People) -> Json | None:
    if part == "attendance":
        return cast(Json, _standing(state, role))
    if part == "attendance/table" and role in STAFF:
        return {"checks": state.check, "members": dict(state.rows)}
    return None


def _standing(state: State, role: Role) -> AttendanceView:
    seen = AttendanceView(check=state.check, open=state.open)
    if role in STAFF or role is Role.wall:
        seen["proven"] = state.proven
    if not state.open:
        return seen
    seen["turn"] = state.turn
    if role in STAFF or role is Role.wall:
        seen["turned"], seen["seconds"] = state.turned, state.seconds
    if role in SHOWN_THE_CODE:
        seen["code"] = state.code
    return seen


def mine(state: State, member: str, people: People) -> Json:
    seen = AttendanceMine()
    row = state.rows.get(member, {})
    if "proven" in row:
        seen["proven"], seen["check"] = row["proven"], row["check"]
    elif made := state.tries.get(member):
        seen["missed"] = AttendanceTries(turn=made.turn, left=TRIES_PER_CODE - made.with_code)
        if made.in_check >= TRIES_PER_CHECK:
            seen["missed"]["none"] = True
    return cast(Json, seen)
