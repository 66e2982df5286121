"""Whether the server lives, and whether a lesson can be taught on it now."""

from __future__ import annotations

import asyncio
import shutil
import time
from collections.abc import Callable

from litestar import Response, get
from litestar.di import NamedDependency
from msgspec import Struct

import mingtang
from mingtang.stores import StoreFailed
from mingtang.web.folder import write_whole
from mingtang.web.node import Node

LEAST_FREE = 16 * 1024 * 1024
KEPT_S = 1.0


class Health(Struct):
    """`because` is "" when all is well, else `disk_full`, `unwritable`, `log`, `outdated` (a node of a newer program
    writes what this one cannot read) or `closing`."""

    ok: bool
    version: str
    because: str = ""


class Checks:
    """What was found last, for a second: a check writes to the disk, and anybody may ask for it."""

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        self._now, self._lock = now, asyncio.Lock()
        self._found, self._until = "", 0.0

    async def because(self, node: Node) -> str:
        async with self._lock:  # those who ask meanwhile share the answer
            if self._now() >= self._until:
                self._found = await asyncio.to_thread(_disk, node) or await _log(node)
                self._until = self._now() + KEPT_S
            return self._found


@get("/health", tags=["health"])
async def health() -> Health:
    """The process answers."""
    return Health(True, mingtang.__version__)


@get("/ready", tags=["health"])
async def ready(node: NamedDependency[Node], checks: NamedDependency[Checks]) -> Response[Health]:
    """200 when an event could be written down now, else 503. Found anew once a second."""
    because = "closing" if node.closing.is_set() else "outdated" if node.hall.outdated else await checks.because(node)
    return Response(Health(not because, mingtang.__version__, because), status_code=503 if because else 200)


def _disk(node: Node) -> str:
    try:
        if shutil.disk_usage(node.folder.path).free < LEAST_FREE:
            return "disk_full"
        write_whole(node.folder.path / ".writable", b".")
    except OSError:
        return "unwritable"
    return ""


async def _log(node: Node) -> str:
    """An append of nothing goes through the writer and its lock."""
    try:
        await node.hall.store.append("", 0, [])
    except StoreFailed:
        return "log"
    return ""
