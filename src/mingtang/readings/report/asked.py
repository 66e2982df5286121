"""The questions that were put to the class, in the order in which they were, and what each tells of the class.

Difficulty is the share right in the first vote. Discrimination is the point-biserial correlation of being right in a
question's first vote with the share right in the first votes of the other questions (corrected: without itself), over
those who answered it and at least one other (Crocker & Algina 1986, ch. 14)."""

from __future__ import annotations

from math import sqrt

from mingtang.activities.poll.question import is_right
from mingtang.core.lesson import Lesson
from mingtang.readings.report.ledger import Ledger
from mingtang.readings.report.model import Asked, Late, Sources, share
from mingtang.readings.report.rounds import Put, options, put, right_answers, rounds, shifts

FEWEST = 10  # a correlation over fewer people says nothing
KINDS = ("poll", "peer")


def all_put(lesson: Lesson) -> list[Put]:
    """Those that were asked, by when their first round was opened; those that never were opened stand last."""
    found = [
        put(id, kind, item) for kind in KINDS for id, item in lesson.states[kind].items.items() if item.asked
    ]  # fmt: skip
    return sorted(found, key=lambda one: one.item.rounds[0].opened if one.item.rounds else lesson.at + 1)


def asked(lesson: Lesson, questions: list[Put], steps: dict[str, int], ledger: Ledger) -> list[Asked]:
    """`steps`: the number of the step that each question stands on, by kind and id."""
    return [_asked(lesson, one, questions, steps, ledger) for one in questions]


def _asked(lesson: Lesson, one: Put, questions: list[Put], steps: dict[str, int], ledger: Ledger) -> Asked:
    first, question = one.first, one.item.question
    compared = sorted(_compared(one, questions))
    return Asked(
        id=one.id,
        kind="poll" if one.kind == "poll" else "peer",
        form=str(getattr(question, "form", "peer")),
        text=question.text,
        step=steps.get(f"{one.kind} {one.id}"),
        options=options(one),
        right=right_answers(one),
        rounds=rounds(one, lesson.states[one.kind].audience, ledger),
        shifts=shifts(one, ledger),
        difficulty=share(one.rights(first), len(one.votes[first])) if first and one.right else None,
        discrimination=_correlation(compared),
        compared=len(compared) or None,
        late=_late(one, ledger),
        source=_sources(one, ledger),
    )


def _sources(one: Put, ledger: Ledger) -> Sources:
    """Discrimination stands on the first votes of all questions; each names its own."""
    first = ledger.of(f"{one.kind}.voted", id=one.id, round=one.first) if one.first else []
    return [*ledger.of(f"{one.kind}.made", f"{one.kind}.asked", f"{one.kind}.marked", id=one.id), *first]


def _compared(one: Put, questions: list[Put]) -> list[tuple[float, bool]]:
    """For each student who can be compared: the share right in the other questions, and whether right in this one."""
    if not one.right or not one.first:
        return []
    others = [other.right[other.first] for other in questions if other is not one and other.right and other.first]
    pairs = []
    for member, right in one.right[one.first].items():
        marks = [other[member] for other in others if member in other]
        if marks:
            pairs.append((sum(marks) / len(marks), right))
    return pairs


def _correlation(pairs: list[tuple[float, bool]]) -> float | None:
    """None over too few people, and where all were right, or wrong, or as good as one another."""
    n, right = len(pairs), sum(right for _, right in pairs)
    if n < FEWEST or right in (0, n):
        return None
    mean = sum(rest for rest, _ in pairs) / n
    spread = sqrt(sum((rest - mean) ** 2 for rest, _ in pairs) / n)
    if spread < 1e-9:
        return None
    above = sum(rest for rest, good in pairs if good) / right - sum(rest for rest, good in pairs if not good) / (
        n - right
    )
    return round(above / spread * sqrt(right * (n - right)) / n, 4)


def _late(one: Put, ledger: Ledger) -> Late | None:
    """Answers from the replay, after the end."""
    given = one.item.late
    if not given:
        return None
    right = one.item.question.right
    rights = sum(
        answer == right if one.kind == "peer" else is_right(one.item.question, answer) for answer in given.values()
    )
    source = ledger.of(f"{one.kind}.answered_late", id=one.id)
    return Late(answered=len(given), right=None if right is None else rights, source=source)
