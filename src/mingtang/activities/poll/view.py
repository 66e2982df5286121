"""Staff see everything. Others see a question once it is asked, results while they are shown, the right answer once it
is revealed; and who answered what is staff's alone to see, in a named poll."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Literal, NotRequired, TypedDict, cast

from mingtang.activities.poll.facts import Item, State
from mingtang.activities.poll.question import CHOICES, WRITTEN, Answer, PollForm, is_right, keys
from mingtang.activities.poll.tally import Round
from mingtang.core.member import STAFF, People, Role, Seat
from mingtang.core.patch import Json

# What fits on a wall, and more than anybody reads there.
TOP = 40


class PollSeats(TypedDict):
    room: int
    remote: int


class PollEntry(TypedDict):
    """`struck`: not shown to anybody; `into`: counted as that other entry."""

    text: str
    n: int
    struck: NotRequired[bool]
    into: NotRequired[str]


class PollHistogram(TypedDict):
    """Bin i of `bins` holds start + i·width ≤ x < start + (i+1)·width; `whole`: it is the number start + i."""

    start: float
    width: float
    size: int
    whole: NotRequired[bool]
    bins: dict[str, int]
    below: NotRequired[int]
    above: NotRequired[int]


class PollRound(TypedDict):
    """Staff always, others while results are shown. `right`: how many were right; `more`: entries beyond the first
    ones; `seats`, `waiting` (here, without an answer), `opened` and `closed`: staff only."""

    answered: int
    counts: NotRequired[dict[str, int]]
    entries: NotRequired[dict[str, PollEntry]]
    more: NotRequired[int]
    histogram: NotRequired[PollHistogram]
    right: NotRequired[int]
    seats: NotRequired[PollSeats]
    waiting: NotRequired[PollSeats]
    opened: NotRequired[int]
    closed: NotRequired[int]


class PollLate(TypedDict):
    """How many answered after the lesson, and how many of them were right where something is right."""

    answered: int
    right: NotRequired[int]


class PollItem(TypedDict):
    """`answered` of `of` people: staff, wall and observers, while there is a round. `locked`: somebody has voted."""

    form: PollForm
    text: str
    state: Literal["draft", "asked", "open", "closed"]
    options: NotRequired[dict[str, str]]
    scale: NotRequired[int]
    named: NotRequired[bool]
    shown: NotRequired[bool]
    revealed: NotRequired[bool]
    right: NotRequired[Answer]
    tolerance: NotRequired[float]
    round: NotRequired[str]
    until: NotRequired[int]
    answered: NotRequired[int]
    of: NotRequired[int]
    rounds: NotRequired[dict[str, PollRound]]
    limit: NotRequired[int]
    locked: NotRequired[bool]
    late: NotRequired[PollLate]


class PollNames(TypedDict):
    """Member ids, then rounds, then what was answered."""

    answers: dict[str, dict[str, Answer]]


class PollEntries(TypedDict):
    """All entries of the last round."""

    entries: dict[str, PollEntry]


def parts(state: State, role: Role) -> list[str]:
    if role not in STAFF:
        return ["poll"]
    named = [f"poll/names/{id}" for id, item in state.items.items() if not item.question.anonymous]
    written = [f"poll/entries/{id}" for id, item in state.items.items() if item.question.form in WRITTEN]
    return ["poll", *named, *written]


def view(state: State, role: Role, part: str, people: People) -> Json | None:
    if part == "poll":
        return _all(state, role)
    what, _, id = part.removeprefix("poll/").partition("/")
    item = state.items.get(id)
    if role not in STAFF or item is None:
        return None
    if what == "names" and not item.question.anonymous:
        return cast(Json, PollNames(answers=dict(item.votes)))
    if what == "entries" and item.question.form in WRITTEN:
        rows = item.rounds[-1].rows if item.rounds else {}
        return cast(Json, PollEntries(entries=cast("dict[str, PollEntry]", dict(rows))))
    return None


def _all(state: State, role: Role) -> Json:
    eyes = "staff" if role in STAFF else "student" if role is Role.student else "wall"
    items = state.items.items()
    return {id: _kept(state, item, eyes) for id, item in items if item.asked or eyes == "staff"}


def _kept(state: State, item: Item, eyes: str) -> Json:
    if eyes not in item.seen:
        item.seen[eyes] = _item(state, item, eyes)
    return cast(Json, item.seen[eyes])


def _item(state: State, item: Item, eyes: str) -> PollItem:
    staff = eyes == "staff"
    seen = _asked(item)
    if staff or item.revealed:
        _right(seen, item)
    if item.rounds and eyes != "student":
        _progress(seen, state, item)
    if item.rounds and (staff or item.shown):
        told = staff or item.revealed
        seen["rounds"] = {str(n): _round(item, r, told) for n, r in enumerate(item.rounds, 1)}
    if staff:
        _for_staff(seen, state, item)
    return seen


def _asked(item: Item) -> PollItem:
    question = item.question
    running = "open" if item.open else "closed" if item.rounds else "asked" if item.asked else "draft"
    seen = PollItem(form=question.form, text=question.text, state=cast(Any, running))
    if question.options:
        seen["options"] = dict(zip(keys(question), question.options, strict=False))
    if question.form is PollForm.rating:
        seen["scale"] = question.scale
    if not question.anonymous:
        seen["named"] = True
    if item.shown:
        seen["shown"] = True
    if item.rounds:
        seen["round"] = item.round
        if until := item.rounds[-1].until:
            seen["until"] = until
    return seen


def _right(seen: PollItem, item: Item) -> None:
    if item.revealed:
        seen["revealed"] = True
    if item.question.right is not None:
        seen["right"] = item.question.right
        if item.question.tolerance:
            seen["tolerance"] = item.question.tolerance


def _progress(seen: PollItem, state: State, item: Item) -> None:
    last = item.rounds[-1].turnout
    seen["answered"] = last.total
    seen["of"] = last.total + sum(last.waiting(state.audience).values())


def _round(item: Item, round: Round, told: bool) -> PollRound:
    seen = PollRound(answered=round.turnout.total)
    if item.question.form in CHOICES:
        seen["counts"] = {key: round.ranking.counts.get(key, 0) for key in keys(item.question)}
    elif item.question.form in WRITTEN:
        _entries(seen, item, round)
    elif round.histogram.layout:
        seen["histogram"] = _histogram(round)
    if told and item.question.right is not None:
        seen["right"] = round.right
    return seen


def _entries(seen: PollRound, item: Item, round: Round) -> None:
    struck, counts = item.entries.struck, round.ranking.counts
    top = round.ranking.top(TOP, struck)
    seen["entries"] = {entry: PollEntry(text=item.entries.texts[entry], n=counts[entry]) for entry in top}
    if len(top) == TOP and (more := len(counts) - sum(e in counts for e in struck) - TOP):
        seen["more"] = more


def _histogram(round: Round) -> PollHistogram:
    start, width, size, whole = cast(Any, round.histogram.layout)
    bins = round.histogram.bins
    inside = {str(i): bins[i] for i in range(size) if i in bins}
    seen = PollHistogram(start=start, width=width, size=size, bins=inside)
    if whole:
        seen["whole"] = True
    if -1 in bins:
        seen["below"] = bins[-1]
    if size in bins:
        seen["above"] = bins[size]
    return seen


def _for_staff(seen: PollItem, state: State, item: Item) -> None:
    if item.question.limit:
        seen["limit"] = item.question.limit
    if item.votes:
        seen["locked"] = True
    if item.late:
        seen["late"] = _late(item)
    for number, round in enumerate(item.rounds, 1):
        row = seen["rounds"][str(number)]
        row["opened"] = round.opened
        row["seats"] = _seats(round.turnout.answered)
        row["waiting"] = _seats(round.turnout.waiting(state.audience))
        if round.closed:
            row["closed"] = round.closed


def _late(item: Item) -> PollLate:
    late = PollLate(answered=len(item.late))
    if item.question.right is not None:
        late["right"] = sum(is_right(item.question, answer) for answer in item.late.values())
    return late


def _seats(count: dict[Seat, int]) -> PollSeats:
    return PollSeats(room=count[Seat.room], remote=count[Seat.remote])


def mine(state: State, member: str, people: People) -> Json:
    """What this member answered, by poll and round. After the lesson also the late answer, as round `late`, and with it
    what was `right`."""
    return {id: said for id, item in state.items.items() if (said := _own(item, member))}


def _own(item: Item, member: str) -> dict[str, Answer]:
    own = item.votes.get(member, {})
    late = item.late.get(member)
    if late is None:
        return own
    right = item.question.right
    return {**own, "late": late} | ({} if right is None else {"right": right})


def secrets(state: State) -> Iterable[str]:
    for item in state.items.values():
        if not item.asked:
            yield item.question.text
            yield from item.question.options
        if isinstance(item.question.right, str) and not item.revealed:
            yield item.question.right
        yield from (
            text for entry, text in item.entries.texts.items() if not item.shown or entry in item.entries.struck
        )
