"""The cable between some browsers and the server: it can be pulled out, put back at the same port, and be narrow."""

from __future__ import annotations

import contextlib
import socket
import threading

from tests.server import Server

PIECE, NARROW_PIECE = 65536, 1024
NARROW_BUFFER = 4096


class Line:
    """`rate`: bytes a second that come from the server by each connection; None: as they come. `narrow`: it may get a
    rate, so that no more than a little is ever on its way."""

    def __init__(self, server: Server, narrow: bool = False) -> None:
        self._to, self._narrow = server.port, narrow
        self.host, self.port = "127.0.0.1", 0
        self.rate: int | None = None
        self._pulled = threading.Event()
        self._door: socket.socket | None = None
        self._ends: list[socket.socket] = []
        self.mend()

    @property
    def url(self) -> str:
        return f"http://{self.host}:{self.port}"

    def mend(self) -> None:
        self._pulled.clear()
        self._door = socket.create_server((self.host, self.port))
        self.port = self._door.getsockname()[1]
        threading.Thread(target=self._listen, args=(self._door,), daemon=True).start()

    def cut(self) -> None:
        self._pulled.set()
        door, self._door = self._door, None
        ends, self._ends = self._ends, []
        for one in (door, *ends):
            _shut(one)

    def _listen(self, door: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while self._door is door:
                self._join(door.accept()[0])

    def _join(self, near: socket.socket) -> None:
        far = socket.socket()
        if self._narrow:
            far.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, NARROW_BUFFER)
        try:
            far.connect((self.host, self._to))
        except OSError:  # the server is away
            return _shut(near)
        self._ends += [near, far]
        threading.Thread(target=_carry, args=(near, far), daemon=True).start()
        threading.Thread(target=self._bring, args=(far, near), daemon=True).start()

    def _bring(self, source: socket.socket, to: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while data := source.recv(NARROW_PIECE if self.rate else PIECE):
                to.sendall(data)
                if rate := self.rate:
                    self._pulled.wait(len(data) / rate)  # so narrow it is
        _close(source, to)


def _carry(source: socket.socket, to: socket.socket) -> None:
    with contextlib.suppress(OSError):
        while data := source.recv(PIECE):
            to.sendall(data)
    _close(source, to)


def _close(*ends: socket.socket) -> None:
    for end in ends:
        _shut(end)


def _shut(end: socket.socket | None) -> None:
    if end is not None:
        with contextlib.suppress(OSError):
            end.shutdown(socket.SHUT_RDWR)
        end.close()
