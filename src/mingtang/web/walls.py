"""The projector's screen gets its lesson: it shows four digits, staff type them at the console."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from typing import Annotated

from litestar import Response, delete, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody
from msgspec import Meta, Struct

from mingtang.catalog.book import new_code
from mingtang.core.member import Role
from mingtang.web import lessons, who
from mingtang.web.errors import AnyRequest, Fault
from mingtang.web.node import Node
from mingtang.web.teach import running
from mingtang.web.tokens import DAY, WALL, WALL_DAYS, new_id
from mingtang.web.words import say

DIGITS, MOST_WAITING = 4, 500
CODE_GOOD_FOR_S, WAIT_S = 600.0, 25.0
PAIRED_FOR_MS = 18 * 3600 * 1000  # a wall that finds its lesson of yesterday still open asks again


class Waiting(Struct):
    """`code` is what the wall shows until it is paired."""

    wall: str
    code: str


class Paired(Struct):
    """`host` is what the wall tells students to open: its own address bar may say localhost."""

    lesson: str
    code: str
    host: str


class Pairing(Struct):
    code: Annotated[str, Meta(max_length=20)]


class Codes:
    """The codes on screens now. In memory: a wall whose code is gone asks for another."""

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        self._now = now
        self._shown: dict[str, tuple[str, float]] = {}
        self._bells: dict[str, asyncio.Event] = {}

    def show(self, wall: str, wanted: str = "") -> str:
        """A code for a wall, the one it shows already if that is still free. Raises Fault when too many wait."""
        self._forget_old()
        taken = self._shown.get(wanted)
        if wanted and (taken is None or taken[0] == wall):
            return self._keep(wall, wanted)
        if len(self._shown) >= MOST_WAITING:
            raise Fault(429, "wall.many", retry_after=60)
        code = new_code(DIGITS)
        while code in self._shown:
            code = new_code(DIGITS)
        return self._keep(wall, code)

    def _keep(self, wall: str, code: str) -> str:
        self._shown[code] = (wall, self._now() + CODE_GOOD_FOR_S)
        return code

    def _forget_old(self) -> None:
        now = self._now()
        for code, (wall, until) in list(self._shown.items()):
            if until < now:
                del self._shown[code]
                self._bells.pop(wall, None)

    def take(self, code: str) -> str | None:
        self._forget_old()
        return self._shown.pop(code, ("", 0.0))[0] or None

    def bell(self, wall: str) -> asyncio.Event:
        return self._bells.setdefault(wall, asyncio.Event())

    def ring(self, wall: str) -> None:
        if bell := self._bells.pop(wall, None):
            bell.set()


@post("/api/walls", tags=["wall"])
async def begin_wall(
    request: AnyRequest, node: NamedDependency[Node], codes: NamedDependency[Codes]
) -> Response[Waiting]:
    """Makes this screen a wall, or finds that it is one already."""
    known = node.seals.wall(dict(request.cookies))
    if known is None:
        address = who.client(request)
        if seconds := node.walls.wait(address):
            raise Fault(429, "join.slow_down", retry_after=seconds, seconds=seconds)
        node.walls.take(address)
    wall, shown = known or (new_id(), "")
    code = codes.show(wall, shown)
    value = node.seals.seal("wall", wall, code, seconds=WALL_DAYS * DAY)
    return Response(Waiting(wall, code), cookies=[who.cookie(request, node, WALL, value, WALL_DAYS)])


@get("/api/walls/me", tags=["wall"])
async def await_pairing(
    request: AnyRequest, node: NamedDependency[Node], codes: NamedDependency[Codes]
) -> Response[Paired | None]:
    """Answers when the wall is paired; 204 after 25 seconds without, then the wall asks again."""
    known = node.seals.wall(dict(request.cookies))
    if known is None:
        raise Fault(401, "wall.unknown")
    wall, shown = known
    paired = await _pairing(request, node, wall)
    if paired is None:
        bell = codes.bell(wall)
        if codes.show(wall, shown) != shown:
            raise Fault(409, "wall.unknown")
        await _first(bell, node.closing)
        paired = await _pairing(request, node, wall)
    return Response(paired, status_code=200 if paired else 204, headers={"Cache-Control": "no-store"})


async def _first(*events: asyncio.Event) -> None:
    waits = [asyncio.ensure_future(event.wait()) for event in events]
    try:
        await asyncio.wait(waits, timeout=WAIT_S, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for wait in waits:
            wait.cancel()


async def _pairing(request: AnyRequest, node: Node, wall: str) -> Paired | None:
    row = await node.catalog.wall(wall)
    if row is None or node.hall.clock() - row.paired > PAIRED_FOR_MS:
        return None
    lesson = await node.catalog.lesson(row.lesson)
    if lesson is None or lesson.ended or (found := await lessons.look(node, lesson)) is None or found.ended:
        return None
    return Paired(lesson.id, lesson.code, who.host_of(who.address(request, node)))


@delete("/api/walls/me", tags=["wall"])
async def leave_wall(request: AnyRequest, node: NamedDependency[Node]) -> None:
    """The screen lets go of its lesson, to be paired with another."""
    if known := node.seals.wall(dict(request.cookies)):
        await node.catalog.forget_wall(known[0])


@post("/api/teach/lessons/{lesson:str}/walls", status_code=200, request_max_body_size=16 * 1024, tags=["teach"])
async def pair_wall(
    request: AnyRequest,
    node: NamedDependency[Node],
    codes: NamedDependency[Codes],
    lesson: FromPath[str],
    data: JSONBody[Pairing],
) -> Paired:
    """Makes the screen that shows the code this lesson's wall."""
    await who.require_staff(request, node, lesson)
    row = await running(node, lesson)
    _hold_back(request, node)
    wall = codes.take("".join(sign for sign in data.code if sign.isdigit()))
    if wall is None:
        node.wrong_codes.take(who.client(request))
        raise Fault(404, "wall.unknown_code")
    await lessons.admit(node, lesson, node.seals.wall_member(wall, lesson), say(row.language, "wall.name"), Role.wall)
    await node.catalog.pair_wall(wall, lesson, node.hall.clock())
    codes.ring(wall)
    return Paired(row.id, row.code, who.host_of(who.address(request, node)))


def _hold_back(request: AnyRequest, node: Node) -> None:
    if seconds := node.wrong_codes.wait(who.client(request)):
        raise Fault(429, "join.slow_down", retry_after=seconds, seconds=seconds)
