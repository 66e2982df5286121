"""Whose media line is gone, and since when. docs/build/media.md, rule M7."""

from __future__ import annotations

from collections.abc import Callable, Iterable

GRACE_S = 5.0
GRACE_AFTER_START_S = 45.0  # as protocol B5
AGAIN_S = 1.0


class Absence:
    def __init__(self, gone: Callable[[str], None]) -> None:
        self._gone = gone
        self._until: dict[str, float] = {}

    def __bool__(self) -> bool:
        return bool(self._until)

    def close(self) -> None:
        """Tells nobody any more, and holds nobody who was told."""
        self._gone = lambda member: None

    def expect(self, members: Iterable[str], now: float) -> None:
        """After a start: those whose tracks go on get time to come back."""
        self._until |= dict.fromkeys(members, now + GRACE_AFTER_START_S)

    def came(self, member: str) -> None:
        self._until.pop(member, None)

    def left(self, member: str, now: float) -> None:
        self._until[member] = now + GRACE_S

    def told(self, member: str, code: str, now: float) -> None:
        """The log has answered; what it could not take is said again."""
        if code == "store_failed":
            self._until.setdefault(member, now + AGAIN_S)

    def sweep(self, now: float) -> None:
        for member in [m for m, until in self._until.items() if until <= now]:
            del self._until[member]
            self._gone(member)
