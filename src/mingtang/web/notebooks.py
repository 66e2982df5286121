"""A student's notebook: read by the lesson's member alone, or by whoever holds the personal link the student made."""

from __future__ import annotations

import gzip
from typing import Any

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody
from litestar.response import Redirect
from msgspec import Struct

from mingtang.readings import notebook
from mingtang.web import who
from mingtang.web.bare import bare_page
from mingtang.web.decks.shelf import fetched
from mingtang.web.errors import AnyRequest, Fault
from mingtang.web.join import MOST_BODY
from mingtang.web.logs import lesson_id
from mingtang.web.node import Node
from mingtang.web.pages import built_page
from mingtang.web.static import Bundle
from mingtang.web.tokens import KEYRING, KEYRING_DAYS, Held, member_cookie, notebook_cookie

LANE = "notebook"


class Wanted(Struct):
    """`renew`: a new link, and the one before leads nowhere from now on."""

    renew: bool = False


class PersonalLink(Struct):
    url: str


async def holder(request: AnyRequest, node: Node, lesson: str) -> tuple[str, bool]:
    """The member whose notebook this browser may read, and whether by a personal link alone. Raises Fault."""
    if member := node.seals.member(request.cookies, lesson):
        return member, False
    held = node.seals.notebook(request.cookies.get(notebook_cookie(lesson), ""))
    if held and held.lesson == lesson and held.number == await node.catalog.notebook_number(lesson, held.member):
        return held.member, True
    raise Fault(401, "notebook.not_yours")


@get("/notebook/{lesson:str}", include_in_schema=False)
async def notebook_page(request: AnyRequest, bundle: NamedDependency[Bundle], lesson: FromPath[str]) -> Response[Any]:
    """A student's own page of a lesson."""
    return built_page(request, bundle, "notebook.html")


@get("/n/{token:str}", include_in_schema=False)
async def personal_link(request: AnyRequest, node: NamedDependency[Node], token: FromPath[str]) -> Response[Any]:
    """Leads to the notebook from any browser: the token goes into a cookie that opens this one notebook for reading,
    and out of the address."""
    held = node.seals.notebook(token)
    if held is None or held.number != await node.catalog.notebook_number(held.lesson, held.member):
        return bare_page("notebook.unknown_link", 404)
    cookie = who.cookie(request, node, notebook_cookie(held.lesson), token, KEYRING_DAYS)
    to = f"/notebook/{held.lesson}"
    return Redirect(to, status_code=303, cookies=[cookie], headers={"Cache-Control": "no-store"})


@get("/api/notebook/{lesson:str}", tags=["notebook"])
async def read_notebook(request: AnyRequest, node: NamedDependency[Node], lesson: FromPath[str]) -> Response[bytes]:
    """The whole notebook (see readings/notebook.py), also while the lesson runs."""
    lesson_id.set(lesson)
    member, linked = await holder(request, node, lesson)
    if seconds := node.notebooks.wait(member):
        raise Fault(429, "notebook.slow_down", retry_after=seconds, seconds=seconds)
    node.notebooks.take(member)
    missing = await node.reader.ask(LANE, notebook.absent_pages, lesson, str(node.folder.assets))
    await fetched(node.shelf, missing)
    made = await node.reader.ask(LANE, notebook.read, lesson, member, str(node.folder.assets), linked)
    if made is None:
        raise Fault(403, "notebook.not_yours")
    headers = {"Cache-Control": "no-store", "Vary": "Accept-Encoding"}
    if "gzip" in request.headers.get("accept-encoding", ""):
        return Response(made, media_type="application/json", headers={**headers, "Content-Encoding": "gzip"})
    return Response(gzip.decompress(made), media_type="application/json", headers=headers)


@post("/api/notebook/{lesson:str}/link", status_code=200, request_max_body_size=MOST_BODY, tags=["notebook"])
async def make_link(
    request: AnyRequest, node: NamedDependency[Node], lesson: FromPath[str], data: JSONBody[Wanted]
) -> Response[PersonalLink]:
    """The personal link. Only the browser that took part in the lesson may have it: a link makes no further links."""
    lesson_id.set(lesson)
    member = node.seals.member(request.cookies, lesson)
    if member is None:
        raise Fault(401, "notebook.not_yours")
    if (await node.hall.look(lesson)).people.get(member) is None:
        raise Fault(403, "notebook.not_yours")
    renewed = node.catalog.renew_notebook if data.renew else node.catalog.notebook_number
    token = node.seals.notebook_token(Held(lesson, member, await renewed(lesson, member)))
    made = PersonalLink(f"{who.address(request, node)}/n/{token}")
    return Response(made, headers={"Cache-Control": "no-store"})


@post("/api/notebook/forget", status_code=204, request_max_body_size=MOST_BODY, tags=["notebook"])
async def forget_browser(request: AnyRequest, node: NamedDependency[Node]) -> Response[None]:
    """On a computer that others use too: this browser keeps no lesson any more. The lessons keep what was done."""
    names = [KEYRING, *(name for lesson in node.seals.memberships(request.cookies) for name in _names(lesson))]
    held = [name for name in request.cookies if name.startswith(notebook_cookie(""))]
    gone = [who.cookie(request, node, name, "", 0) for name in dict.fromkeys([*names, *held])]
    return Response(None, status_code=204, cookies=gone, headers={"Cache-Control": "no-store"})


def _names(lesson: str) -> tuple[str, str]:
    return member_cookie(lesson), notebook_cookie(lesson)
