"""Sockets of a lesson: uvicorn WebSocket classes on the Sans-I/O layer of `websockets`, so that one prebuilt frame can
be written to every transport. They know frames and connections; what the live socket's mean is the Door's."""

from __future__ import annotations

import asyncio
import logging
import socket
import struct
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple, cast
from urllib.parse import unquote, unquote_plus

from websockets.frames import Frame, Opcode
from websockets.protocol import OPEN
from websockets.server import ServerProtocol

from mingtang.live import handshake, wire
from mingtang.live.door import Door
from mingtang.live.frames import Glance
from mingtang.live.hall import Hall, UnknownLesson
from mingtang.live.screen import Screen
from mingtang.stores import StoreFailed

log = logging.getLogger(__name__)
frames_log = logging.getLogger(f"{__name__}.frames")
frames_log.setLevel(logging.WARNING)  # that a connection opened or closed is no news in a hall of thousands
LONGEST_MESSAGE = 1 << 20
MOST_EARLY = 64
MOST_FRAGMENTS = 256
SEND_BUFFER = 128 * 1024
UNSENT = 64 * 1024
CLOSE_WITHIN_S = 2.0
PATH = "/live/"


class Entry(NamedTuple):
    lesson: str
    member: str


Gate = Callable[[str, str, Mapping[str, str]], Entry | int]
"""gate(lesson, query, headers) says who comes in, or the close code: 4401 no sign of who it is, 4403 not a member."""


class LessonSocket(asyncio.Protocol):
    """What the sockets of a lesson share: who comes in, how frames come and go, how it ends. One object per connection.
    `hall` and `gate` are set by live_protocol()."""

    hall: Hall
    gate: Gate
    path = PATH
    write: Callable[[bytes], None]

    def __init__(self, config: Any, server_state: Any, app_state: Any, _loop: Any = None) -> None:
        self._connections: set[Any] = server_state.connections
        self._asking: bytes | None = b""  # what has come of the opening request; None when that is answered
        self._made: ServerProtocol | None = None
        self._transport: asyncio.Transport = cast(asyncio.Transport, None)
        self._fragments: list[bytes] = []
        self._text = True
        self._closing = False
        self._lost = False

    # asyncio

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)
        self.write = self._transport.write
        self._connections.add(self)
        self._set_buffers()

    def _set_buffers(self) -> None:
        """The kernel would hide up to 4 MB of a reader that has stopped."""
        self._transport.set_write_buffer_limits(high=UNSENT)
        self._set_option(socket.SOL_SOCKET, socket.SO_SNDBUF, SEND_BUFFER)

    def _set_option(self, level: int, option: int, value: int | bytes) -> None:
        sock = self._transport.get_extra_info("socket")
        if sock is not None:
            try:
                sock.setsockopt(level, option, value)
            except OSError:
                log.debug("an option of the socket could not be set")

    def connection_lost(self, exc: Exception | None) -> None:
        self._connections.discard(self)
        self._closing = self._lost = True
        self._left()

    def data_received(self, data: bytes) -> None:
        self._heard()
        if self._asking is not None:
            data = self._shake_hands(self._asking + data)
        if self._made is None:
            data = self._glance(data)
        if data:
            self._ws.receive_data(data)
            for event in self._ws.events_received():
                if not self._closing:
                    self._take(cast(Frame, event))
            self._send_out()

    def eof_received(self) -> None:
        if self._made is not None:  # else nothing was said, and the line is closed as it is
            self._made.receive_eof()
            self._send_out()

    # uvicorn calls this for every connection when the server stops

    def shutdown(self) -> None:
        self.close(1012, "restart")

    # A port for whoever writes to it

    def close(self, code: int, reason: str) -> None:
        if self._closing:
            return
        self._closing = True
        if self._asking is not None:  # there is nobody yet to say it to
            self._transport.close()
            return
        try:
            self._ws.send_close(code, reason)
        except Exception:
            log.debug("it was closed already")
        self._send_out()
        asyncio.get_running_loop().call_later(CLOSE_WITHIN_S, self.abort)

    def abort(self) -> None:
        if self._lost:
            return
        # without this a stalled peer keeps the connection until it reads what is unsent
        self._set_option(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self._transport.abort()

    # WebSocket

    @property
    def _ws(self) -> ServerProtocol:
        """Made when there is more to understand than a glance tells. From then on it sees every frame."""
        if self._made is None:
            self._made = ServerProtocol(state=OPEN, max_size=LONGEST_MESSAGE, logger=frames_log)
        return self._made

    def _send_out(self) -> None:
        for data in self._ws.data_to_send():
            if self._lost:
                return
            if data:
                self._transport.write(data)
            else:
                self._transport.close()

    def _shake_hands(self, data: bytes) -> bytes:
        """Answers the opening request once it is whole; returns the frames that have come with it."""
        asked = handshake.read(data)
        if asked is None:
            self._asking = data
            return b""
        if isinstance(asked, handshake.Asked) and not asked.path.startswith(self.path):
            asked = handshake.refusal(404, "There is no socket at this address")
        if isinstance(asked, bytes):
            self._closing = True
            self._transport.write(asked)
            self._transport.close()
            return b""
        self._asking = None
        self._transport.write(asked.welcome)
        self._admit(asked)
        return asked.rest

    def _admit(self, asked: handshake.Asked) -> None:
        entry = self.gate(unquote(asked.path).removeprefix(self.path), asked.query, asked.headers)
        if isinstance(entry, int):
            self.close(entry, "")
            return
        door = self.hall.door(entry.lesson)
        if door is not None and door.knows(entry.member):
            self._enter(door, entry, asked.query)
        else:
            task = asyncio.get_running_loop().create_task(self._open(entry, asked.query))
            task.add_done_callback(lambda t: t.exception())

    async def _open(self, entry: Entry, query: str) -> None:
        try:
            door = await self.hall.open(entry.lesson)
            if not door.knows(entry.member):  # another node may have let him in a moment ago
                await door.task.current()
        except UnknownLesson:
            self.close(4404, "unknown")
        except StoreFailed as error:
            log.error("%s", error)
            self.close(1013, "unreadable")
        except Exception:
            log.exception("lesson %s could not be opened", entry.lesson)
            self.close(1011, "failed")
        else:
            self._enter(door, entry, query)

    def _glance(self, data: bytes) -> bytes:
        """Takes the texts that are plain to see; returns what the library is to look at."""
        seen = Glance(data)
        for text in seen:
            self._receive(text, True)
            if self._closing:  # the library has said so, and hears what the other side still says
                break
        return seen.rest

    def _take(self, frame: Frame) -> None:
        if frame.opcode in (Opcode.TEXT, Opcode.BINARY):
            self._text = frame.opcode is Opcode.TEXT
            self._fragments = []
        elif frame.opcode is not Opcode.CONT:
            return
        self._fragments.append(bytes(frame.data))
        if len(self._fragments) > MOST_FRAGMENTS:
            self.close(4400, "nonsense")
            return
        if frame.fin:
            data = b"".join(self._fragments)
            self._fragments = []
            self._receive(data, self._text)

    # What each socket is for

    def _enter(self, door: Door, entry: Entry, query: str) -> None:
        """The lesson is open; whether this member comes in is still to be said."""
        raise NotImplementedError

    def _receive(self, data: bytes, text: bool) -> None:
        """One whole message."""
        raise NotImplementedError

    def _heard(self) -> None:
        """The other side lives."""

    def _left(self) -> None:
        """The connection is gone, whoever ended it."""


class LiveProtocol(LessonSocket):
    """The live socket; it is the Screen's Port."""

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        self._door: Door | None = None
        self._screen: Screen | None = None
        self._early: list[bytes] = []

    def _heard(self) -> None:
        screen = self._screen
        if screen is not None:
            screen.heard = asyncio.get_running_loop().time()

    def _left(self) -> None:
        if self._door is not None and self._screen is not None:
            self._door.leave(self._screen)
        self._screen = None

    def pause_writing(self) -> None:
        if self._door is not None and self._screen is not None:
            self._transport.pause_reading()
            self._door.cannot_follow(self._screen)

    def resume_writing(self) -> None:
        if self._closing:
            return
        self._transport.resume_reading()
        if self._door is not None and self._screen is not None:
            self._door.follows_again(self._screen)

    def _enter(self, door: Door, entry: Entry, query: str) -> None:
        if self._closing:
            return
        if door.task.outdated:
            self.close(1013, "unreadable")
            return
        if door.crowded(entry.member):
            self.close(1013, "too_many_screens")
            return
        asked = dict(pair.split("=", 1) for pair in query.split("&") if "=" in pair)
        back = asked.get("back", "")
        wants = frozenset(w for w in unquote_plus(asked.get("want", "")).split(",")[:32] if w)
        screen = door.enter(self, entry.member, int(back) if back.isdecimal() and len(back) < 16 else None, wants)
        if screen is None:
            self.close(4403, "not_a_member")
            return
        self._door, self._screen = door, screen
        early, self._early = self._early, []
        for data in early:
            self._give(data)

    def _receive(self, data: bytes, text: bool) -> None:
        self._give(data if text else b"\xff")

    def _give(self, data: bytes) -> None:
        if self._door is None or self._screen is None:
            if len(self._early) < MOST_EARLY and len(data) <= wire.LONGEST:
                self._early.append(data)
            return
        if not self._door.receive(self._screen, data):
            self.close(4400, "nonsense")


def live_protocol(hall: Hall, gate: Gate) -> type[LiveProtocol]:
    """The class to give to uvicorn as `ws=`."""
    return type("LiveProtocol", (LiveProtocol,), {"hall": hall, "gate": staticmethod(gate)})
