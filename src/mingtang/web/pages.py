"""The addresses people type. Each answers with one of the built pages, which fetch the rest themselves."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from litestar import Response, get
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery
from litestar.response import Redirect

from mingtang.catalog.book import CatalogAway
from mingtang.catalog.records import LessonRecord
from mingtang.core.member import Role, Seat
from mingtang.live.hall import UnknownLesson
from mingtang.stores import StoreFailed
from mingtang.web import lessons, who
from mingtang.web.bare import bare_page
from mingtang.web.errors import AnyRequest
from mingtang.web.node import Node
from mingtang.web.security import PLAYING, TALKING
from mingtang.web.static import Bundle
from mingtang.web.tokens import STAFF_DAYS, TEACHER, TEACHER_DAYS, digest, new_id, staff_cookie
from mingtang.web.words import say

Headers = Mapping[str, str] | None


def built_page(request: AnyRequest, bundle: Bundle, name: str, more: Headers = None) -> Response[Any]:
    """One that vite builds, with headers of its own; a server whose pages were not built says so."""
    if bundle.find(name) is None:
        return bare_page("web.no_bundle", 503)
    return bundle.send(request, name, more)


@get("/", include_in_schema=False)
async def join_page(request: AnyRequest, bundle: NamedDependency[Bundle]) -> Response[Any]:
    """Where students type the code."""
    return built_page(request, bundle, "student.html")


@get("/j/{code:str}", include_in_schema=False)
async def student_page(
    request: AnyRequest, node: NamedDependency[Node], bundle: NamedDependency[Bundle], code: FromPath[str]
) -> Response[Any]:
    """One lesson for students: the way in, then the lesson. In the room the page is forbidden to sound or to listen;
    whoever has joined from afar gets one that may."""
    return built_page(request, bundle, "student.html", TALKING if await _is_remote(request, node, code) else None)


async def _is_remote(request: AnyRequest, node: Node, code: str) -> bool:
    """A server that cannot look now sends the page for the room: a lesson without voice is better than none."""
    if not (held := node.seals.memberships(request.cookies)):
        return False
    try:
        row = await node.catalog.lesson_by_code(code)
        if row is None or row.id not in held:
            return False
        known = (await node.hall.look(row.id)).people.get(held[row.id])
    except (CatalogAway, StoreFailed, UnknownLesson):
        return False
    return known is not None and known.seat is Seat.remote


@get("/wall", include_in_schema=False)
async def wall_page(request: AnyRequest, bundle: NamedDependency[Bundle]) -> Response[Any]:
    """The projector's screen. Its computer may be the room's ears and mouth."""
    return built_page(request, bundle, "wall.html", TALKING)


@get("/teach", include_in_schema=False)
async def home_page(
    request: AnyRequest, node: NamedDependency[Node], bundle: NamedDependency[Bundle], key: FromQuery[str] = ""
) -> Response[Any]:
    """The teacher's home. `?key=` is the private link: it leaves a cookie and then leaves the address."""
    if key and node.seals.is_teacher_key(key):
        cookie = who.cookie(request, node, TEACHER, node.seals.teacher(), TEACHER_DAYS)
        return Redirect("/teach", status_code=303, cookies=[cookie], headers={"Cache-Control": "no-store"})
    return built_page(request, bundle, "home.html")


@get("/replay/{lesson:str}", include_in_schema=False)
async def replay_page(request: AnyRequest, bundle: NamedDependency[Bundle], lesson: FromPath[str]) -> Response[Any]:
    """A lesson to be watched again, by those who were there."""
    return built_page(request, bundle, "replay.html", PLAYING)


@get("/teach/{lesson:str}", include_in_schema=False)
async def console_page(
    request: AnyRequest, node: NamedDependency[Node], bundle: NamedDependency[Bundle], lesson: FromPath[str]
) -> Response[Any]:
    """The console of one lesson. Whoever may be there is made a member here if need be."""
    row = await node.catalog.lesson(lesson)
    if row is not None:
        await _let_in(request, node, row)
    return built_page(request, bundle, "teacher.html", TALKING)


async def _let_in(request: AnyRequest, node: Node, row: LessonRecord) -> None:
    if who.is_teacher(request, node):
        member, name, role = node.seals.teacher_member(row.id), "teach.name", Role.teacher
    elif held := node.seals.staff(dict(request.cookies), row.id):
        member, name, role = held, "teach.assistant", Role.assistant
    else:
        return
    try:
        await lessons.admit_once(node, row.id, member, say(row.language, name), role)
    except UnknownLesson:
        return


@get("/assist/{token:str}", include_in_schema=False)
async def assistants_link(request: AnyRequest, node: NamedDependency[Node], token: FromPath[str]) -> Response[Any]:
    """Leaves a cookie; the console makes the member, so that a chat program's look at the link admits nobody."""
    lesson = await node.catalog.lesson_of_link(digest(token))
    if lesson is None:
        return bare_page("teach.unknown_link", 404)
    member = node.seals.staff(dict(request.cookies), lesson) or new_id()
    value = node.seals.seal("staff", lesson, member, seconds=STAFF_DAYS * 86400)
    cookie = who.cookie(request, node, staff_cookie(lesson), value, STAFF_DAYS)
    return Redirect(f"/teach/{lesson}", status_code=303, cookies=[cookie], headers={"Cache-Control": "no-store"})


@get("/report/{lesson:str}", include_in_schema=False)
async def report_page(request: AnyRequest, bundle: NamedDependency[Bundle], lesson: FromPath[str]) -> Response[Any]:
    """The report of one lesson, for its staff: during the lesson and after it."""
    return built_page(request, bundle, "report.html")


@get("/static/{path:path}", include_in_schema=False)
async def static_file(request: AnyRequest, bundle: NamedDependency[Bundle], path: FromPath[str]) -> Response[bytes]:
    """Script, style and icons of the built pages; names under /static/assets hold a hash and are kept for a year."""
    return bundle.send(request, path.lstrip("/"))
