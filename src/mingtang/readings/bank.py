"""What a lesson tells of each question it had from its plan: how many answered, the share right in the first round and
in the last, the gain between them, and which wrong answers were taken. A function of the log."""

from __future__ import annotations

from msgspec import Struct

from mingtang.core.lesson import Lesson
from mingtang.readings.following import follow
from mingtang.readings.report.asked import all_put
from mingtang.readings.report.rounds import Put, options, right_answers
from mingtang.stores.reading import LogReader


class Distractor(Struct, omit_defaults=True):
    """A wrong answer, and how many took it in the first round and in the last."""

    key: str
    text: str
    n1: int
    n2: int | None = None


class Told(Struct, omit_defaults=True):
    """Shares are 0 to 1. `p2` and `gain` are told from two rounds on; `gain` is normalised: of what could be gained."""

    p1: float | None = None
    p2: float | None = None
    gain: float | None = None
    distractors: list[Distractor] = []


class Asking(Struct):
    """One question as it was asked; `at` is when its first round was opened, in UTC ms."""

    step: str
    at: int
    answers: int
    told: Told


class History(Struct):
    """`plan` is "" for a lesson that was not begun from one."""

    plan: str
    version: int
    group: str
    asked: list[Asking]


def history(log: LogReader, lesson: str) -> History | None:
    """None for a lesson without a log. Raises Damaged, StoreFailed or Unreadable."""
    found = follow(log, lesson)
    return of_lesson(found.lesson) if found else None


def of_lesson(lesson: Lesson) -> History:
    begun = lesson.states["lesson"]
    put = [one for one in all_put(lesson) if one.first] if begun.plan else []
    return History(begun.plan, begun.version, begun.group, [_asking(one) for one in put])


def _asking(one: Put) -> Asking:
    first, last = one.votes[one.first], one.votes[one.last]
    told = Told(distractors=_distractors(one))
    if one.right:
        told.p1 = round(one.rights(one.first) / len(first), 4)
        if one.last != one.first:
            told.p2 = round(one.rights(one.last) / len(last), 4)
            told.gain = round((told.p2 - told.p1) / (1 - told.p1), 4) if told.p1 < 1 else None
    answered = {member for said in one.votes.values() for member in said}
    return Asking(one.id, one.item.rounds[one.first - 1].opened, len(answered), told)


def _distractors(one: Put) -> list[Distractor]:
    """The options that are not right, in their order."""
    offered, right = options(one), right_answers(one)
    if not offered or right is None:
        return []
    again = one.last != one.first
    return [
        Distractor(key, text, _count(one, one.first, key), _count(one, one.last, key) if again else None)
        for key, text in offered.items()
        if key not in right
    ]


def _count(one: Put, round: int, key: str) -> int:
    return sum(key in answer for answer in one.votes[round].values())
