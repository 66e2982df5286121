"""What stands around the whole app: strict headers, a check of where a request comes from, and its id."""

from __future__ import annotations

import logging
import re
import secrets
import time
from collections.abc import Mapping
from typing import Any
from urllib.parse import SplitResult, urlsplit

from litestar.types import ASGIApp, Message, Receive, Scope, Send

from mingtang.core.event import is_id
from mingtang.live.socket import Entry, Gate
from mingtang.web.logs import request_id
from mingtang.web.network import is_loopback
from mingtang.web.tokens import TEACHER, Seals

log = logging.getLogger(__name__)
SLOW_S = 2.0
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
LONG_POLL = "/api/walls/me"

CONTENT_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; connect-src 'self'; "
    "font-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
# Where voice and picture are played: decoders are workers, and what they make comes from memory.
PLAYING = {"Content-Security-Policy": f"{CONTENT_POLICY}; worker-src 'self'; media-src 'self' blob:"}
_NEVER = "geolocation=(), payment=(), usb=()"
# Where they are also made: the teacher's page, the wall's, and that of a student who is not in the room.
TALKING = {**PLAYING, "Permissions-Policy": f"camera=(self), microphone=(self), display-capture=(self), {_NEVER}"}
HEADERS = {
    "Content-Security-Policy": CONTENT_POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": f"camera=(), microphone=(), display-capture=(), {_NEVER}",
}
_RAW_HEADERS = [(name.lower().encode(), value.encode()) for name, value in HEADERS.items()]
_HTTPS_HEADER = (b"strict-transport-security", b"max-age=31536000")
_OPENER = (b"cross-origin-opener-policy", b"same-origin")  # browsers complain of it where they do not trust the way
_is_request_id = re.compile(r"[A-Za-z0-9_-]{8,64}").fullmatch


def from_here(headers: Mapping[str, str], public_url: str = "") -> bool:
    """Whether a browser sent this from a page of ours; a program that is no browser says nothing and is let through."""
    site = headers.get("sec-fetch-site", "")
    if site and site not in ("same-origin", "none"):
        return False
    origin = headers.get("origin")
    if origin is None:
        return True
    host = _split(origin).netloc.lower()
    return bool(host) and host in (headers.get("host", "").lower(), urlsplit(public_url).netloc.lower())


def _split(url: str) -> SplitResult:
    """Anybody may send what no address is, such as half of a bracket."""
    try:
        return urlsplit(url)
    except ValueError:
        return urlsplit("")


class Guard:
    """The outermost ASGI layer."""

    def __init__(self, app: ASGIApp, public_url: str = "", insists: bool = False) -> None:
        """`insists`: browsers are told to come by https only, from now on."""
        self._app, self._public_url = app, public_url
        self._headers = [*_RAW_HEADERS, *([_HTTPS_HEADER] if insists else [])]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if str(scope["type"]) != "http":
            return await self._app(scope, receive, send)
        headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
        given = headers.get("x-request-id", "")
        number = given if _is_request_id(given) else secrets.token_hex(8)
        mark = request_id.set(number)
        began = time.monotonic()
        try:
            await self._pass(scope, headers, receive, self._sender(scope, headers, number, send))
        finally:
            took = time.monotonic() - began
            if took > SLOW_S and scope["path"] != LONG_POLL:
                kind = "/".join(scope["path"].split("/")[:2])  # what follows may be a secret
                log.info("slow request", extra={"data": {"path": kind, "seconds": round(took, 2)}})
            request_id.reset(mark)

    async def _pass(self, scope: Any, headers: dict[str, str], receive: Receive, send: Send) -> None:
        if scope["method"] not in SAFE and not from_here(headers, self._public_url):
            await _refuse(send)
            return
        if scope["method"] == "HEAD":  # a copy: the server below goes by its own
            scope = {**scope, "method": "GET"}
        await self._app(scope, receive, send)

    def _sender(self, scope: Any, headers: dict[str, str], number: str, send: Send) -> Send:
        head = scope["method"] == "HEAD"
        extra = [*self._headers, (b"x-request-id", number.encode())]
        if scope["scheme"] == "https" or is_loopback(_split(f"//{headers.get('host', '')}").hostname or ""):
            extra.append(_OPENER)

        async def sender(message: Message) -> None:
            if message["type"] == "http.response.start":
                own = {name for name, _ in message["headers"]}
                added = [pair for pair in extra if pair[0] not in own]
                message["headers"] = [*message["headers"], *added]
            elif head and message["type"] == "http.response.body":
                message["body"] = b""
            await send(message)

        return sender


async def _refuse(send: Send) -> None:
    body = b'{"code":"web.other_site","params":{}}'
    headers = [(b"content-type", b"application/json"), (b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": 403, "headers": headers})
    await send({"type": "http.response.body", "body": body, "more_body": False})


def cookies_of(header: str) -> dict[str, str]:
    pairs = (part.strip().partition("=") for part in header.split(";"))
    return {name: value for name, _, value in pairs if name}


def live_gate(seals: Seals, public_url: str = "") -> Gate:
    """Who comes in by the sockets of a lesson. One browser may hold several cookies of it (a teacher who also looks
    at the students' page), so a page may say which it means: `?as=teacher`, `?as=student` or `?as=wall`."""

    def gate(lesson: str, query: str, headers: Mapping[str, str]) -> Entry | int:
        if not is_id(lesson):
            return 4404
        # By the origin alone: whether wss from https is the same site is not told alike by all browsers.
        if not from_here({**headers, "sec-fetch-site": ""}, public_url):
            return 4403
        asked = dict(pair.split("=", 1) for pair in query.split("&") if "=" in pair)
        if "ticket" in asked:
            member = seals.ticket(asked["ticket"], lesson)
        else:
            member = _known(seals, cookies_of(headers.get("cookie", "")), lesson, asked.get("as", ""))
        return Entry(lesson, member) if member else 4401

    return gate


def _known(seals: Seals, cookies: dict[str, str], lesson: str, as_: str) -> str | None:
    """A student's cookie is good for the console too: the teacher may have made its holder an assistant."""
    student = seals.member(cookies, lesson)
    if as_ == "student":
        return student
    wall = seals.wall(cookies)
    as_wall = seals.wall_member(wall[0], lesson) if wall else None
    if as_ == "wall":
        return as_wall
    teacher = seals.teacher_member(lesson) if seals.is_teacher(cookies.get(TEACHER, "")) else None
    staff = teacher or seals.staff(cookies, lesson) or student
    return staff if as_ == "teacher" else staff or as_wall
