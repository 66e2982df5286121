"""The queue of hands and its order. Fair-next: *the oldest hand goes next, unless the other seat is behind; then that
seat's oldest goes, at most PATIENCE times in a row.*

A seat is behind when the median of its waits so far (from hand up to floor) is over BEHIND times the other's, or when
it was never served and the other was. Members who are away keep their place but are passed over. What this guarantees:

- Of those who are here, the oldest hand is passed over at most PATIENCE times: who has k hands before him when his
  goes up has the floor after at most (k + 1) * (PATIENCE + 1) takings, whatever the other seat does.
- Within a seat the order is that of raising.
- Where hands of both seats stand together (a question to the class, say) and each seat has at least a fifth of them,
  the medians are steered together and stay within 1.25 of each other in the long run; first-come reaches 2 to 4 there,
  for the link makes remote hands late. Where hands come one by one there is nothing to choose, and nothing is promised.

It looks at the log alone, never at the clock: the next hand changes only when a hand changes."""

from __future__ import annotations

from bisect import bisect_left, insort
from heapq import merge
from itertools import islice

from msgspec import Struct, field, structs

from mingtang.core.member import Seat

BEHIND = 1.1
PATIENCE = 2


class Hand(Struct, frozen=True):
    """`raised` in ms UTC; `ticket` counts all hands of the lesson, so it tells age without telling whose it is."""

    member: str
    seat: Seat
    raised: int
    ticket: int
    away: bool = False

    def with_away(self, away: bool) -> Hand:
        return structs.replace(self, away=away)


class Floor(Struct, frozen=True):
    """Who speaks, since when, and how many hands in a row had passed over the oldest before this one was taken."""

    hand: Hand
    since: int
    passed: int


class Deed(Struct, frozen=True):
    """What staff did last, as far as undoing needs it. `taken` is set when it was a taking."""

    hands: tuple[Hand, ...]
    before: Floor | None
    taken: Floor | None = None

    def without_hand(self, member: str) -> Deed | None:
        """The same, but the member's hand stays down; None when nothing is left to undo."""
        hands = tuple(h for h in self.hands if h.member != member)
        return structs.replace(self, hands=hands) if hands else None

    def without(self, member: str) -> Deed | None:
        """The same with nothing of the member in it."""
        kept = self.without_hand(member)
        before = None if self.before and self.before.hand.member == member else self.before
        return structs.replace(kept, before=before) if kept else None


def _per_seat() -> dict[Seat, list[int]]:
    return {seat: [] for seat in Seat}


class State(Struct):
    """`line` holds, by seat, the tickets of those who are here, ascending; `waits` the waits served in ms, too. `came`
    is who came on the stage last."""

    hands: dict[str, Hand] = field(default_factory=dict)
    holders: dict[int, str] = field(default_factory=dict)
    tickets: dict[str, int] = field(default_factory=dict)
    line: dict[Seat, list[int]] = field(default_factory=_per_seat)
    waits: dict[Seat, list[int]] = field(default_factory=_per_seat)
    issued: int = 0
    passed: int = 0
    floor: Floor | None = None
    undo: Deed | None = None
    came: str = ""


def put(state: State, hand: Hand) -> None:
    state.hands[hand.member] = hand
    state.holders[hand.ticket] = hand.member
    if not hand.away:
        insort(state.line[hand.seat], hand.ticket)


def drop(state: State, member: str) -> Hand | None:
    hand = state.hands.pop(member, None)
    if hand is not None:
        del state.holders[hand.ticket]
        if not hand.away:
            _remove(state.line[hand.seat], hand.ticket)
    return hand


def reseat(state: State, member: str, seat: Seat) -> None:
    """A hand goes along with its member, keeping its age."""
    hand = drop(state, member)
    if hand is not None:
        put(state, structs.replace(hand, seat=seat))


def take(state: State, hand: Hand, at: int) -> Floor:
    """Counts the wait and whether the oldest hand was passed over."""
    floor = Floor(hand, max(at, hand.raised), state.passed)
    state.passed = _passed(state, hand, state.passed)
    insort(state.waits[hand.seat], floor.since - hand.raised)
    drop(state, hand.member)
    return floor


def serve(state: State, member: str, at: int) -> None:
    """Who comes on the stage is called by that, and the floor stays with whom it is. What staff did before can still be
    undone, as if it had not been; only his own hand stays down."""
    hand, deed = state.hands.get(member), state.undo
    state.came = member
    if hand and deed and deed.taken:
        passed = _passed(state, hand, deed.taken.passed, deed.taken.hand)
        deed = structs.replace(deed, taken=structs.replace(deed.taken, passed=passed))
    if hand:
        take(state, hand, at)
    state.undo = deed and deed.without_hand(member)


def put_back(state: State) -> None:
    """Undoes the last deed. Who has put his hand up again since keeps the new one."""
    deed, state.undo = state.undo, None
    if deed is None:
        return
    if deed.taken:
        hand = deed.taken.hand
        _remove(state.waits[hand.seat], deed.taken.since - hand.raised)
        state.passed, state.floor = deed.taken.passed, deed.before
    for hand in deed.hands:
        if hand.member not in state.hands:
            state.tickets[hand.member] = hand.ticket
            put(state, hand)


def next_up(state: State) -> Hand | None:
    """Who has the floor next by the fair order; who is away only when nobody else is left."""
    heads = sorted((line[0], seat) for seat, line in state.line.items() if line)
    if not heads:
        return min(state.hands.values(), key=lambda h: h.ticket, default=None)
    ticket, seat = heads[0]
    if len(heads) == 2 and state.passed < PATIENCE and _is_behind(state, heads[1][1], seat):
        ticket = heads[1][0]
    return state.hands[state.holders[ticket]]


def first(state: State, most: int) -> list[Hand]:
    """The next hand, then the others by age, those of members who are here; at most `most`."""
    chosen = next_up(state)
    ages = islice(merge(*(islice(line, most) for line in state.line.values())), most)
    hands = [state.hands[state.holders[t]] for t in ages]
    if chosen is None or chosen.away:
        return hands
    return [chosen, *(h for h in hands if h is not chosen)][:most]


def _passed(state: State, hand: Hand, before: int, *others: Hand) -> int:
    """How many in a row have passed over the oldest, others who would be up included, once `hand` is called."""
    ages = [line[0] for line in state.line.values() if line] + [other.ticket for other in others if not other.away]
    return before + 1 if ages and min(ages) < hand.ticket else 0


def median(waits: list[int]) -> int | None:
    """Of an ascending list; None when it is empty."""
    middle = len(waits) // 2
    return None if not waits else waits[middle] if len(waits) % 2 else (waits[middle - 1] + waits[middle]) // 2


def _is_behind(state: State, seat: Seat, other: Seat) -> bool:
    its, others = median(state.waits[seat]), median(state.waits[other])
    if its is None or others is None:
        return its is None and others is not None
    return its > BEHIND * others


def _remove(ascending: list[int], value: int) -> None:
    place = bisect_left(ascending, value)
    if place < len(ascending) and ascending[place] == value:
        del ascending[place]
