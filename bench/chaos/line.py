"""A connection through a bad network: late, cut in mid-sentence, slow to be read, commands twice or in disorder."""

from __future__ import annotations

import asyncio
import json
from collections import deque
from collections.abc import Callable
from functools import partial
from random import Random
from typing import Any

from mingtang.live.door import Door
from mingtang.live.screen import Screen

PING, CLOSE = 9, 8
UNREAD = 20_000  # bytes on their way at which the server is told that the reader cannot follow
Frame = dict[str, Any]


def frames(data: bytes) -> list[tuple[int, bytes]]:
    """Unmasked WebSocket frames, one behind the other: (opcode, payload)."""
    found, at = [], 0
    while at < len(data):
        size, start = data[at + 1] & 127, at + 2
        if size > 125:
            width = 2 if size == 126 else 8
            size, start = int.from_bytes(data[start : start + width], "big"), start + width
        found.append((data[at] & 15, data[start : start + size]))
        at = start + size
    return found


class Line:
    """The server's Port on one side, a person on the other. `heard` gets each frame that arrives, and whether it
    is the last of what was written at once; `lost` the end."""

    def __init__(self, random: Random, heard: Callable[[Frame, bool], None], lost: Callable[[int], None]) -> None:
        self.random = random
        self.up = True
        self.slow = False
        self.closing = False
        self.server: Any = None
        self.written: Callable[[Frame], None] = lambda frame: None
        self.reach: Callable[[Callable[[], object]], object] = lambda what: what()  # the server; one may be paused
        self._heard, self._lost = heard, lost
        self._door: Door | None = None
        self._screen: Screen | None = None
        self._arrives = 0.0
        self._coming: deque[tuple[Frame, int, bool]] = deque()  # timers of the same moment keep no order
        self._on_the_way = 0
        self._paused = False
        self._loop = asyncio.get_running_loop()

    def enter(self, door: Door, member: str, back: int | None, wants: frozenset[str]) -> bool:
        screen = door.enter(self, member, back, wants)
        if screen is None:
            return False
        self._door, self._screen = door, screen
        return True

    # The server's side

    def write(self, data: bytes) -> None:
        if not self.up or self.closing:
            return
        self._on_the_way += len(data)
        whole = frames(data)
        for number, (opcode, payload) in enumerate(whole, 1):
            frame = {"t": "ping"} if opcode == PING else json.loads(payload)
            self.written(frame)
            self._arrives = max(self._arrives, self._loop.time() + self._delay())
            self._coming.append((frame, len(payload), number == len(whole)))
            self._loop.call_at(self._arrives, self._arrive)
        if self._on_the_way > UNREAD and not self._paused and self._door and self._screen:
            self._paused = True
            self._door.cannot_follow(self._screen)

    def close(self, code: int, reason: str) -> None:
        if self.up:
            self.closing = True
            self._loop.call_at(max(self._arrives, self._loop.time()), self.cut, code)

    def abort(self) -> None:
        self.cut(1006)

    def _delay(self) -> float:
        return self.random.uniform(0.5, 1.5) if self.slow else self.random.choice((0.001, 0.02, 0.02, 0.3))

    def _arrive(self) -> None:
        if not self.up:
            return
        frame, size, last = self._coming.popleft()
        self._on_the_way -= size + 4
        if frame["t"] == "ping":
            self._loop.call_later(0.02, self._pong)
        else:
            self._heard(frame, last)
        if self._paused and self._on_the_way < UNREAD / 4 and self.up and self._door and self._screen:
            self._paused = False
            self._door.follows_again(self._screen)

    def _pong(self) -> None:
        if self.up and self._screen:
            self._screen.heard = self._loop.time()

    # The person's side

    def send(self, frame: Frame) -> int:
        """How often it is sent."""
        data, times = json.dumps(frame).encode(), 1 + (self.random.random() < 0.1)
        for _ in range(times):
            self._loop.call_later(self.random.choice((0.001, 0.02, 0.2)), self.reach, partial(self._reach, data))
        return times

    def _reach(self, data: bytes) -> None:
        if self.up and self._door and self._screen:
            self._screen.heard = self._loop.time()
            if not self._door.receive(self._screen, data):
                self.close(4400, "nonsense")

    def cut(self, code: int = 1006) -> None:
        """All that is on its way is lost, both ways."""
        if not self.up:
            return
        self.up = False
        if self._door and self._screen:
            self.reach(partial(self._door.leave, self._screen))
        self._lost(code)

    def power_cut(self) -> None:
        """The server is gone without a word: it learns nothing any more, the person sees the line end."""
        self._door = self._screen = None
        self.cut()
