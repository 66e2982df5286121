"""Where a connection waits for its first bytes: those of a lesson's sockets go straight to their class, all others to
uvicorn's. In a storm of people coming back, reading each handshake twice would cost a third of the time."""

from __future__ import annotations

import asyncio
import functools
from typing import Any, cast

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from mingtang.live.media.socket import MediaProtocol
from mingtang.live.socket import LessonSocket, LiveProtocol

LIVE, MEDIA = (f"GET {kind.path}".encode() for kind in (LiveProtocol, MediaProtocol))


class Porch(asyncio.Protocol):
    """Give it to uvicorn as `http=`; `ws=` is the live socket's class, and the media socket's is made after it."""

    def __init__(self, config: Any, server_state: Any, app_state: Any, _loop: Any = None) -> None:
        self._given = {"config": config, "server_state": server_state, "app_state": app_state}
        self._live: Any = config.ws_protocol_class
        self._connections: set[Any] = server_state.connections
        self._transport: asyncio.Transport = cast(asyncio.Transport, None)

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)
        self._connections.add(self)

    def data_received(self, data: bytes) -> None:
        self._connections.discard(self)
        protocol: asyncio.Protocol = self._kind(data)(**self._given)
        protocol.connection_made(self._transport)
        self._transport.set_protocol(protocol)
        protocol.data_received(data)

    def _kind(self, data: bytes) -> type[Any]:
        if self._live is not None and data.startswith(LIVE):
            return cast(type[Any], self._live)
        if self._live is not None and data.startswith(MEDIA):
            return _beside(self._live)
        return HttpToolsProtocol

    def connection_lost(self, exc: Exception | None) -> None:
        self._connections.discard(self)

    # uvicorn calls this for every connection when the server stops

    def shutdown(self) -> None:
        self._transport.close()


@functools.cache
def _beside(live: type[LessonSocket]) -> type[MediaProtocol]:
    """The media socket of the same hall, with the same gate."""
    return type("Media", (MediaProtocol,), {"hall": live.hall, "gate": staticmethod(live.gate)})
