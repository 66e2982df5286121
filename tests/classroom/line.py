"""The cable between some browsers and the server: it can be pulled out, put back at the same port, and made narrow."""

from __future__ import annotations

import contextlib
import socket
import threading

from tests.server import Server

PIECE, NARROW_PIECE = 65536, 1024
BUFFER, NARROW_BUFFER = 262144, 4096  # of what has come from the server and waits here


class Line:
    def __init__(self, server: Server) -> None:
        self._to = server.port
        self.host, self.port = "127.0.0.1", 0
        self._rate: int | None = None
        self._pulled = threading.Event()
        self._door: socket.socket | None = None
        self._near: list[socket.socket] = []
        self._far: list[socket.socket] = []
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
        ends, self._near, self._far = [*self._near, *self._far], [], []
        _close(*([door] if door else []), *ends)

    def narrow(self, rate: int | None) -> None:
        """So many bytes a second come from the server by each connection; None: as they come."""
        self._rate = rate
        for far in self._far:
            self._limit(far)

    def _limit(self, far: socket.socket) -> None:
        with contextlib.suppress(OSError):
            far.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, NARROW_BUFFER if self._rate else BUFFER)

    def _listen(self, door: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while self._door is door:
                self._join(door.accept()[0])

    def _join(self, near: socket.socket) -> None:
        far = socket.socket()
        self._limit(far)
        try:
            far.connect((self.host, self._to))
        except OSError:  # the server is away
            return _close(near)
        self._near.append(near)
        self._far.append(far)
        threading.Thread(target=_carry, args=(near, far), daemon=True).start()
        threading.Thread(target=self._bring, args=(far, near), daemon=True).start()

    def _bring(self, source: socket.socket, to: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while data := source.recv(NARROW_PIECE if self._rate else PIECE):
                to.sendall(data)
                if rate := self._rate:
                    self._pulled.wait(len(data) / rate)  # so narrow it is
        _close(source, to)


def _carry(source: socket.socket, to: socket.socket) -> None:
    with contextlib.suppress(OSError):
        while data := source.recv(PIECE):
            to.sendall(data)
    _close(source, to)


def _close(*ends: socket.socket) -> None:
    for end in ends:
        with contextlib.suppress(OSError):
            end.shutdown(socket.SHUT_RDWR)
        end.close()
