"""Pictures and text of slides. Their names cannot be guessed and their content never changes."""

from __future__ import annotations

import asyncio

from litestar import Response, get
from litestar.di import NamedDependency
from litestar.params import FromPath

from mingtang.web.errors import Fault
from mingtang.web.node import Node
from mingtang.web.static import TYPES

KEEP = "private, max-age=31536000, immutable"


@get("/assets/{asset:str}/{name:str}", tags=["assets"])
async def asset_file(node: NamedDependency[Node], asset: FromPath[str], name: FromPath[str]) -> Response[bytes]:
    """`640.webp` and `1600.webp` are the page at that width; `text.json` is its text in fractions of it."""
    data = node.shelf.held(asset, name)
    if data is None:
        data = await asyncio.to_thread(node.shelf.read, asset, name)
        if data is None:
            raise Fault(404, "web.not_found")
        node.shelf.hold(asset, name, data)
    return Response(data, media_type=TYPES["." + name.rpartition(".")[2]], headers={"Cache-Control": KEEP})
