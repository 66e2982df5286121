"""Who is here: a member with at least one screen. Coming and going become facts, once, with a time of grace (B4)."""

from __future__ import annotations

from collections.abc import Callable, Iterable

GRACE_S = 10.0
GRACE_AFTER_START_S = 45.0


class Presence:
    """`absent` holds when each member without a screen will be said to have gone; `is_here` is what the log says."""

    def __init__(self, is_here: Callable[[str], bool], come: Callable[[str], None], go: Callable[[str], None]) -> None:
        self._is_here, self._come, self._go = is_here, come, go
        self._screens: dict[str, int] = {}
        self._absent: dict[str, float] = {}

    def expect(self, members: Iterable[str], now: float) -> None:
        """After a restart: those who were here get time to come back before they are said to have gone."""
        for member in members:
            self._absent[member] = now + GRACE_AFTER_START_S

    def arrived(self, member: str) -> None:
        self._screens[member] = self._screens.get(member, 0) + 1
        self._absent.pop(member, None)
        if self._screens[member] == 1 and not self._is_here(member):
            self._come(member)

    def left(self, member: str, now: float) -> None:
        count = self._screens.get(member, 0) - 1
        if count > 0:
            self._screens[member] = count
        elif self._screens.pop(member, None) is not None:
            self._absent[member] = now + GRACE_S

    def sweep(self, now: float) -> None:
        due = [m for m, at in self._absent.items() if at <= now]
        for member in due:
            del self._absent[member]
            self._go(member)

    @property
    def empty(self) -> bool:
        return not self._screens and not self._absent
