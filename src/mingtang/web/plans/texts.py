"""A plan as plan.md: written for people, read again, its mistakes told by line."""

from __future__ import annotations

import asyncio

from litestar import Response, get, put
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody
from msgspec import Struct

from mingtang.catalog.plans import Draft
from mingtang.catalog.records import PlanVersion
from mingtang.plans import model
from mingtang.plans.text import ids
from mingtang.plans.text.reader import parse
from mingtang.web import who
from mingtang.web.errors import AnyRequest, Fault
from mingtang.web.node import Node
from mingtang.web.plans import keeping
from mingtang.web.plans.shown import PlanView, files_of, show, text_of

MOST_TEXT = 1_000_000


class WrittenText(Struct):
    """The whole file; `base` is the version it was read from."""

    base: int
    text: str


@get("/api/teach/plans/{plan:str}/plan.md", tags=["plans"])
async def read_text(request: AnyRequest, node: NamedDependency[Node], plan: FromPath[str]) -> Response[bytes]:
    """The present version as text: the one it was written as, if it was; else written anew."""
    who.require_teacher(request, node)
    text = await text_of(node, await keeping.version_of(node, plan))
    name = {"Content-Disposition": 'inline; filename="plan.md"', "Cache-Control": "no-store"}
    return Response(text.encode(), media_type="text/markdown; charset=utf-8", headers=name)


@put("/api/teach/plans/{plan:str}/plan.md", request_max_body_size=4 * MOST_TEXT, tags=["plans"])
async def write_text(
    request: AnyRequest, node: NamedDependency[Node], plan: FromPath[str], data: JSONBody[WrittenText]
) -> PlanView:
    """A new version read from text. What cannot be read is kept as it stands and told in `problems`."""
    who.require_teacher(request, node)
    now = await keeping.version_of(node, plan)
    draft = await drafted(node, now, data.text)
    return await show(node, await keeping.write(node, plan, data.base, draft))


async def drafted(node: Node, now: PlanVersion, text: str) -> Draft:
    """The version that `text` makes of the present one. Raises Fault for a text that is too long."""
    if len(text) > MOST_TEXT:
        raise Fault(413, "plan.text_too_long", most=MOST_TEXT)
    files = await files_of(node, now.plan)
    found = await asyncio.to_thread(parse, node.hall.kinds, text, files)
    steps = ids.carried(found.steps, found.written, model.decode(now.content))
    return keeping.draft(
        node,
        found.title or now.title,
        found.course if found.title or found.course else now.course,
        found.language or now.language,
        steps,
        source=text,
    )
