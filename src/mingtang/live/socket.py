"""The live socket: a uvicorn WebSocket class on the Sans-I/O layer of `websockets`, so that the hub can write one
prebuilt frame to every transport. It knows frames and connections; what they mean is the Door's."""

from __future__ import annotations

import asyncio
import logging
import socket
import struct
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple, cast
from urllib.parse import parse_qs, unquote

from websockets.frames import Frame, Opcode
from websockets.http11 import Request
from websockets.server import ServerProtocol

from mingtang.live import wire
from mingtang.live.door import Door
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
"""gate(path, query, headers) says who comes in, or the close code: 4401 no sign of who it is, 4403 not a member."""


class LiveProtocol(asyncio.Protocol):
    """`hall` and `gate` are set by live_protocol(). One object per connection; it is the Screen's Port."""

    hall: Hall
    gate: Gate
    write: Callable[[bytes], None]

    def __init__(self, config: Any, server_state: Any, app_state: Any, _loop: Any = None) -> None:
        self._connections: set[Any] = server_state.connections
        self._ws = ServerProtocol(max_size=LONGEST_MESSAGE, logger=frames_log)
        self._transport: asyncio.Transport = cast(asyncio.Transport, None)
        self._door: Door | None = None
        self._screen: Screen | None = None
        self._early: list[bytes] = []
        self._fragments: list[bytes] = []
        self._text = True
        self._closing = False
        self._lost = False

    # asyncio

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)
        self.write = self._transport.write
        self._connections.add(self)
        self._transport.set_write_buffer_limits(high=UNSENT)
        if (sock := self._transport.get_extra_info("socket")) is not None:
            try:  # the kernel would hide up to 4 MB of a reader that has stopped
                sock.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, SEND_BUFFER)
            except OSError:
                log.debug("the send buffer could not be set")

    def connection_lost(self, exc: Exception | None) -> None:
        self._connections.discard(self)
        self._closing = self._lost = True
        if self._door is not None and self._screen is not None:
            self._door.leave(self._screen)
        self._screen = None

    def data_received(self, data: bytes) -> None:
        screen = self._screen
        if screen is not None:
            screen.heard = asyncio.get_running_loop().time()
        self._ws.receive_data(data)
        for event in self._ws.events_received():
            if isinstance(event, Request):
                self._shake_hands(event)
            elif not self._closing:
                self._take(cast(Frame, event))
        self._send_out()

    def eof_received(self) -> None:
        self._ws.receive_eof()
        self._send_out()

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

    # uvicorn calls this for every connection when the server stops

    def shutdown(self) -> None:
        self.close(1012, "restart")

    # The Screen's Port

    def close(self, code: int, reason: str) -> None:
        if self._closing:
            return
        self._closing = True
        try:
            self._ws.send_close(code, reason)
        except Exception:  # the handshake was not done: there is nobody to say it to
            log.debug("closed before it was open")
        self._send_out()
        asyncio.get_running_loop().call_later(CLOSE_WITHIN_S, self.abort)

    def abort(self) -> None:
        if self._lost:
            return
        sock = self._transport.get_extra_info("socket")
        if sock is not None:
            try:  # without this a stalled peer keeps the connection until it reads what is unsent
                sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            except OSError:
                log.debug("linger could not be set")
        self._transport.abort()

    # WebSocket

    def _send_out(self) -> None:
        for data in self._ws.data_to_send():
            if self._lost:
                return
            if data:
                self._transport.write(data)
            else:
                self._transport.close()

    def _shake_hands(self, request: Request) -> None:
        path, _, query = request.path.partition("?")
        response = self._ws.accept(request)
        if not path.startswith(PATH):
            response = self._ws.reject(404, "There is no live socket at this address.\n")
        self._ws.send_response(response)
        self._send_out()
        if response.status_code != 101:
            return
        entry = self.gate(unquote(path), query, {k.lower(): v for k, v in request.headers.raw_items()})
        if isinstance(entry, int):
            self.close(entry, "")
            return
        door = self.hall.door(entry.lesson)
        if door is not None and door.knows(entry.member):
            self._enter(door, entry, query)
        else:
            task = asyncio.get_running_loop().create_task(self._open(entry, query))
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

    def _enter(self, door: Door, entry: Entry, query: str) -> None:
        if self._closing:
            return
        if door.crowded(entry.member):
            self.close(1013, "too_many_screens")
            return
        asked = parse_qs(query)
        back = asked.get("back", [""])[0]
        wants = frozenset(w for w in asked.get("want", [""])[0].split(",")[:32] if w)
        screen = door.enter(self, entry.member, int(back) if back.isdecimal() and len(back) < 16 else None, wants)
        if screen is None:
            self.close(4403, "not_a_member")
            return
        self._door, self._screen = door, screen
        early, self._early = self._early, []
        for data in early:
            self._give(data)

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
            self._give(data if self._text else b"\xff")

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
