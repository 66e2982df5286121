"""What an operator asked to see of this process: numbers on a port of their own, traces to a collector."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Iterator

from litestar.types import ASGIApp, Message, Receive, Scope, Send

import mingtang
from mingtang import metrics, traces
from mingtang.live.hall import Hall
from mingtang.settings import Settings
from mingtang.web.security import LONG_POLL
from mingtang.web.trouble import Trouble

METHODS = frozenset({"GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE"})


@contextlib.contextmanager
def watched(settings: Settings, hall: Hall) -> Iterator[None]:
    """Raises Trouble when the port is taken or the parts for traces are missing."""
    with contextlib.ExitStack() as ends:
        if settings.traces:
            try:
                ends.callback(traces.begin(settings.traces, mingtang.__version__))
            except traces.NoTracing as missing:
                raise Trouble("no-tracing") from missing
        if settings.metrics_port:
            try:
                ends.callback(metrics.publish(settings.metrics_host, settings.metrics_port, hall.standing))
            except OSError as error:
                raise Trouble("port-taken", port=settings.metrics_port) from error
        yield


class Counted:
    """An ASGI layer that times requests. Neither addresses nor paths are told: they hold codes and ids."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if str(scope["type"]) != "http" or scope["path"] == LONG_POLL:
            return await self._app(scope, receive, send)
        asked = str(scope.get("method"))
        method = asked if asked in METHODS else "other"
        began, status = time.monotonic(), 500

        async def sender(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        with traces.span("request", method=method):
            try:
                await self._app(scope, receive, sender)
            finally:
                metrics.requests_s.labels(method, str(status)).observe(time.monotonic() - began)
