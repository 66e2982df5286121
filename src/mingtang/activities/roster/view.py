"""Everyone sees how many are here; staff ask for the list; each member sees how the lesson knows him."""

from __future__ import annotations

from typing import TypedDict, cast

from mingtang.activities.roster.rules import State
from mingtang.core.member import STAFF, People, Role, Seat
from mingtang.core.patch import Json


class HereView(TypedDict):
    room: int
    remote: int


class RosterView(TypedDict):
    """Students only: `here` now, `joined` at any time and not removed."""

    here: HereView
    joined: int


class RosterRow(TypedDict):
    name: str
    role: Role
    seat: Seat
    here: bool
    joined: int


class RosterList(TypedDict):
    """By member id. Who was sent out is kept apart, so that it can be taken back."""

    members: dict[str, RosterRow]
    removed: dict[str, RosterRow]


class RosterMine(TypedDict):
    name: str
    role: Role
    seat: Seat


def parts(state: State, role: Role) -> tuple[str, ...]:
    return ("roster", "roster/list") if role in STAFF else ("roster",)


def view(state: State, role: Role, part: str, people: People) -> Json | None:
    if part == "roster":
        here = HereView(room=people.here[Seat.room], remote=people.here[Seat.remote])
        return cast(Json, RosterView(here=here, joined=state.joined))
    if part == "roster/list" and role in STAFF:
        return {"members": dict(state.rows), "removed": dict(state.removed)}
    return None


def mine(state: State, member: str, people: People) -> Json:
    row = state.rows.get(member)
    return {} if row is None else cast(Json, RosterMine(name=row["name"], role=row["role"], seat=row["seat"]))
