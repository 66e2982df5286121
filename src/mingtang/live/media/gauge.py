"""How much of what was written to a line that is encrypted here has not left. Behind the encryption the loop's
transport keeps 64 KiB more and cannot be told otherwise: to a slow viewer that is more than a second. So what goes
through is counted, and the kernel is asked what it has not sent."""

from __future__ import annotations

import asyncio
import fcntl
import socket
import struct
import sys
from collections.abc import Callable

NOT_SENT = 0x894B  # SIOCOUTQNSD of Linux: what is on its way is not counted
LOOK_AGAIN_S = 0.01
_int = struct.Struct("i")


def can_gauge(transport: asyncio.Transport) -> bool:
    """Whether the line is encrypted here, on a system whose kernel says what is unsent."""
    return sys.platform == "linux" and transport.get_extra_info("sslcontext") is not None


class Gauge:
    """`fill` is called when more than `most` is unsent, inside write(); `drain` when it is less than that again."""

    def __init__(
        self, transport: asyncio.Transport, most: int, fill: Callable[[], None], drain: Callable[[], None]
    ) -> None:
        self._transport, self._most, self._fill, self._drain = transport, most, fill, drain
        self._line: socket.socket = transport.get_extra_info("socket")
        self._uncounted = 0  # what the kernel may not have yet
        self._looking: asyncio.Handle | None = None
        self._full = False

    def write(self, data: bytes) -> None:
        self._transport.write(data)
        self._uncounted += len(data)
        if self._uncounted < self._most:
            return
        if self._looking is None:
            self._looking = asyncio.get_running_loop().call_soon(self._soon)
        if self._uncounted > 2 * self._most and not self._full:
            self._full = True
            self._fill()

    def _soon(self) -> None:
        """The loop gives the kernel what was written at the end of a turn, and this may be the same turn still."""
        self._looking = asyncio.get_running_loop().call_soon(self._look)

    def _look(self) -> None:
        self._looking = None
        if self._transport.is_closing():
            return
        unsent = self._unsent()
        self._uncounted = 0
        if unsent > self._most:
            self._looking = asyncio.get_running_loop().call_later(LOOK_AGAIN_S, self._look)
            if not self._full:
                self._full = True
                self._fill()
        elif self._full:
            self._full = False
            self._drain()

    def _unsent(self) -> int:
        try:
            return int(_int.unpack(fcntl.ioctl(self._line.fileno(), NOT_SENT, _int.pack(0)))[0])
        except OSError:  # it is closed: nobody waits any more
            return 0
