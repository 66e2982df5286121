"""Everybody sees that there are groups; a student who is in his, by name and seat; staff who calls, and on demand
who is where."""

from __future__ import annotations

from itertools import islice
from typing import NotRequired, TypedDict, cast

from mingtang.activities.groups.rules import State
from mingtang.core.member import STAFF, People, Role, Seat
from mingtang.core.patch import Json

SHOWN = 8
NAMED = 40


class GroupsView(TypedDict):
    """`since` and `count` while there are groups. For staff `called`: since when, the first SHOWN by number."""

    since: NotRequired[int]
    count: NotRequired[int]
    apart: NotRequired[bool]
    called: NotRequired[dict[str, int]]


class GroupsPerson(TypedDict):
    name: str
    seat: Seat


class GroupsRow(TypedDict):
    """`members` by id; `called` for help since when; `visited` by one of the staff."""

    members: dict[str, GroupsPerson]
    called: NotRequired[int]
    visited: NotRequired[bool]


class GroupsList(TypedDict):
    """`groups/list`: by number."""

    groups: dict[str, GroupsRow]


class GroupsMine(TypedDict):
    """One's group and who is in it (the first NAMED), oneself marked; for staff `visit`, the group they are with."""

    group: NotRequired[int]
    members: NotRequired[dict[str, GroupsPerson]]
    me: NotRequired[str]
    called: NotRequired[int]
    visited: NotRequired[bool]
    visit: NotRequired[int]


def parts(state: State, role: Role) -> tuple[str, ...]:
    return ("groups", "groups/list") if role in STAFF else ("groups",)


def view(state: State, role: Role, part: str, people: People) -> Json | None:
    if part == "groups":
        return cast(Json, _standing(state, role))
    if part == "groups/list" and role in STAFF:
        rows = {str(n): _row(state, n, people) for n in state.groups}
        return cast(Json, GroupsList(groups=rows))
    return None


def _standing(state: State, role: Role) -> GroupsView:
    if not state.groups:
        return GroupsView()
    seen = GroupsView(since=state.since, count=len(state.groups))
    if role in STAFF:
        seen["called"] = {str(n): at for n, at in islice(state.called.items(), SHOWN)}
        if state.apart:
            seen["apart"] = True
    return seen


def _row(state: State, group: int, people: People) -> GroupsRow:
    row = GroupsRow(members={id: _person(id, people) for id in state.groups[group]})
    if group in state.called:
        row["called"] = state.called[group]
    if group in state.visits.values():
        row["visited"] = True
    return row


def _person(member: str, people: People) -> GroupsPerson:
    known = people.members.get(member)
    return GroupsPerson(name=people.name(member), seat=known.seat if known else Seat.room)


def mine(state: State, member: str, people: People) -> Json:
    if group := state.of.get(member, 0):
        seen = GroupsMine(group=group, members={})
        for n, id in enumerate(islice(state.groups[group], NAMED)):
            seen["members"][str(n)] = _person(id, people)
            if id == member:
                seen["me"] = str(n)
        if group in state.called:
            seen["called"] = state.called[group]
        if group in state.visits.values():
            seen["visited"] = True
        return cast(Json, seen)
    visit = state.visits.get(member, 0)
    return cast(Json, GroupsMine(visit=visit)) if visit else {}
