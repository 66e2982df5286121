"""Staff see votes, proposal and shift as they come. Others see the question once it is asked and results while they are
shown; a student sees whom he talks with and what they write, and never what the other chose."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Literal, NotRequired, TypedDict, cast

from mingtang.activities.peer.facts import Decision, Item, Round, Stage, State
from mingtang.activities.peer.talk import Talk
from mingtang.core.member import STAFF, People, Role, Seat
from mingtang.core.patch import Json

# Below the first share it was too hard to talk about, above the second too easy (Crouch & Mazur 2001).
LOW, HIGH = 35, 70


class PeerSeats(TypedDict):
    room: int
    remote: int


class PeerRound(TypedDict):
    """Staff always, others while results are shown. `before`: the round it is compared with. `seats`, `waiting` (here,
    without an answer), `opened` and `closed`: staff only."""

    answered: int
    counts: dict[str, int]
    before: NotRequired[str]
    seats: NotRequired[PeerSeats]
    waiting: NotRequired[PeerSeats]
    opened: NotRequired[int]
    closed: NotRequired[int]


class PeerProposal(TypedDict):
    """`share` is the part of answers that were right, 0 to 1."""

    share: float
    act: Literal["reteach", "discuss", "explain"]


class PeerPlan(TypedDict):
    """Pairs and threes; how many of both disagree, and how many join room and remote."""

    pairs: int
    threes: int
    differ: int
    mixed: int


class PeerTalk(TypedDict):
    started: int
    until: int


class PeerCompare(TypedDict):
    """Between two rounds: shares right (0 to 1), from each answer to each for those who gave both, and the normalised
    gain (p2 - p1) / (1 - p1), absent when all were right before."""

    first: str
    second: str
    p1: float
    p2: float
    shift: dict[str, dict[str, int]]
    gain: NotRequired[float]


class PeerLate(TypedDict):
    """How many answered after the lesson, and how many of them were right."""

    answered: int
    right: int


class PeerItem(TypedDict):
    """`answered` of `of` people: staff, wall and observers. `locked`: somebody has voted."""

    text: str
    options: dict[str, str]
    stage: Stage
    round: NotRequired[str]
    shown: NotRequired[bool]
    right: NotRequired[str]
    talk: NotRequired[PeerTalk]
    answered: NotRequired[int]
    of: NotRequired[int]
    rounds: NotRequired[dict[str, PeerRound]]
    compare: NotRequired[PeerCompare]
    proposal: NotRequired[PeerProposal]
    plan: NotRequired[PeerPlan]
    settled: NotRequired[Decision]
    locked: NotRequired[bool]
    late: NotRequired[PeerLate]


class PeerMate(TypedDict):
    """`away`: has left and may come back."""

    name: str
    seat: Seat
    away: NotRequired[bool]


class PeerMessage(TypedDict):
    """`by` is a key of the mates; absent when it is one's own."""

    text: str
    at: int
    by: NotRequired[str]


class PeerGroup(TypedDict):
    """`moved`: the one talked with before has left, these are others."""

    mates: dict[str, PeerMate]
    said: dict[str, PeerMessage]
    moved: NotRequired[bool]


class PeerOwn(TypedDict):
    """One's own answers by round, and one's group while it talks. After the lesson the `late` answer, and with it what
    was `right`."""

    answers: NotRequired[dict[str, str]]
    late: NotRequired[str]
    right: NotRequired[str]
    talk: NotRequired[PeerGroup]


def view(state: State, role: Role, part: str, people: People) -> Json | None:
    if part != "peer":
        return None
    eyes = "staff" if role in STAFF else "student" if role is Role.student else "wall"
    return {id: _kept(state, item, eyes) for id, item in state.items.items() if item.asked or eyes == "staff"}


def _kept(state: State, item: Item, eyes: str) -> Json:
    if eyes not in item.seen:
        item.seen[eyes] = _item(state, item, eyes)
    return cast(Json, item.seen[eyes])


def _item(state: State, item: Item, eyes: str) -> PeerItem:
    staff = eyes == "staff"
    seen = _asked(item)
    if item.rounds and eyes != "student":
        last = item.rounds[-1].turnout
        seen["answered"] = last.total
        seen["of"] = last.total + sum(last.waiting(state.audience).values())
    if staff or (item.shown and item.rounds):
        seen["rounds"] = {str(n): _round(item, r) for n, r in enumerate(item.rounds, 1)}
    if staff or (item.shown and item.told):
        seen["right"] = item.question.right
        if compared := _compare(item):
            seen["compare"] = compared
    if staff:
        _for_staff(seen, state, item)
    return seen


def _asked(item: Item) -> PeerItem:
    options = dict(zip(item.keys, item.question.options, strict=False))
    seen = PeerItem(text=item.question.text, options=options, stage=item.stage)
    if item.rounds:
        seen["round"] = item.round
    if item.shown:
        seen["shown"] = True
    if item.talk and item.talk.running:
        seen["talk"] = PeerTalk(started=item.talk.started, until=item.talk.until)
    return seen


def _round(item: Item, round: Round) -> PeerRound:
    counts = {key: round.counts.get(key, 0) for key in item.keys}
    seen = PeerRound(answered=round.turnout.total, counts=counts)
    if round.before:
        seen["before"] = str(round.before)
    return seen


def _compare(item: Item) -> PeerCompare | None:
    """The last round that followed a talk, against the one before it; None before both have answers."""
    number = next((n for n in range(len(item.rounds), 0, -1) if item.rounds[n - 1].before), 0)
    if not number:
        return None
    second = item.rounds[number - 1]
    first = item.rounds[second.before - 1]
    (r1, n1), (r2, n2) = _share(item, first), _share(item, second)
    if not n1 or not n2:
        return None
    shift = {a: {b: n for b, n in row.items() if n} for a, row in second.shift.items() if any(row.values())}
    seen = PeerCompare(
        first=str(second.before), second=str(number), p1=round(r1 / n1, 4), p2=round(r2 / n2, 4), shift=shift
    )
    if r1 < n1:
        seen["gain"] = round((r2 * n1 - r1 * n2) / (n2 * (n1 - r1)), 4)
    return seen


def _share(item: Item, round: Round) -> tuple[int, int]:
    """How many were right, of how many."""
    return round.counts.get(item.question.right, 0), round.turnout.total


def _for_staff(seen: PeerItem, state: State, item: Item) -> None:
    if item.votes:
        seen["locked"] = True
    if item.settled:
        seen["settled"] = item.settled
    if item.late:
        right = sum(answer == item.question.right for answer in item.late.values())
        seen["late"] = PeerLate(answered=len(item.late), right=right)
    for number, round in enumerate(item.rounds, 1):
        row = seen["rounds"][str(number)]
        row["opened"] = round.opened
        row["seats"] = _seats(round.turnout.answered)
        row["waiting"] = _seats(round.turnout.waiting(state.audience))
        if round.closed:
            row["closed"] = round.closed
    if item.rounds and not item.open:
        seen["plan"] = cast(PeerPlan, {name: getattr(item.plan, name) for name in item.plan.__struct_fields__})
        if proposal := _proposal(item):
            seen["proposal"] = proposal


def _proposal(item: Item) -> PeerProposal | None:
    right, of = _share(item, item.rounds[-1])
    if not of:
        return None
    act: Any = "reteach" if 100 * right < LOW * of else "explain" if 100 * right > HIGH * of else "discuss"
    return PeerProposal(share=round(right / of, 4), act=act)


def _seats(count: dict[Seat, int]) -> PeerSeats:
    return PeerSeats(room=count[Seat.room], remote=count[Seat.remote])


def mine(state: State, member: str, people: People) -> Json:
    seen: dict[str, PeerOwn] = {
        id: {"answers": said} for id, item in state.items.items() if (said := item.votes.get(member))
    }
    for id, talk in state.talks.items():
        if member in talk.of:
            seen.setdefault(id, {})["talk"] = _group(talk, member, people)
    for id, item in state.items.items():
        if late := item.late.get(member):
            own = seen.setdefault(id, {})
            own["late"], own["right"] = late, item.question.right
    return cast(Json, seen)


def _group(talk: Talk, member: str, people: People) -> PeerGroup:
    group = talk.groups[talk.of[member]]
    first = group.members[member].first
    keys = {mate: place.key for mate, place in group.members.items() if mate != member}
    said: dict[str, PeerMessage] = {}
    for number, message in group.said.items():
        if number >= first:
            said[str(number)] = PeerMessage(text=message.text, at=message.at)
            if message.by != member:
                # Who has been moved to another group meanwhile is no mate any more.
                said[str(number)]["by"] = keys.get(message.by, "0")
    seen = PeerGroup(mates={key: _mate(people, mate, group.away) for mate, key in keys.items()}, said=said)
    if member in talk.moved:
        seen["moved"] = True
    return seen


def _mate(people: People, mate: str, away: set[str]) -> PeerMate:
    seen = PeerMate(name=people.name(mate), seat=people.members[mate].seat)
    if mate in away:
        seen["away"] = True
    return seen


def secrets(state: State) -> Iterable[str]:
    for item in state.items.values():
        if not item.asked:
            yield item.question.text
            yield from item.question.options
        if item.talk:
            yield from (said.text for group in item.talk.groups.values() for said in group.said.values())
