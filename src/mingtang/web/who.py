"""Who is asking: the teacher, the staff of one lesson, an address on the network."""

from __future__ import annotations

from urllib.parse import urlsplit

from litestar.datastructures import Cookie

from mingtang.core.member import STAFF
from mingtang.web import network
from mingtang.web.errors import AnyRequest, Fault
from mingtang.web.limits import address_of
from mingtang.web.logs import lesson_id
from mingtang.web.network import is_loopback
from mingtang.web.node import Node
from mingtang.web.tokens import DAY, TEACHER, is_staffs


def client(request: AnyRequest) -> str:
    return address_of(request.client.host if request.client else "")


def is_teacher(request: AnyRequest, node: Node) -> bool:
    """By the cookie of the private link, or by its key as a bearer token (for programs on this computer)."""
    bearer = request.headers.get("authorization", "").removeprefix("Bearer ")
    if bearer and node.seals.is_teacher_key(bearer):
        return True
    return node.seals.is_teacher(request.cookies.get(TEACHER, ""))


def require_teacher(request: AnyRequest, node: Node) -> None:
    if not is_teacher(request, node):
        raise Fault(401, "teach.no_key")


async def require_staff(request: AnyRequest, node: Node, lesson: str) -> None:
    """The teacher, or somebody who is staff in this lesson now."""
    lesson_id.set(lesson)
    if is_teacher(request, node):
        return
    seals, cookies = node.seals, dict(request.cookies)
    member = seals.staff(cookies, lesson) or seals.member(cookies, lesson)
    if member is None:
        raise Fault(401, "teach.no_key")
    known = (await node.hall.look(lesson)).people.get(member)
    if known is None or known.role not in STAFF:
        raise Fault(403, "not_allowed")


def cookie(request: AnyRequest, node: Node, name: str, value: str, days: int) -> Cookie:
    secure = node.settings.https or request.url.scheme == "https"
    if node.settings.tls == "own" and not is_staffs(name):
        secure = False  # it is good at the plain port too, where most students are
    return Cookie(name, "/", value, max_age=days * DAY, httponly=True, samesite="lax", secure=secure)


def address(request: AnyRequest, node: Node) -> str:
    """Where this server is for others: as the asker reached it, unless that was by a name only this computer has."""
    name = request.url.hostname or ""
    if node.settings.public_url or is_loopback(name):
        return node.address
    if node.secure is not None and node.settings.tls == "own":  # phones do not know the authority
        return network.url_for(name, node.secure.plain_port)
    return f"{request.url.scheme}://{request.url.netloc}"


def host_of(url: str) -> str:
    """As people say it: no scheme, and no port where it goes without saying."""
    parts = urlsplit(url)
    usual = {"http": 80, "https": 443}.get(parts.scheme)
    return parts.hostname or "" if parts.port in (None, usual) else parts.netloc
