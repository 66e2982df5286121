"""How nodes hear of one another. A bus carries hints, wishes and what is said; it keeps nothing and promises nothing:
what is lost on it is read from the log."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Protocol

Take = Callable[[bytes], None]
LONGEST = 900_000  # bytes of one message: NATS takes a million


class Bus(Protocol):
    """All buses pass tests/buses. Messages of one sender arrive in the order they were given, or not at all."""

    @property
    def up(self) -> bool:
        """Whether others can be reached now, as far as is known."""

    def publish(self, topic: str, data: bytes) -> None:
        """To all others who listen to the topic, never back to this node. Does not wait; dropped when it cannot go."""

    def subscribe(self, topic: str, take: Take) -> Callable[[], None]:
        """From soon on, also after the way was cut and came back. Returns the end of it."""

    async def close(self) -> None:
        """Sends what was given to it, then ends. Idempotent."""


class Once:
    """Says once that something is not understood: another node's newer program may send a lot of it."""

    def __init__(self, log: logging.Logger) -> None:
        self._log, self._said = log, False

    def __call__(self, what: str) -> None:
        if not self._said:
            self._said = True
            self._log.warning("%s; this is said once", what)


class Listeners:
    """Who takes which topic: the half that every bus has."""

    def __init__(self) -> None:
        self._takes: dict[str, list[Take]] = {}

    def add(self, topic: str, take: Take) -> bool:
        """True for the first of a topic."""
        takes = self._takes.setdefault(topic, [])
        takes.append(take)
        return len(takes) == 1

    def remove(self, topic: str, take: Take) -> bool:
        """True for the last of a topic."""
        takes = self._takes.get(topic, [])
        if take in takes:
            takes.remove(take)
        return bool(not takes and self._takes.pop(topic, None) is not None)

    def topics(self) -> list[str]:
        return list(self._takes)

    def give(self, topic: str, data: bytes) -> None:
        for take in list(self._takes.get(topic, ())):
            take(data)
