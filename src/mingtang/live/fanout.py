"""Writes one prebuilt frame to many screens, a slice at a time, so that answers and pages are served in between."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable

from mingtang.live.screen import Screen

SLICE = 1000


class FanOut:
    """Jobs are written in order; a screen that got a newer hello meanwhile is passed over."""

    def __init__(self, when_done: Callable[[], None]) -> None:
        self._jobs: deque[tuple[int, int, bytes, tuple[Screen, ...]]] = deque()
        self._place = 0
        self._when_done = when_done
        self._scheduled = False

    @property
    def busy(self) -> bool:
        return bool(self._jobs)

    def put(self, flush: int, seq: int, data: bytes, screens: tuple[Screen, ...]) -> None:
        self._jobs.append((flush, seq, data, screens))

    def start(self) -> None:
        """Writes the first slice now: a small lesson waits for nothing."""
        if not self._scheduled:
            self._write_slice()

    def close(self) -> None:
        """What is to be written still is; nobody hears that it is done."""
        self._when_done = lambda: None

    def _write_slice(self) -> None:
        self._scheduled = False
        left = SLICE
        while self._jobs and left > 0:
            flush, seq, data, screens = self._jobs[0]
            end = min(self._place + left, len(screens))
            for screen in screens[self._place : end]:
                if screen.from_flush <= flush:
                    screen.upto = seq  # first: a full buffer calls back from inside write()
                    screen.write(data)
            left -= end - self._place
            self._place = end
            if end == len(screens):
                self._jobs.popleft()
                self._place = 0
        if self._jobs:
            self._scheduled = True
            asyncio.get_running_loop().call_soon(self._write_slice)
        else:
            self._when_done()
