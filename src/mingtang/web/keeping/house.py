"""What will be taken away and when, over HTTP; and the taking away at once."""

from __future__ import annotations

from litestar import Response, get, post
from litestar.di import NamedDependency
from msgspec import Struct

from mingtang.web import who
from mingtang.web.errors import AnyRequest
from mingtang.web.keeping.retention import Going, Outlook
from mingtang.web.node import Node


class Gone(Struct):
    """`swept`: no byte of them is left on the disk; else that comes when no lesson is held."""

    gone: list[Going]
    swept: bool


@get("/api/teach/retention", tags=["teach"])
async def retention_outlook(request: AnyRequest, node: NamedDependency[Node]) -> Response[Outlook]:
    """Which lessons go now and within a week, by MINGTANG_KEEP_DAYS."""
    who.require_teacher(request, node)
    return Response(await node.retention.outlook(), headers={"Cache-Control": "no-store"})


@post("/api/teach/retention", status_code=200, tags=["teach"])
async def keep_house(request: AnyRequest, node: NamedDependency[Node]) -> Gone:
    """Takes away now what is due. The server does so once a day by itself."""
    who.require_teacher(request, node)
    return await take_away(node)


async def take_away(node: Node) -> Gone:
    gone = await node.retention.keep_house()
    return Gone(gone, not node.hall.busy() and await node.remains.sweep())
