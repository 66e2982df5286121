"""A hand goes up, is taken (its member has the floor or came on the stage) or goes down. What staff took or lowered can
be undone once. In which order hands are taken is the business of `queue`; nothing here looks at it but `Take` without a
name."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated

from msgspec import Meta

from mingtang.activities.hands.queue import Deed, Hand, State, drop, next_up, put, put_back, reseat, serve, take
from mingtang.core.activity import Act
from mingtang.core.event import Command, Event, Fact, Refused
from mingtang.core.frame import (
    MediaEntered,
    MemberCame,
    MemberPromoted,
    MemberRemoved,
    MemberRenamed,
    MemberSeated,
    MemberWent,
)
from mingtang.core.member import STAFF, STUDENTS, TAUGHT, Role, Seat

MemberId = Annotated[str, Meta(min_length=1, max_length=64)]

__all__ = ["State", "commands", "decide", "events", "fold"]


class Raise(Command, tag="hands.raise"):
    """Puts one's own hand up, at the end of the queue."""

    roles = STUDENTS


class Lower(Command, tag="hands.lower"):
    """Takes one's own hand down."""

    roles = STUDENTS


class Take(Command, tag="hands.take"):
    """Gives the floor to `member`, or without a name to whom the fair order says."""

    roles = STAFF
    member: MemberId | None = None


class Done(Command, tag="hands.done"):
    """Ends the floor of whoever has it; a student may only end his own."""

    roles = TAUGHT


class PutDown(Command, tag="hands.put_down"):
    """Takes down somebody's hand without giving the floor."""

    roles = STAFF
    member: MemberId


class LowerAll(Command, tag="hands.lower_all"):
    """Takes all hands down, also those of members who are away."""

    roles = STAFF


class Undo(Command, tag="hands.undo"):
    """Undoes the last taking or lowering by staff: the hands go back to the places they had."""

    roles = STAFF


class HandRaised(Event, tag="hands.raised"):
    """The member's own hand went up; `seat` is where he sat then."""

    seat: Seat


class HandLowered(Event, tag="hands.lowered"):
    """The member took his own hand down."""


class HandTaken(Event, tag="hands.taken"):
    """`member` has the floor and no hand up any more; who had the floor before has it no longer."""

    member: str


class HandsDone(Event, tag="hands.done"):
    """Nobody has the floor."""


class HandPutDown(Event, tag="hands.put_down"):
    """Staff took a hand down."""

    member: str


class HandsLowered(Event, tag="hands.all_lowered"):
    """Staff took all hands down."""


class HandsUndone(Event, tag="hands.undone"):
    """The last taking or lowering by staff was taken back."""


commands = (Raise, Lower, Take, Done, PutDown, LowerAll, Undo)
events = (HandRaised, HandLowered, HandTaken, HandsDone, HandPutDown, HandsLowered, HandsUndone)
watches = (MediaEntered, MemberCame, MemberWent, MemberSeated, MemberRenamed, MemberPromoted, MemberRemoved)
contributions = (HandRaised, HandLowered)


def decide(state: State, command: Command, act: Act) -> Iterable[Event]:
    match command:
        case Raise() if act.by.id not in state.hands:
            yield HandRaised(seat=act.by.seat)
        case Lower() if act.by.id in state.hands:
            yield HandLowered()
        case Take():
            yield HandTaken(member=_chosen(state, command.member))
        case Done() if state.floor:
            if act.by.role is Role.student and state.floor.hand.member != act.by.id:
                raise Refused("not_allowed")
            yield HandsDone()
        case PutDown() if command.member in state.hands:
            yield HandPutDown(member=command.member)
        case LowerAll() if state.hands:
            yield HandsLowered()
        case Undo() if state.undo:
            yield HandsUndone()


def _chosen(state: State, named: str | None) -> str:
    if named is None:
        hand = next_up(state)
        if hand is None:
            raise Refused("hands.none_up")
        return hand.member
    if named not in state.hands:
        raise Refused("hands.not_up")
    return named


def fold(state: State, event: Event, fact: Fact) -> None:
    match event:
        case HandRaised():
            _raise(state, fact.by, event.seat, fact.at)
        case HandLowered():
            drop(state, fact.by)
        case HandTaken():
            _take(state, event.member, fact.at)
        case HandsDone():
            state.floor = state.undo = None
        case HandPutDown():
            _lower(state, [event.member])
        case HandsLowered():
            _lower(state, list(state.hands))
        case HandsUndone():
            put_back(state)
        case MediaEntered(group=0):
            serve(state, fact.by, fact.at)
        case _:
            _fold_member(state, event)


def _raise(state: State, member: str, seat: Seat, at: int) -> None:
    if member not in state.hands:
        state.issued += 1
        state.tickets[member] = state.issued
        put(state, Hand(member, seat, at, state.issued))


def _take(state: State, member: str, at: int) -> None:
    hand = state.hands.get(member)
    if hand is None:
        return
    before, state.floor = state.floor, take(state, hand, at)
    state.undo = Deed((hand,), before, taken=state.floor)


def _lower(state: State, members: list[str]) -> None:
    lowered = tuple(hand for m in members if (hand := drop(state, m)))
    if lowered:
        state.undo = Deed(lowered, state.floor)


def _fold_member(state: State, event: Event) -> None:
    match event:
        case MemberCame() | MemberWent() if hand := state.hands.get(event.id):
            drop(state, event.id)
            put(state, hand.with_away(isinstance(event, MemberWent)))
        case MemberSeated():
            reseat(state, event.id, event.seat)
        case MemberPromoted() if event.role is not Role.student:
            _forget(state, event.id)
        case MemberRemoved():
            _forget(state, event.id)


def _forget(state: State, member: str) -> None:
    """Neither a hand nor the floor, and no undo that would bring them back."""
    drop(state, member)
    if state.floor and state.floor.hand.member == member:
        state.floor = None
    if state.undo:
        state.undo = state.undo.without(member)


def concerns(state: State, event: Event) -> Iterable[str] | None:
    match event:
        case HandTaken() | HandPutDown():
            return (event.member,)
        case MediaEntered(group=0):
            return (state.came,)
        case MemberRemoved() | MemberPromoted():
            return (event.id,)
        case HandsLowered() | HandsUndone():
            return None
    return ()
