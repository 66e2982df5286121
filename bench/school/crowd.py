"""The students: when each comes and goes, how able and how lively he is, and what he does of himself."""

from __future__ import annotations

from math import exp
from typing import Any

from msgspec import Struct

from bench.school.asked import ASKED, NAMES, TALK
from bench.school.clock import MINUTE, Clock
from bench.school.pen import stroke


class Student(Struct):
    """`skill` in logits; `comes` and `goes` in ms of the lesson."""

    id: str
    name: str
    seat: str
    skill: float
    lively: float
    comes: int
    goes: int


class Crowd:
    """`open` is what is voted on now, as (kind, id); `talk` the question being discussed; `page` the step on
    the stage."""

    def __init__(self, clock: Clock, students: int, lang: str, length: int) -> None:
        self.clock, self.chance, self.lang, self.length = clock, clock.chance, lang, length
        self.students = [self._student(n) for n in range(students)]
        self.here: list[Student] = []
        self.open: tuple[str, str] | None = None
        self.choices: list[Any] = []
        self.meant: dict[str, Any] = {}
        self.talk = self.page = self.board = ""
        self.hard: dict[str, float] = {}
        self.asked: list[str] = []
        self.strokes = 0

    def _student(self, number: int) -> Student:
        chance, names = self.chance, NAMES[self.lang]
        name = names[number % len(names)] + (str(number // len(names) + 1) if number >= len(names) else "")
        late = chance.random() < 0.06
        comes = int(chance.uniform(3, 25) * MINUTE) if late else int(min(chance.expovariate(1 / 70), 170) * 1000)
        early = chance.random() < 0.05
        goes = int(chance.uniform(50, 85) * MINUTE) if early else self.length + MINUTE
        seat = "remote" if chance.random() < 0.3 else "room"
        skill = chance.gauss(0.0 if seat == "room" else -0.15, 1.0)
        return Student(f"s{number:05}", name, seat, skill, chance.betavariate(2, 3), comes, goes)

    # Coming and going

    def arrive(self) -> None:
        for one in self.students:
            self.clock.at(one.comes, lambda one=one: self._come(one))
            if one.goes < self.length:
                self.clock.at(one.goes, lambda one=one: self.go(one))

    def _come(self, one: Student) -> None:
        say = self.clock.say
        say("", "roster.admit", id=one.id, name=one.name, role="student", seat=one.seat)
        self.come(one)
        if self.chance.random() < 0.02:
            one.seat = "room" if one.seat == "remote" else "remote"
            self.clock.later(20, lambda: say(one.id, "roster.reseat", seat=one.seat))

    def come(self, one: Student) -> bool:
        if self.clock.say("", "roster.come", id=one.id):
            self.here.append(one)
            return True
        return False

    def go(self, one: Student) -> bool:
        if one in self.here:
            self.here.remove(one)
        return bool(self.clock.say("", "roster.go", id=one.id))

    def some(self) -> Student | None:
        """Somebody here; the lively more often than the others."""
        if not self.here:
            return None
        a, b = self.chance.choice(self.here), self.chance.choice(self.here)
        return a if a.lively > b.lively else b

    # Votes

    def vote(self, kind: str, id: str, question: dict[str, Any], hard: float, seconds: float, said: Any = ()) -> None:
        """Everybody thinks, and most answer within `seconds`."""
        self.open, self.meant = (kind, id), {}
        for one in list(self.here):
            if self.chance.random() < (0.93 if one.seat == "room" else 0.86):
                answer = self.meant[one.id] = self._answer(one, kind, question, hard, said)
                wait = min(self.chance.lognormvariate(2.4, 0.6), seconds - 1)
                self.clock.later(wait, lambda one=one, answer=answer: self._vote(one, kind, id, answer))

    def _vote(self, one: Student, kind: str, id: str, answer: Any) -> bool:
        return bool(self.clock.say(one.id, f"{kind}.vote", id=id, answer=answer))

    def again(self, id: str, question: dict[str, Any], hard: float, seconds: float) -> None:
        """The second vote of peer instruction: who was right mostly stays, of the others about half come over."""
        votes = self.clock.lesson.states["peer"].items[id].votes
        for one in list(self.here):
            before = list(votes.get(one.id, {}).values())[-1:]
            answer = self._answer(one, "peer", question, hard, ())
            if before:
                right = self.chance.random() < (0.95 if before[0] == question["right"] else 0.52)
                answer = question["right"] if right else before[0]
            self.meant[one.id] = answer
            if self.chance.random() < (0.91 if one.seat == "room" else 0.83):
                wait = min(self.chance.lognormvariate(2.0, 0.6), seconds - 1)
                self.clock.later(wait, lambda one=one, answer=answer: self._vote(one, "peer", id, answer))
        self.open = ("peer", id)

    def _answer(self, one: Student, kind: str, question: dict[str, Any], hard: float, said: Any) -> Any:
        right = question.get("right")
        is_right = right is not None and self.chance.random() < 1 / (1 + exp(-1.4 * (one.skill - hard)))
        form = question.get("form", "peer")
        if form == "rating":
            return [self.chance.choice(said)]
        if form in ("number", "text", "cloud"):
            return right if is_right else self.chance.choice(said)
        keys = ["true", "false"] if form == "truefalse" else list("abcdefgh"[: len(question["options"])])
        if kind == "peer":
            return right if is_right else self.chance.choice([k for k in keys if k != right])
        if is_right:
            return right
        if form == "multiple":
            return self.chance.sample(keys, self.chance.randrange(1, len(keys)))
        return [self.chance.choice([k for k in keys if [k] != right])]

    # What goes on all the while

    def look_at(self, page: str) -> None:
        """A new step: who does not follow says so, some ask, some raise a hand."""
        self.page = page
        hard = self.hard.setdefault(page, self.chance.gauss(-2.0, 1.0))
        each = 1 / max(5, len(self.here))
        for one in self.here:
            roll = self.chance.random()
            if roll < 0.10 / (1 + exp(-2.0 * (hard - one.skill))):
                self.clock.later(self.chance.uniform(5, 35), lambda one=one: self._mark(one, page, "lost"))
            elif roll > 1 - each:
                self.clock.later(self.chance.uniform(5, 30), lambda one=one: self.ask(one, page))
            elif roll > 1 - 2 * each:
                self.clock.later(self.chance.uniform(3, 30), lambda one=one: self.clock.say(one.id, "hands.raise"))
            elif roll > 1 - 3 * each:
                self._blink(one)

    def _mark(self, one: Student, page: str, mark: str) -> bool:
        if not page:
            return False
        own = self.clock.lesson.states["pace"].marks(one.id, page)
        verb = "pace.unmark" if mark in own else "pace.mark"
        return bool(self.clock.say(one.id, verb, page=page, mark=mark))

    def ask(self, one: Student, page: str) -> None:
        text = self.chance.choice(ASKED[self.lang])
        where = {"page": page} if page and self.chance.random() < 0.8 else {}
        made = self.clock.say(one.id, "questions.ask", text=text, anonymous=self.chance.random() < 0.4, **where)
        self.asked += [event.id for event in made]  # type: ignore[attr-defined]
        for other in self.chance.sample(self.here, min(len(self.here), self.chance.randrange(1, 14))):
            for event in made:
                self.clock.later(
                    self.chance.uniform(5, 200),
                    lambda other=other, id=event.id: self.clock.say(other.id, "questions.vote", id=id),  # type: ignore[attr-defined]
                )

    def _blink(self, one: Student) -> None:
        """A phone that slept, or a bad line."""
        self.go(one)
        self.clock.later(self.chance.uniform(20, 240), lambda: self.come(one))

    # To reach a number of events: more of what is possible just now

    def fill(self) -> bool:
        one = self.some()
        if one is None:
            return False
        roll = self.chance.random()
        if self.talk and roll < 0.75:
            return bool(self.clock.say(one.id, "peer.say", id=self.talk, text=self.chance.choice(TALK[self.lang])))
        if self.open and roll < 0.5 and self.choices:
            wavers = one.id not in self.meant or self.chance.random() < 0.25
            return self._vote(one, *self.open, self.chance.choice(self.choices) if wavers else self.meant[one.id])
        if self.board and roll < 0.8:
            return self.draw(one.id, self.board, 10)
        return self._idle(one, self.chance.random())

    def _idle(self, one: Student, roll: float) -> bool:
        if roll < 0.5 and self.page and self.clock.lesson.states["ink"].allowed:
            return self.draw(one.id, self.page, 10)
        if roll < 0.6:
            lost = self.chance.random() < 1 / (1 + exp(-2.0 * (self.hard.get(self.page, -2.0) - one.skill)))
            return self._mark(one, self.page, "lost" if lost else self.chance.choice(("slower", "faster")))
        if roll < 0.88 and self.asked:
            id = self.chance.choice(self.asked[-60:])
            wants = id in self.clock.lesson.states["questions"].voted.get(one.id, ())
            return bool(self.clock.say(one.id, "questions.unvote" if wants else "questions.vote", id=id))
        if roll < 0.94:
            return self._hand(one.id)
        return self.go(one) and self.come(one)

    def _hand(self, by: str) -> bool:
        """Up, or down again; where many are up already one of them gives in."""
        hands = self.clock.lesson.states["hands"].hands
        if len(hands) > 6:
            by = self.chance.choice(list(hands))
        return bool(self.clock.say(by, "hands.lower" if by in hands else "hands.raise"))

    def draw(self, by: str, page: str, places: int = 18) -> bool:
        self.strokes += 1
        return bool(self.clock.say(by, "ink.draw", **stroke(self.chance, page, f"k{self.strokes}", places)))
