"""The sockets that a server listens on: the plain one, and one that speaks https when that is wanted."""

from __future__ import annotations

import contextlib
import socket
from collections.abc import Iterator
from dataclasses import dataclass

from mingtang.settings import Settings
from mingtang.web.doorstep import Sockets, listening
from mingtang.web.folder import Folder
from mingtang.web.tls import shown
from mingtang.web.tls.given import names_in

USUAL_PORT = 443


@dataclass(frozen=True, slots=True)
class Secure:
    """`address` is for people. `is_real`: made by somebody whom computers trust by themselves."""

    socket: socket.socket
    shown: shown.Shown
    address: str
    plain_port: int
    is_real: bool

    @property
    def insists(self) -> bool:
        """Browsers that were told to insist would also go by https to the plain port: so only where none is said."""
        return self.is_real and int(self.socket.getsockname()[1]) == USUAL_PORT


@dataclass(frozen=True, slots=True)
class Ways:
    plain: socket.socket
    secure: Secure | None = None

    @property
    def port(self) -> int:
        return int(self.plain.getsockname()[1])


@contextlib.contextmanager
def open_ways(settings: Settings, folder: Folder, shared: bool = False) -> Iterator[Ways]:
    """`shared` with other processes of this server. Raises Trouble."""
    with listening(settings, shared) as sockets:
        yield ways_by(settings, folder, sockets)


def ways_by(settings: Settings, folder: Folder, sockets: Sockets) -> Ways:
    """By sockets that listen. Raises Trouble."""
    plain, secure = sockets
    source = shown.kept(settings, folder)
    if source is None or secure is None:
        return Ways(plain)
    now = shown.Shown(source)
    address = settings.public_url if settings.https else shown.address(settings, now, int(secure.getsockname()[1]))
    real = settings.tls == "files" and shown.is_vouched_for(now.context, names_in(now.certificate))
    return Ways(plain, Secure(secure, now, address, int(plain.getsockname()[1]), real))
