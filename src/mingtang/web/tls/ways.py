"""The sockets that a server listens on: the plain one, and one that speaks https when that is wanted."""

from __future__ import annotations

import contextlib
import socket
from collections.abc import Iterator
from dataclasses import dataclass

from mingtang.settings import Settings
from mingtang.web import network
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
    source = shown.kept(settings, folder)
    with contextlib.ExitStack() as held:
        plain = held.enter_context(contextlib.closing(network.bind(settings.host, settings.port, shared)))
        if source is None:
            yield Ways(plain)
            return
        now = shown.Shown(source)
        sock = held.enter_context(contextlib.closing(network.bind(settings.host, settings.tls_port, shared)))
        address = settings.public_url if settings.https else shown.address(settings, now, int(sock.getsockname()[1]))
        real = settings.tls == "files" and shown.is_vouched_for(now.context, names_in(now.certificate))
        yield Ways(plain, Secure(sock, now, address, int(plain.getsockname()[1]), real))
