"""Who wanted to speak: questions that students wrote, and hands with how long they waited."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

from mingtang.activities.hands.queue import Hand
from mingtang.activities.questions.state import Question as Stated
from mingtang.core.event import Fact
from mingtang.core.lesson import Lesson
from mingtang.core.member import Seat
from mingtang.readings.report.ledger import Ledger
from mingtang.readings.report.model import Hands, Question, Questions, SeatWaits, TurnOfHand

HANDS = (
    "hands.raised", "hands.lowered", "hands.taken", "hands.put_down", "hands.all_lowered", "hands.undone",
    "media.entered",
)  # fmt: skip
QUESTIONS = (
    "questions.asked", "questions.edited", "questions.withdrawn", "questions.voted", "questions.unvoted",
    "questions.answered", "questions.merged", "questions.split", "questions.dismissed", "questions.reopened",
)  # fmt: skip


def median(values: Sequence[int]) -> int | None:
    """Between the two in the middle where there is none; None of nothing."""
    ordered = sorted(values)
    return (ordered[(len(ordered) - 1) // 2] + ordered[len(ordered) // 2]) // 2 if ordered else None


class Turn:
    """One who was given the floor, or came on the stage with a hand up."""

    __slots__ = ("at", "member", "seat", "waited")

    def __init__(self, member: str, seat: Seat, at: int, waited: int) -> None:
        self.member, self.seat, self.at, self.waited = member, seat, at, waited


class Raised:
    """Hands as they were raised and taken; a taking that was undone is no taking."""

    def __init__(self) -> None:
        self.turns: list[Turn] = []
        self.by_seat: Counter[Seat] = Counter()
        self.by_member: Counter[str] = Counter()
        self.lowered = self.put_down = 0
        self._hand: Hand | None = None
        self._taken: Turn | None = None
        self._undoes_taking = False
        self._up = 0

    def before(self, lesson: Lesson, fact: Fact) -> None:
        """Before the fact is folded: what an undoing undoes is known only then."""
        state = lesson.states["hands"]
        self._up, self._hand = len(state.hands), state.hands.get(fact.by)
        self._undoes_taking = fact.kind == "hands.undone" and bool(state.undo and state.undo.taken)

    def take(self, lesson: Lesson, fact: Fact) -> None:
        state = lesson.states["hands"]
        match fact.kind:
            case "hands.raised":
                self._raise(state, fact)
            case "hands.taken" if state.floor is not None and len(state.hands) < self._up:
                self._taken = _turn(state.floor.hand, fact.at)
                self.turns.append(self._taken)
            case "media.entered" if self._hand and len(state.hands) < self._up:
                self.turns.append(_turn(self._hand, fact.at))
            case "hands.undone" if self._undoes_taking and self._taken:
                self.turns.remove(self._taken)
            case "hands.lowered":
                self.lowered += self._up - len(state.hands)
            case "hands.put_down" | "hands.all_lowered" | "hands.undone":
                self.put_down += self._up - len(state.hands)

    def _raise(self, state: Any, fact: Fact) -> None:
        if len(state.hands) > self._up:
            self.by_seat[state.hands[fact.by].seat] += 1
            self.by_member[fact.by] += 1


def _turn(hand: Hand, at: int) -> Turn:
    return Turn(hand.member, hand.seat, at, max(0, at - hand.raised))


def hands(lesson: Lesson, raised: Raised, ledger: Ledger) -> Hands:
    turns = [
        TurnOfHand(name=lesson.people.name(turn.member), seat=turn.seat.value, at=turn.at, waited=turn.waited)
        for turn in raised.turns
    ]
    return Hands(
        room=_waits(raised, Seat.room),
        remote=_waits(raised, Seat.remote),
        lowered=raised.lowered,
        put_down=raised.put_down,
        up=len(lesson.states["hands"].hands),
        turns=turns,
        source=ledger.of(*HANDS),
    )


def _waits(raised: Raised, seat: Seat) -> SeatWaits:
    waits = [turn.waited for turn in raised.turns if turn.seat is seat]
    return SeatWaits(
        raised=raised.by_seat[seat], taken=len(waits), median=median(waits), longest=max(waits, default=None)
    )


def questions(lesson: Lesson, steps: dict[str, tuple[int, Any]], ledger: Ledger) -> Questions:
    """The most wanted first; of those that were taken back only that they were."""
    state = lesson.states["questions"]
    told = [one for one in state.questions.values() if one.stand != "withdrawn"]
    told.sort(key=lambda one: (-len(one.wants), one.asked, one.id))
    return Questions(
        asked=len(state.questions),
        stands=dict(Counter(one.stand for one in state.questions.values())),
        rows=[_row(lesson, one, steps, ledger) for one in told],
        wait=median([one.answered - one.asked for one in told if one.answered]),
        source=ledger.of(*QUESTIONS),
    )


def _row(lesson: Lesson, one: Stated, steps: dict[str, tuple[int, Any]], ledger: Ledger) -> Question:
    number = steps[one.page][0] if one.page in steps else 0
    return Question(
        text=one.text,
        at=one.asked,
        wants=len(one.wants),
        stand=one.stand,
        step=number or None,
        name=None if one.anonymous else lesson.people.name(one.by) or None,
        answered=one.answered or None,
        answer=one.answer or None,
        source=ledger.of(*QUESTIONS, id=one.id),
    )
