"""The wall shows the name because the teacher just asked for it; staff see how often too; a student learns only of his
own call."""

from __future__ import annotations

from typing import NotRequired, TypedDict, cast

from mingtang.activities.call.rules import Last, State
from mingtang.core.member import STAFF, People, Role, Seat
from mingtang.core.patch import Json


class CallWho(TypedDict):
    """Who is called, `at` when (ms UTC). `member` and how often (this call included) are for staff."""

    name: str
    seat: Seat
    at: int
    member: NotRequired[str]
    called: NotRequired[int]
    heard: NotRequired[int]


class CallHeard(TypedDict):
    room: int
    remote: int


class CallView(TypedDict):
    """`heard` counts those heard by seat; `undo` says that the last call can be taken back."""

    now: NotRequired[CallWho]
    heard: NotRequired[CallHeard]
    undo: NotRequired[bool]


class CallRow(TypedDict):
    called: NotRequired[int]
    heard: NotRequired[int]
    passed: NotRequired[int]
    spared: NotRequired[bool]


class CallTable(TypedDict):
    """By member id; who is missing was never called."""

    members: dict[str, CallRow]


class CallMine(TypedDict):
    at: int


def parts(state: State, role: Role) -> tuple[str, ...]:
    return ("call", "call/table") if role in STAFF else ("call",)


def view(state: State, role: Role, part: str, people: People) -> Json | None:
    if part == "call/table" and role in STAFF:
        return {"members": dict(state.rows)}
    if part != "call":
        return None
    if role in STAFF:
        return cast(Json, _for_staff(state, people))
    if role is Role.wall and state.now:
        return {"now": _who(state.now, people)}
    return {}


def _for_staff(state: State, people: People) -> CallView:
    seen = CallView(heard=CallHeard(room=state.heard[Seat.room], remote=state.heard[Seat.remote]))
    if state.last:
        seen["undo"] = True
    if state.now:
        row = state.rows.get(state.now.member, {})
        who = _who(state.now, people)
        who["member"], who["called"], who["heard"] = state.now.member, row.get("called", 0), row.get("heard", 0)
        seen["now"] = who
    return seen


def _who(last: Last, people: People) -> CallWho:
    return CallWho(name=people.name(last.member), seat=last.seat, at=last.at)


def mine(state: State, member: str, people: People) -> Json:
    called = state.now is not None and state.now.member == member
    return cast(Json, CallMine(at=state.now.at)) if called and state.now else {}
