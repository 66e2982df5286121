"""The addresses people type. Each answers with one of the built pages, which fetch the rest themselves."""

from __future__ import annotations

from typing import Any

from litestar import Response, get
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery
from litestar.response import Redirect

from mingtang.catalog.records import LessonRecord
from mingtang.core.member import Role
from mingtang.live.hall import UnknownLesson
from mingtang.web import lessons, who
from mingtang.web.bare import bare_page
from mingtang.web.errors import AnyRequest
from mingtang.web.node import Node
from mingtang.web.static import Bundle
from mingtang.web.tokens import STAFF_DAYS, TEACHER, TEACHER_DAYS, digest, new_id, staff_cookie
from mingtang.web.words import say


def built_page(request: AnyRequest, bundle: Bundle, name: str) -> Response[Any]:
    """One that vite builds; a server whose pages were not built says so."""
    if bundle.find(name) is None:
        return bare_page("web.no_bundle", 503)
    return bundle.send(request, name)


@get("/", include_in_schema=False)
async def join_page(request: AnyRequest, bundle: NamedDependency[Bundle]) -> Response[Any]:
    """Where students type the code."""
    return built_page(request, bundle, "student.html")


@get("/j/{code:str}", include_in_schema=False)
async def student_page(request: AnyRequest, bundle: NamedDependency[Bundle], code: FromPath[str]) -> Response[Any]:
    """One lesson for students: the way in, then the lesson."""
    return built_page(request, bundle, "student.html")


@get("/wall", include_in_schema=False)
async def wall_page(request: AnyRequest, bundle: NamedDependency[Bundle]) -> Response[Any]:
    """The projector's screen."""
    return built_page(request, bundle, "wall.html")


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
    return built_page(request, bundle, "replay.html")


@get("/teach/{lesson:str}", include_in_schema=False)
async def console_page(
    request: AnyRequest, node: NamedDependency[Node], bundle: NamedDependency[Bundle], lesson: FromPath[str]
) -> Response[Any]:
    """The console of one lesson. Whoever may be there is made a member here if need be."""
    row = await node.catalog.lesson(lesson)
    if row is not None:
        await _let_in(request, node, row)
    return built_page(request, bundle, "teacher.html")


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
