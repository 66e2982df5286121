"""Whether the server lives, and whether a lesson can be taught on it now."""

from __future__ import annotations

import asyncio
import shutil

from litestar import Response, get
from litestar.di import NamedDependency
from msgspec import Struct

import mingtang
from mingtang.stores import StoreFailed
from mingtang.web.folder import write_whole
from mingtang.web.node import Node

LEAST_FREE = 16 * 1024 * 1024


class Health(Struct):
    """`because` is "" when all is well, else `disk_full`, `unwritable`, `log` or `closing`."""

    ok: bool
    version: str
    because: str = ""


@get("/health", tags=["health"])
async def health() -> Health:
    """The process answers."""
    return Health(True, mingtang.__version__)


@get("/ready", tags=["health"])
async def ready(node: NamedDependency[Node]) -> Response[Health]:
    """200 when an event could be written down now, else 503."""
    because = "closing" if node.closing.is_set() else await asyncio.to_thread(_disk, node) or await _log(node)
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
