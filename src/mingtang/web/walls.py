"""The projector's screen gets its lesson: it shows four digits, staff type them at the console."""

from __future__ import annotations

import asyncio
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
CODE_GOOD_FOR_MS, WAIT_S, LOOK_S = 600_000, 25.0, 2.0
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
    """The codes on screens now. They lie in the catalog: the console may speak to another node than the wall."""

    def __init__(self, node: Node, now: Callable[[], int] | None = None) -> None:
        self._node = node
        self._now = now or (lambda: node.hall.clock())
        self._bells: dict[str, asyncio.Event] = {}

    async def show(self, wall: str, wanted: str = "") -> str:
        """A code for a wall, the one it shows already if that is still free. Raises Fault when too many wait."""
        now = self._now()
        until = now + CODE_GOOD_FOR_MS
        if wanted and await self._node.catalog.shared.show_code(wall, wanted, now, until):
            return wanted
        if await self._node.catalog.shared.codes_shown(now) >= MOST_WAITING:
            raise Fault(429, "wall.many", retry_after=60)
        while not await self._node.catalog.shared.show_code(wall, code := new_code(DIGITS), now, until):
            pass
        return code

    async def take(self, code: str) -> str | None:
        return await self._node.catalog.shared.take_code(code, self._now())

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
    code = await codes.show(wall, shown)
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
        if await codes.show(wall, shown) != shown:
            raise Fault(409, "wall.unknown")
        until = asyncio.get_running_loop().time() + WAIT_S
        while paired is None and not node.closing.is_set() and asyncio.get_running_loop().time() < until:
            await _first(bell, node.closing)  # the bell rings when it was this node's console
            paired = await _pairing(request, node, wall)
    return Response(paired, status_code=200 if paired else 204, headers={"Cache-Control": "no-store"})


async def _first(*events: asyncio.Event) -> None:
    waits = [asyncio.ensure_future(event.wait()) for event in events]
    try:
        await asyncio.wait(waits, timeout=min(WAIT_S, LOOK_S), return_when=asyncio.FIRST_COMPLETED)
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
    wall = await codes.take("".join(sign for sign in data.code if sign.isdigit()))
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
