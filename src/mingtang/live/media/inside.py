"""A listener within this program: it takes objects as sockets do, and none of what else is said to sockets."""

from __future__ import annotations

from collections.abc import Callable

from mingtang.live import wire
from mingtang.live.media.port import Take
from mingtang.live.media.tracks import BINARY


class Listener:
    write: Callable[[bytes], None]
    fd = -1

    def __init__(self, take: Take) -> None:
        self._take = take
        self.write = self._hear

    def _hear(self, data: bytes) -> None:
        if data[0] & 0xF == BINARY:
            self._take(wire.payload(data))

    def close(self, code: int, reason: str) -> None:
        """It is within: there is no line to close."""

    def abort(self) -> None:
        """As close()."""
