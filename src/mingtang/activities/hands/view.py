"""Staff see who is in the queue and how the seats fare; students the order by ticket (their own is in `mine`) and who
speaks; the wall sees seats only, never a name."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal, NotRequired, TypedDict, cast

from mingtang.activities.hands.queue import Hand, State, first, median
from mingtang.core.member import STAFF, People, Role, Seat
from mingtang.core.patch import Json

SHOWN = 20


class SeatCount(TypedDict):
    room: int
    remote: int


class HandSpeaking(TypedDict):
    """`name` is left out on the wall; `id` is for staff, `ticket` for the others."""

    seat: str
    since: int
    name: NotRequired[str]
    id: NotRequired[str]
    ticket: NotRequired[int]


class HandItem(TypedDict):
    """One in the queue, keyed by member; `place` counts from 1. Those who are away have no place."""

    name: str
    seat: str
    raised: int
    place: NotRequired[int]
    away: NotRequired[bool]


class HandsParity(TypedDict):
    """How many were taken of a seat, and the median of their waits in ms."""

    taken: int
    wait: NotRequired[int]


class HandsView(TypedDict):
    """`up` counts hands of members who are here. `line` (students: place by ticket, staff: items by member) holds the
    first SHOWN; `away` and `parity` are staff's."""

    up: SeatCount
    speaking: NotRequired[HandSpeaking]
    line: NotRequired[dict[str, int]]


class HandsStaffView(TypedDict):
    up: SeatCount
    away: int
    line: dict[str, HandItem]
    parity: dict[str, HandsParity]
    speaking: NotRequired[HandSpeaking]
    undo: NotRequired[Literal["taken", "lowered"]]


class HandsList(TypedDict):
    """`hands/list`: every hand that is up."""

    hands: dict[str, HandItem]


class HandsMine(TypedDict, total=False):
    """`ticket` is of the last hand, `raised` is there while it is up. Who has the floor finds his ticket there."""

    ticket: int
    raised: int


def parts(state: State, role: Role) -> Iterable[str]:
    return ("hands", "hands/list") if role in STAFF else ("hands",)


def view(state: State, role: Role, part: str, people: People) -> Json | None:
    if part == "hands":
        return cast(Json, _staff(state, people) if role in STAFF else _others(state, role, people))
    if part == "hands/list" and role in STAFF:
        places = {h.member: n for n, h in enumerate(first(state, len(state.hands)), 1)}
        return {"hands": {h.member: _item(h, people, places.get(h.member)) for h in state.hands.values()}}
    return None


def mine(state: State, member: str, people: People) -> Json:
    ticket = state.tickets.get(member)
    if ticket is None:
        return {}
    hand = state.hands.get(member)
    return cast(Json, HandsMine(ticket=ticket, raised=hand.raised) if hand else HandsMine(ticket=ticket))


def _up(state: State) -> SeatCount:
    return SeatCount(room=len(state.line[Seat.room]), remote=len(state.line[Seat.remote]))


def _others(state: State, role: Role, people: People) -> HandsView:
    seen = HandsView(up=_up(state))
    floor = state.floor
    if floor:
        seen["speaking"] = HandSpeaking(seat=floor.hand.seat.value, since=floor.since)
    if role is Role.wall:
        return seen
    if floor:
        seen["speaking"] |= {"name": people.name(floor.hand.member), "ticket": floor.hand.ticket}
    seen["line"] = {str(h.ticket): n for n, h in enumerate(first(state, SHOWN), 1)}
    return seen


def _staff(state: State, people: People) -> HandsStaffView:
    up, hands = _up(state), first(state, SHOWN)
    seen = HandsStaffView(
        up=up,
        away=len(state.hands) - up["room"] - up["remote"],
        line={h.member: _item(h, people, n) for n, h in enumerate(hands, 1)},
        parity={seat.value: _parity(waits) for seat, waits in state.waits.items()},
    )
    if state.floor:
        hand = state.floor.hand
        seen["speaking"] = HandSpeaking(
            seat=hand.seat.value, since=state.floor.since, name=people.name(hand.member), id=hand.member
        )
    if state.undo:
        seen["undo"] = "taken" if state.undo.taken else "lowered"
    return seen


def _item(hand: Hand, people: People, place: int | None) -> HandItem:
    item = HandItem(name=people.name(hand.member), seat=hand.seat.value, raised=hand.raised)
    if place is not None:
        item["place"] = place
    if hand.away:
        item["away"] = True
    return item


def _parity(waits: list[int]) -> HandsParity:
    middle = median(waits)
    return HandsParity(taken=len(waits)) if middle is None else HandsParity(taken=len(waits), wait=middle)
