"""Where those who come wait while the program is still being loaded: it listens from its first moment on. So a lesson
is back as soon as its server is, and not when each browser happens to try again."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from socket import socket
from typing import TYPE_CHECKING, NamedTuple

from mingtang.live.pauses import collect_nothing
from mingtang.settings import Settings
from mingtang.web import network
from mingtang.web.folder import Folder

if TYPE_CHECKING:  # loading it is what is waited for
    from mingtang.web.server import Beside, Started


class Sockets(NamedTuple):
    plain: socket
    secure: socket | None


@contextlib.contextmanager
def listening(settings: Settings, shared: bool = False) -> Iterator[Sockets]:
    """`shared` with other processes of this server. Raises Trouble."""
    with contextlib.ExitStack() as held:
        ports = [settings.port, settings.tls_port] if settings.tls in ("own", "files") else [settings.port]
        bound = [held.enter_context(contextlib.closing(network.bind(settings.host, port, shared))) for port in ports]
        yield Sockets(bound[0], bound[1] if len(bound) > 1 else None)


def serve(settings: Settings, told: Callable[[Started], None], beside: Beside | None = None) -> None:
    """Runs until SIGINT or SIGTERM. Raises Trouble when it cannot begin."""
    folder = Folder.of(settings)
    folder.prepare()
    with folder.locked():
        if settings.workers > 1:
            from mingtang.web.workers import watch_over

            return watch_over(settings, folder, told, beside)
        collect_nothing()
        with listening(settings) as sockets:
            from mingtang.web.server import serve_at
            from mingtang.web.tls.ways import ways_by

            serve_at(settings, folder, ways_by(settings, folder, sockets), told, beside=beside)
