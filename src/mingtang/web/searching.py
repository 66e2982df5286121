"""Words found over all lessons that a person may see: the teacher in all, a student where this browser was a member."""

from __future__ import annotations

from typing import Any

from litestar import Response, get
from litestar.di import NamedDependency
from litestar.params import FromQuery
from msgspec import Raw, Struct

from mingtang.readings.search import asking
from mingtang.web import who
from mingtang.web.errors import AnyRequest, Fault
from mingtang.web.node import Node
from mingtang.web.pages import built_page
from mingtang.web.static import Bundle

LANE = "search"
LONGEST = 200


class Searched(Struct):
    """`found` is an Answer of readings/search/asking.py. `behind` lessons are still being read; `as_teacher` says whose
    eyes it was found with, `lessons` in how many a student may look."""

    found: Raw
    behind: int
    as_teacher: bool
    lessons: int


@get("/search", include_in_schema=False)
async def search_page(request: AnyRequest, bundle: NamedDependency[Bundle]) -> Response[Any]:
    """Search over lessons, for the teacher and for students."""
    return built_page(request, bundle, "search.html")


@get("/api/search", tags=["search"])
async def search(
    request: AnyRequest, node: NamedDependency[Node], q: FromQuery[str] = "", role: FromQuery[str] = ""
) -> Response[Searched]:
    """What is found in slides, questions, answers in text and one's own notes. `role=student` looks with a student's
    eyes in a browser that is the teacher's too."""
    as_teacher = role != "student" and who.is_teacher(request, node)
    members = {} if as_teacher else node.seals.memberships(request.cookies)
    if not as_teacher and not members:
        raise Fault(401, "search.nobody")
    if len(q) > LONGEST:
        raise Fault(400, "search.too_long", most=LONGEST)
    whom = who.client(request)
    if seconds := node.searches.wait(whom):
        raise Fault(429, "search.slow_down", retry_after=seconds, seconds=seconds)
    node.searches.take(whom)
    behind = await node.librarian.freshen()
    answer = await node.reader.ask(LANE, asking.find, str(node.folder.search), q, None if as_teacher else members)
    searched = Searched(Raw(answer), behind, as_teacher, len(members))
    return Response(searched, headers={"Cache-Control": "no-store"})
