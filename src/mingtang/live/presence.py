"""Who is here: a member with at least one screen. Coming and going become facts, once, with a time of grace (B4)."""

from __future__ import annotations

from collections.abc import Callable, Iterable

GRACE_S = 10.0
GRACE_AFTER_START_S = 45.0
GRACE_OF_OTHERS_S = 5.0


class Presence:
    """`absent` holds when each member without a screen will be said to have gone. Saying what the log says already
    changes nothing there, so nothing is asked of it: a `go` may still be on its way to it."""

    def __init__(self, come: Callable[[str], None], go: Callable[[str], None]) -> None:
        self._come, self._go = come, go
        # Whether a member has a screen at another node; None while nobody can know.
        self.elsewhere: Callable[[str], bool | None] = lambda member: False
        self._untold: set[str] = set()
        self._screens: dict[str, int] = {}
        self._absent: dict[str, float] = {}

    def expect(self, members: Iterable[str], now: float) -> None:
        """After a restart: those who were here get time to come back before they are said to have gone."""
        for member in members:
            self._absent[member] = now + GRACE_AFTER_START_S

    def arrived(self, member: str) -> None:
        self._screens[member] = self._screens.get(member, 0) + 1
        self._absent.pop(member, None)
        if self._screens[member] == 1:
            self._come(member)

    def left(self, member: str, now: float) -> None:
        count = self._screens.get(member, 0) - 1
        if count > 0:
            self._screens[member] = count
        elif self._screens.pop(member, None) is not None:
            self._absent[member] = now + GRACE_S

    def abandoned(self, member: str, now: float) -> None:
        """No other node has a screen of the member any more. Told later than the one that had it would."""
        if member not in self._screens:
            self._absent.setdefault(member, now + GRACE_S + GRACE_OF_OTHERS_S)

    def here(self) -> list[str]:
        return list(self._screens)

    def failed(self, member: str) -> None:
        """It could not be written down; the next sweep says what is true by then."""
        self._untold.add(member)

    def sweep(self, now: float) -> None:
        untold, self._untold = self._untold, set()
        for member in untold - self._absent.keys():
            (self._come if member in self._screens else self._go)(member)
        for member in [m for m, at in self._absent.items() if at <= now]:
            elsewhere = self.elsewhere(member)
            if elsewhere is None:
                self._absent[member] = now + GRACE_S
                continue
            del self._absent[member]
            if not elsewhere:
                self._go(member)

    def screens_of(self, member: str) -> int:
        return self._screens.get(member, 0)

    def close(self) -> None:
        """Tells nobody any more, and holds nobody who was told."""
        self._come = self._go = lambda member: None
        self.elsewhere = lambda member: False

    @property
    def empty(self) -> bool:
        return not self._screens and not self._absent and not self._untold
