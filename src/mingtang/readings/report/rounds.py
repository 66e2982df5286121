"""One question's rounds of voting, and how answers shifted from one to the next."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple

from mingtang.activities.poll.facts import Item as PollItem
from mingtang.activities.poll.question import CHOICES, WRITTEN, PollForm, is_right, keys
from mingtang.core.audience import Audience
from mingtang.core.member import Seat
from mingtang.readings.report.ledger import Ledger
from mingtang.readings.report.model import Numbers, RoundFigures, Seats, Shift, Sources, Written, share

MOST_WRITTEN = 40
SINGLE = CHOICES - {PollForm.multiple}


class Put(NamedTuple):
    """A question of either kind, seen alike. `votes`: by round (from 1), then by member."""

    id: str
    kind: str
    item: Any
    votes: dict[int, dict[str, Any]]
    right: dict[int, dict[str, bool]] | None

    @property
    def first(self) -> int:
        """The first round in which anybody answered; 0 when there is none."""
        return next((n for n, said in self.votes.items() if said), 0)

    @property
    def last(self) -> int:
        return next((n for n in reversed(self.votes) if self.votes[n]), 0)

    def rights(self, round: int) -> int:
        return sum(self.right[round].values()) if self.right else 0


def put(id: str, kind: str, item: Any) -> Put:
    votes: dict[int, dict[str, Any]] = {n: {} for n in range(1, len(item.rounds) + 1)}
    for member in sorted(item.votes):
        for number, answer in item.votes[member].items():
            votes[int(number)][member] = answer
    return Put(id, kind, item, votes, _right(kind, item, votes))


def _right(kind: str, item: Any, votes: dict[int, dict[str, Any]]) -> dict[int, dict[str, bool]] | None:
    """Who was right, by round; None for a question without a right answer."""
    right = item.question.right
    if right is None:
        return None
    if kind == "peer":
        return {n: {member: answer == right for member, answer in said.items()} for n, said in votes.items()}
    return {n: {m: is_right(item.question, answer) for m, answer in said.items()} for n, said in votes.items()}


def rounds(one: Put, audience: Audience, ledger: Ledger) -> list[RoundFigures]:
    return [_round(one, number, audience, ledger) for number in one.votes]


def _round(one: Put, number: int, audience: Audience, ledger: Ledger) -> RoundFigures:
    round = one.item.rounds[number - 1]
    answered = len(one.votes[number])
    right = None if one.right is None else one.rights(number)
    return RoundFigures(
        n=number,
        opened=round.opened,
        closed=round.closed or None,
        before=getattr(round, "before", 0) or None,
        answered=_seats(round.turnout.answered),
        missing=_seats(round.turnout.waiting(audience)),
        counts=_counts(one, number),
        right=right,
        share=None if right is None else share(right, answered),
        numbers=_numbers(one, number),
        written=_written(one, round),
        source=_sources(one, [number], ledger),
    )


def _seats(count: dict[Seat, int]) -> Seats:
    return Seats(room=count[Seat.room], remote=count[Seat.remote])


def _sources(one: Put, numbers: Iterable[int], ledger: Ledger) -> Sources:
    voted = [s for n in numbers for s in ledger.of(f"{one.kind}.voted", id=one.id, round=n)]
    around = (f"{one.kind}.{what}" for what in ("made", "edited", "marked", "merged", "split_up", "struck", "restored"))
    return [*ledger.of(f"{one.kind}.opened", f"{one.kind}.closed", id=one.id), *voted, *ledger.of(*around, id=one.id)]


def options(one: Put) -> dict[str, str] | None:
    """What could be chosen, by key; None where answers are written or typed."""
    question = one.item.question
    if one.kind == "peer":
        return dict(zip(one.item.keys, question.options, strict=False))
    if question.form not in CHOICES:
        return None
    return {key: question.options[n] if question.options else key for n, key in enumerate(keys(question))}


def right_answers(one: Put) -> list[str] | None:
    right = one.item.question.right
    if right is None:
        return None
    return [str(each) for each in right] if isinstance(right, list) else [_say(right)]


def _say(answer: Any) -> str:
    return f"{answer:g}" if isinstance(answer, float) else str(answer)


def _counts(one: Put, number: int) -> dict[str, int] | None:
    known = options(one)
    if known is None:
        return None
    counts = dict.fromkeys(known, 0)
    for answer in one.votes[number].values():
        for key in answer:  # a list of keys, or the one letter of peer instruction
            counts[key] = counts.get(key, 0) + 1
    return counts


def _numbers(one: Put, number: int) -> Numbers | None:
    if one.kind == "peer" or one.item.question.form is not PollForm.number:
        return None
    given = sorted(float(answer) for answer in one.votes[number].values() if isinstance(answer, (int, float)))
    if not given:
        return None
    middle = (given[(len(given) - 1) // 2] + given[len(given) // 2]) / 2
    return Numbers(mean=round(sum(given) / len(given), 4), median=round(middle, 4), least=given[0], most=given[-1])


def _written(one: Put, round: Any) -> list[Written] | None:
    if one.kind == "peer" or one.item.question.form not in WRITTEN:
        return None
    entries = one.item.entries
    top = round.ranking.top(MOST_WRITTEN, entries.struck)
    return [Written(text=entries.texts[entry], n=round.ranking.counts[entry]) for entry in top]


def shifts(one: Put, ledger: Ledger) -> list[Shift]:
    """Between a talk's two votes; of a poll between each round and the one before. Only where both have answers."""
    pairs = ((n if one.kind == "poll" else one.item.rounds[n].before, n + 1) for n in range(len(one.item.rounds)))
    return [
        _shift(one, first, second, ledger)
        for first, second in pairs
        if first and one.votes[first] and one.votes[second]
    ]


def _shift(one: Put, first: int, second: int, ledger: Ledger) -> Shift:
    moves: dict[str, dict[str, int]] = {}
    for member, before in one.votes[first].items():
        if member in one.votes[second]:
            row = moves.setdefault(_named(one, first, member, before), {})
            after = _named(one, second, member, one.votes[second][member])
            row[after] = row.get(after, 0) + 1
    gain = None if one.right is None else _gain(one, first, second)
    return Shift(first=first, second=second, moves=moves, gain=gain, source=_sources(one, [first, second], ledger))


def _named(one: Put, round: int, member: str, answer: Any) -> str:
    """By option where one is chosen, else by whether it was right; "" where there is no right."""
    if one.kind == "peer":
        return str(answer)
    if isinstance(one.item, PollItem) and one.item.question.form in SINGLE and isinstance(answer, list):
        return str(answer[0])
    return "" if one.right is None else ("right" if one.right[round][member] else "wrong")


def _gain(one: Put, first: int, second: int) -> float | None:
    """Hake 1998: of what could be gained, how much was. In whole numbers up to the one division."""
    r1, n1, r2, n2 = one.rights(first), len(one.votes[first]), one.rights(second), len(one.votes[second])
    return round((r2 * n1 - r1 * n2) / (n2 * (n1 - r1)), 4) if r1 < n1 else None
