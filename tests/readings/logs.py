"""Lessons held in memory, for readings of them: wishes by people of a small cast, on a clock that goes on by itself."""

from __future__ import annotations

from typing import Any

import msgspec

from mingtang.activities import kinds
from mingtang.core.event import Event, Fact, Row
from mingtang.core.lesson import Lesson
from mingtang.core.member import SERVER
from mingtang.stores.reading import LogReader

BEGIN = 1_800_000_000_000


class Held:
    """`say` utters a wish by its kind; each takes a second."""

    def __init__(self, title: str = "Hash tables", course: str = "CS101", begin: int = BEGIN) -> None:
        self.lesson, self.facts, self.at, self.begin = Lesson(kinds()), list[Fact](), begin, begin
        self.say("", "lesson.open", title=title, code="234567", course=course)
        for id, role in (("tea", "teacher"), ("ada", "student"), ("ben", "student"), ("wal", "wall")):
            self.say("", "roster.admit", id=id, name=f"Name of {id}", role=role, seat="room")

    def say(self, by: str, wish: str, /, **fields: Any) -> list[Event]:
        self.at += 1000
        command = self.lesson.kinds.command(wish, msgspec.json.encode(fields))
        assert command is not None, wish
        member = self.lesson.people.members[by] if by else SERVER
        events = self.lesson.decide(command, member, self.at, len(self.facts) + 1)
        for event in events:
            self.facts.append(Fact(self.lesson.seq + 1, self.at, by, f"c{self.at}", event))
            self.lesson.fold(self.facts[-1])
        return events

    def page(self, number: int, title: str, asset: str = "") -> str:
        """A page of the deck; its step."""
        if number == 1:
            self.say("", "slides.begin_deck", deck="d", name="d.pdf", pages=9)
        asset = asset or f"{number:032x}"
        size = {"width": 1600, "height": 900}
        made = self.say("", "slides.add_page", deck="d", page=number, asset=asset, title=title, **size)
        return str(made[0].step)  # type: ignore[attr-defined]

    def ask(self, kind: str, id: str, after: str, **question: Any) -> str:
        """A question as a step behind another, asked and open."""
        self.say("tea", f"{kind}.make", id=id, question=question)
        self.say("tea", "slides.insert", id=f"step-{id}", kind=kind, ref=id, after=after)
        self.say("tea", "slides.turn", to=f"step-{id}")
        self.say("tea", f"{kind}.open", id=id)
        return f"step-{id}"

    def seconds(self) -> int:
        """Since the beginning."""
        return (self.at - self.facts[0].at) // 1000


class Logs(LogReader):
    """The logs of some lessons, as a reading process has them."""

    def __init__(self, **held: Held) -> None:
        self.held = held

    def rows(self, lesson: str, after: int = 0, limit: int | None = None) -> list[Row]:
        if lesson not in self.held:
            return []
        facts = self.held[lesson].facts[after:]
        return [kinds().row(fact) for fact in facts[:limit]]

    def close(self) -> None:
        pass
