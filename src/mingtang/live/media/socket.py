"""The media socket: GET /media/{lesson}, with the cookie, ticket and Origin rules of the live socket. A socket of its
own, because a backlog of pictures must never delay an answer. docs/build/media.md."""

from __future__ import annotations

import asyncio
import os
import socket
from typing import Any

from mingtang.live.door import Door
from mingtang.live.media.gauge import Gauge, can_gauge
from mingtang.live.media.line import Line
from mingtang.live.media.relay import Relay
from mingtang.live.socket import Entry, LessonSocket

UNSENT_THERE = 8 * 1024  # in the kernel, beyond what is on its way
UNSENT_HERE = 8 * 1024
ON_ITS_WAY = 256 * 1024
SMALL_BUFFER = 32 * 1024  # where the kernel cannot be told what may be unsent
MOST_ANSWERS = 512 * 1024  # waiting for one who asks and does not read
MOST_EARLY = 16
NOTSENT_LOWAT: int | None = getattr(socket, "TCP_NOTSENT_LOWAT", None)


class MediaProtocol(LessonSocket):
    path = "/media/"
    fd = -1

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        self._relay: Relay | None = None
        self._line: Line | None = None
        self._early: list[bytes] = []
        self._waits = False

    def _set_buffers(self) -> None:
        """Small, so that who cannot follow is known at once: with the kernel's own a viewer's pictures, and the sound
        behind them, would be seconds late before anybody noticed."""
        self.fd = self._straight()
        self._transport.set_write_buffer_limits(high=UNSENT_HERE if self.fd < 0 else 0)
        if NOTSENT_LOWAT is None:
            self._set_option(socket.SOL_SOCKET, socket.SO_SNDBUF, SMALL_BUFFER)
        else:
            self._set_option(socket.IPPROTO_TCP, NOTSENT_LOWAT, UNSENT_THERE)
            self._set_option(socket.SOL_SOCKET, socket.SO_SNDBUF, ON_ITS_WAY)
        if can_gauge(self._transport):
            self.write = Gauge(self._transport, UNSENT_HERE // 2, self.pause_writing, self.resume_writing).write

    def _straight(self) -> int:
        """The way to the kernel without the loop in between, -1 when there is none. The loop has told us that the
        connection is lost before it closes the number, and of anything that waits before it returns: so nothing
        overtakes and nothing goes astray."""
        sock = self._transport.get_extra_info("socket")
        if os.name != "posix" or sock is None or self._transport.get_extra_info("sslcontext") is not None:
            return -1
        return int(sock.fileno())

    def pause_writing(self) -> None:
        self._waits = True
        if self._line is not None:
            self._line.viewer.fill(asyncio.get_running_loop().time())

    def resume_writing(self) -> None:
        self._waits = False
        if self._line is not None and not self._closing:
            self._line.viewer.drain(asyncio.get_running_loop().time())

    def _enter(self, door: Door, entry: Entry, query: str) -> None:
        if self._closing:
            return
        if door.task.lesson.ended:
            return self.close(4410, "lesson.ended")
        if not door.knows(entry.member):
            return self.close(4403, "not_a_member")
        entered = self.hall.media.enter(entry.lesson, self, entry.member)
        if entered is None:
            return self.close(1013, "too_many_sockets")
        self._relay, self._line = entered
        if self._waits:
            self.pause_writing()
        early, self._early = self._early, []
        for data in early:
            self._relay.hear(self._line, data)
        return None

    def _receive(self, data: bytes, text: bool) -> None:
        if self._relay is None or self._line is None:
            if text and len(self._early) < MOST_EARLY:
                self._early.append(data)
        elif text:
            self._relay.hear(self._line, data)
        else:
            self._relay.publish(self._line, data)

    def _heard(self) -> None:
        line = self._line
        if line is not None:
            line.heard = asyncio.get_running_loop().time()
            if line.viewer.full and self._transport.get_write_buffer_size() > MOST_ANSWERS:
                self.abort()

    def _left(self) -> None:
        if self._relay is not None and self._line is not None:
            self._relay.leave(self._line)
        self._relay = self._line = None
