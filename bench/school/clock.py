"""The clock, chance and log of one lesson being made: what is said at which time, and what it became."""

from __future__ import annotations

import heapq
from collections.abc import Callable
from itertools import count
from random import Random
from typing import Any

import msgspec

from mingtang.activities import kinds
from mingtang.core.event import Event, Fact, Refused
from mingtang.core.lesson import Lesson
from mingtang.core.member import SERVER

MINUTE = 60_000


class Clock:
    """`now` is in ms since the lesson was opened; `begin` that moment in UTC. Appointments are kept in their order."""

    def __init__(self, seed: int, begin: int) -> None:
        self.chance = Random(seed)
        self.begin, self.now = begin, 0
        self.kinds = kinds()
        self.lesson = Lesson(self.kinds)
        self.facts: list[Fact] = []
        self.refused: dict[str, int] = {}
        self._heap: list[tuple[int, int, Callable[[], object]]] = []
        self._numbers, self._commands = count(), count(1)

    def at(self, when: float, act: Callable[[], object]) -> None:
        heapq.heappush(self._heap, (max(int(when), self.now), next(self._numbers), act))

    def later(self, seconds: float, act: Callable[[], object]) -> None:
        self.at(self.now + seconds * 1000, act)

    def due(self, until: int) -> bool:
        """Keeps the next appointment up to `until`; False when there is none."""
        if not self._heap or self._heap[0][0] > until:
            return False
        self.now, _, act = heapq.heappop(self._heap)
        act()
        return True

    def say(self, by: str, wish: str, /, **fields: Any) -> list[Event]:
        """As `by` ("" the server) would over the socket; a refusal gives no event."""
        member = self.lesson.people.get(by) if by else SERVER
        if member is None or self.lesson.ended:
            return []
        at = self.begin + self.now
        try:
            command = msgspec.convert(fields, self.kinds.commands[wish])
            events = self.lesson.decide(command, member, at, self.chance.getrandbits(64))
        except Refused as refused:
            self.refused[refused.code] = self.refused.get(refused.code, 0) + 1
            return []
        name = f"c{next(self._commands)}"
        for event in events:
            fact = Fact(self.lesson.seq + 1, at, by, name, event)
            self.lesson.fold(fact)
            self.facts.append(fact)
        return events
