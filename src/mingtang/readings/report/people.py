"""Each student with what he did under his name, and the seats beside one another.

Nothing here tells what was meant to be nobody's: marks on pages, anonymous questions, answers in anonymous polls. Of
those only numbers are given, and by seat only where each seat has people enough to hide among."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Any

from msgspec import Struct

from mingtang.activities.attendance.export import minutes
from mingtang.core.event import Fact
from mingtang.core.lesson import Lesson
from mingtang.core.member import Seat
from mingtang.readings.report.ledger import Ledger
from mingtang.readings.report.model import Parity, Person, Side, Sources
from mingtang.readings.report.pages import FEW
from mingtang.readings.report.presence import here, students
from mingtang.readings.report.rounds import Put
from mingtang.readings.report.voices import HANDS, Raised, median

CLOSED = ("poll.closed", "peer.closed")
OPENED = ("poll.opened", "peer.opened")


class Missed:
    """Who was here and had not answered, at the last closing of each round."""

    def __init__(self) -> None:
        self._closed: dict[tuple[str, str, int], frozenset[str]] = {}
        self._before: dict[tuple[str, str], tuple[bool, int]] = {}

    def take(self, lesson: Lesson, fact: Fact) -> None:
        """After the fact was folded. A new round closes the one that is still open."""
        if fact.kind not in CLOSED and fact.kind not in OPENED:
            return
        kind, id = fact.kind.partition(".")[0], str(getattr(fact.event, "id", ""))
        item = lesson.states[kind].items.get(id)
        if item is None:
            return
        was_open, last = self._before.get((kind, id), (False, 0))
        now = len(item.rounds)
        if was_open and (fact.kind in CLOSED or now > last):
            self._close(lesson, kind, id, item, last)
        elif not was_open:
            self._closed.pop((kind, id, now), None)  # opened again: it will close again
        self._before[kind, id] = (bool(item.open), now)

    def _close(self, lesson: Lesson, kind: str, id: str, item: Any, number: int) -> None:
        answered = item.rounds[number - 1].turnout.seats
        self._closed[kind, id, number] = frozenset(m for m in here(lesson) if m not in answered)

    def of(self, lesson: Lesson, one: Put, number: int) -> frozenset[str]:
        closed = self._closed.get((one.kind, one.id, number))
        if closed is not None:
            return closed
        answered = one.item.rounds[number - 1].turnout.seats
        return frozenset(m for m in here(lesson) if m not in answered)


class Count(Struct):
    answered: int = 0
    expected: int = 0
    right: int = 0
    right_of: int = 0


def counts(lesson: Lesson, questions: list[Put], missed: Missed) -> dict[str, Count]:
    """By member: answers given of those expected, and right ones in polls by name."""
    found: dict[str, Count] = {}
    for one in questions:
        named = not getattr(one.item.question, "anonymous", True)
        for number, votes in one.votes.items():
            for member in votes:
                _answered(found.setdefault(member, Count()), one, number, member, named)
            for member in missed.of(lesson, one, number) - votes.keys():
                found.setdefault(member, Count()).expected += 1
    return found


def _answered(count: Count, one: Put, number: int, member: str, named: bool) -> None:
    count.answered += 1
    count.expected += 1
    if named and one.right:
        count.right_of += 1
        count.right += one.right[number][member]


class Deeds(Struct):
    """What else students did, by member."""

    floor: set[str]
    raised: dict[str, int]
    asked: dict[str, list[str]]
    strokes: dict[str, int]


def deeds(lesson: Lesson, raised: Raised, strokes: Counter[str]) -> Deeds:
    called = {id for id, row in lesson.states["call"].rows.items() if row.get("heard")}
    asked: dict[str, list[str]] = {}
    for question in lesson.states["questions"].questions.values():
        if not question.anonymous and question.stand != "withdrawn":
            asked.setdefault(question.by, []).append(question.id)
    return Deeds({turn.member for turn in raised.turns} | called, dict(raised.by_member), asked, dict(strokes))


def persons(lesson: Lesson, until: int, counted: dict[str, Count], done: Deeds, ledger: Ledger) -> list[Person]:
    rows = [_person(lesson, id, row, until, counted, done, ledger) for id, row in students(lesson).items()]
    return sorted(rows, key=lambda one: (one.name.casefold(), one.id))


def _person(
    lesson: Lesson, id: str, row: dict[str, Any], until: int, counted: dict[str, Count], done: Deeds, ledger: Ledger
) -> Person:
    count, asked = counted.get(id, Count()), done.asked.get(id, [])
    floor, raised, strokes = id in done.floor, done.raised.get(id, 0), done.strokes.get(id, 0)
    return Person(
        id=id,
        name=lesson.people.name(id),
        seat=lesson.people.members[id].seat.value,
        came=row["from"],
        last=until if "since" in row else row.get("to"),
        minutes=minutes(row, until),
        answered=count.answered,
        expected=count.expected,
        right=count.right,
        right_of=count.right_of,
        raised=raised,
        floor=int(floor),
        asked=len(asked),
        strokes=strokes,
        took_part=bool(count.answered or raised or floor or asked or strokes),
        proven="proven" in row,
        removed=lesson.people.members[id].removed,
        source=_sources(id, asked, ledger),
    )


def _sources(id: str, asked: Iterable[str], ledger: Ledger) -> Sources:
    """Only what bears a name: how many events of anonymous kinds somebody made is nobody's to know."""
    presence = ledger.of("member.joined", "member.came", "member.went", id=id)
    kinds = ("poll.voted", "peer.voted", "hands.raised", "media.entered", "ink.drawn")
    acts = [source for kind in kinds for source in ledger.of(kind, by=id)]
    floor = ledger.of("hands.taken", "call.drawn", member=id)
    return [*presence, *acts, *floor, *(s for one in asked for s in ledger.of("questions.asked", id=one))]


def parity(
    lesson: Lesson, questions: list[Put], people: list[Person], raised: Raised, asked: Counter[Seat],
    lost: Counter[Seat], ledger: Ledger,
) -> Parity:  # fmt: skip
    hide = min(sum(p.seat == seat for p in people) for seat in Seat) < FEW
    room, remote = (
        _side(lesson, seat, questions, people, raised, None if hide else asked[seat], None if hide else lost[seat])
        for seat in Seat
    )
    votes = ledger.of("poll.voted", "peer.voted", "poll.closed", "peer.closed")
    others = ledger.of("questions.asked", "pace.marked") if not hide else []
    return Parity(room=room, remote=remote, source=[*votes, *ledger.of(*HANDS), *others])


def _side(
    lesson: Lesson, seat: Seat, questions: list[Put], people: list[Person], raised: Raised, asked: int | None,
    lost: int | None,
) -> Side:  # fmt: skip
    own = [person for person in people if person.seat == seat]
    answered, missing, right, right_of = _votes(lesson, seat, questions)
    waits = [turn.waited for turn in raised.turns if turn.seat is seat]
    return Side(
        people=len(own),
        took_part=sum(person.took_part for person in own),
        answered=answered,
        expected=answered + missing,
        floor=sum(person.floor for person in own),
        right=right,
        right_of=right_of,
        median=median(waits),
        asked=asked,
        lost=lost,
    )


def _votes(lesson: Lesson, seat: Seat, questions: list[Put]) -> tuple[int, int, int, int]:
    """Answers, missing ones, right ones in last votes, of so many; each by the seat it was given at."""
    answered = missing = right = right_of = 0
    for one in questions:
        audience = lesson.states[one.kind].audience
        for round in one.item.rounds:
            answered += round.turnout.answered[seat]
            missing += round.turnout.waiting(audience)[seat]
        if one.right and one.last:
            seats = one.item.rounds[one.last - 1].turnout.seats
            marks = [mark for member, mark in one.right[one.last].items() if seats.get(member) is seat]
            right, right_of = right + sum(marks), right_of + len(marks)
    return answered, missing, right, right_of
