"""An event loop on a clock of its own: waiting costs nothing, and the same seed gives the same run."""

from __future__ import annotations

import asyncio
import selectors


class Stuck(Exception):  # noqa: N818
    """Everybody waits and nothing will ever happen: a deadlock in the program."""


class _Clockwork(selectors.SelectSelector):
    """Instead of waiting for files it moves the clock on."""

    now = 0.0

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        if timeout is None:
            raise Stuck
        self.now += max(0.0, timeout)
        return []


class VirtualLoop(asyncio.SelectorEventLoop):
    def __init__(self) -> None:
        self._works = _Clockwork()
        super().__init__(self._works)

    def time(self) -> float:
        return self._works.now
