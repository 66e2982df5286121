"""A lesson watched again: its journal over HTTP, in chunks that never change, and answers given late. Journals are made
by the reading lane `replay`; this folds nothing."""

from __future__ import annotations

import asyncio
import gzip
import re
import time
from collections import OrderedDict
from pathlib import Path
from typing import Any, Literal, NamedTuple

import msgspec
from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody
from msgspec import Struct

from mingtang.core.event import Refused, is_id
from mingtang.core.member import STAFF, Role
from mingtang.readings.replay import archive
from mingtang.readings.replay.archive import Told
from mingtang.readings.replay.circle import circle
from mingtang.web import who
from mingtang.web.errors import AnyRequest, Fault
from mingtang.web.logs import lesson_id
from mingtang.web.node import Node
from mingtang.web.reader import ReadingFailed

LANE = "replay"
FRESH_S = 1.0  # an index is told again without asking: three hundred who rewind cost one reading a second
MOST_BYTES = 32 * 1024 * 1024
MOST_BODY = 16 * 1024
KEEP = "private, max-age=31536000, immutable"
_is_chunk = re.compile(r"[A-Za-z0-9][A-Za-z0-9.-]{0,200}-[0-9a-f]{16}").fullmatch
Seen = Literal["teacher", "student"]


class Viewer(NamedTuple):
    """Who watches: a member's id ("" for the teacher who never came in) and role."""

    member: str
    role: Role


class Access(Struct):
    """The views that may be watched, and whether the watcher has answers of his own there."""

    views: list[Seen]
    own: bool


class Answering(Struct):
    """A late command: poll.answer_late or peer.answer_late. `id` is made by the client, as in the protocol (D1)."""

    id: str
    kind: str
    data: dict[str, Any]


class Replays:
    """What was read lately, shared by all who watch."""

    def __init__(self, node: Node) -> None:
        self._node = node
        self._told: OrderedDict[tuple[str, str], tuple[float, Told]] = OrderedDict()
        self._asking: dict[tuple[str, str], asyncio.Future[Told | None]] = {}
        self._chunks: OrderedDict[tuple[Path, int], bytes] = OrderedDict()
        self._bytes = 0
        node.remains.also.append(self.forget)

    def forget(self, lesson: str) -> None:
        """What was told of a lesson in which a person was erased, or that was taken away."""
        for key in [key for key in self._told if key[0] == lesson]:
            del self._told[key]
        for held in [held for held in self._chunks if lesson in held[0].parts]:
            self._bytes -= len(self._chunks.pop(held))

    @property
    def root(self) -> Path:
        return self._node.folder.path / "readings" / "replay"

    async def follow(self, lesson: str, role: Role) -> Told:
        key = (lesson, role.value)
        at, told = self._told.get(key, (0.0, None))
        if told is not None and time.monotonic() < at + FRESH_S:
            return told
        asking = self._asking.get(key)
        if asking is None:
            asking = self._asking[key] = asyncio.ensure_future(self._ask(lesson, role))
            asking.add_done_callback(lambda _: self._asking.pop(key, None))
        told = await asyncio.shield(asking)
        if told is None:
            raise Fault(404, "teach.unknown_lesson")
        if not told.more:
            self._told[key] = (time.monotonic(), told)
        while len(self._told) > 200:
            self._told.popitem(last=False)
        return told

    async def _ask(self, lesson: str, role: Role) -> Told | None:
        now = self._node.hall.clock()
        told: Told | None = await self._read(archive.follow, str(self.root), lesson, role.value, now)
        return told

    async def own(self, lesson: str, member: str) -> bytes:
        while (await self.follow(lesson, Role.student)).more:
            pass  # each turn reads on for a while
        now = self._node.hall.clock()
        return bytes(await self._read(archive.own, str(self.root), lesson, member, now))

    async def chunk(self, lesson: str, role: Role, name: str) -> bytes:
        path = archive.folder_of(self.root, lesson, role) / f"{name}.json.gz"
        key = (path, await self._erased(lesson, role))
        data = self._chunks.get(key)
        if data is None:
            try:
                data = await asyncio.to_thread(path.read_bytes)
            except OSError:
                return await self._missing(lesson)
            self._hold(key, data)
        else:
            self._chunks.move_to_end(key)
        return data

    async def _erased(self, lesson: str, role: Role) -> int:
        """Where a person was last erased: what was made before that is given to nobody, whatever its name. The lesson
        knows it while it is held here; else the log is asked, once a second."""
        _, told = self._told.get((lesson, role.value), (0.0, None))
        door = self._node.hall.door(lesson)
        if told is not None and door is not None and door.task.lesson.erased == told.erased:
            return told.erased
        return (await self.follow(lesson, role)).erased

    async def _missing(self, lesson: str) -> bytes:
        """Files may be deleted at any time, and the index tell of them still: it is made anew."""
        self.forget(lesson)
        await self._read(archive.forget, str(self.root), lesson)
        raise Fault(404, "web.not_found")

    def _hold(self, key: tuple[Path, int], data: bytes) -> None:
        self._chunks[key] = data
        self._bytes += len(data)
        while self._bytes > MOST_BYTES:
            self._bytes -= len(self._chunks.popitem(last=False)[1])

    async def role(self, lesson: str, member: str) -> Role | None:
        """What the member is, or was at the end; None for one who never was or was sent out."""
        door = self._node.hall.door(lesson)
        if door is not None:
            known = door.task.lesson.people.get(member)
            return known.role if known else None
        found = await self._read(circle, lesson)
        return Role(role) if (role := found.roles.get(member)) else None

    async def _read(self, function: Any, *args: Any) -> Any:
        try:
            return await self._node.reader.ask(LANE, function, *args)
        except ReadingFailed as failed:
            raise Fault(503, "replay.failed") from failed


async def viewer(request: AnyRequest, node: Node, replays: Replays, lesson: str) -> Viewer:
    """The teacher, or a member by his cookie. A guest is nobody here."""
    if not is_id(lesson):
        raise Fault(404, "teach.unknown_lesson")
    lesson_id.set(lesson)
    cookies = dict(request.cookies)
    own = node.seals.member(cookies, lesson)
    if who.is_teacher(request, node):
        return Viewer(own or "", Role.teacher)
    held = own or node.seals.staff(cookies, lesson)
    if held is None:
        raise Fault(401, "replay.not_a_member")
    role = await replays.role(lesson, held)
    if role is None:
        raise Fault(403, "replay.not_a_member")
    return Viewer(held, role)


async def seen_by(request: AnyRequest, node: Node, replays: Replays, lesson: str, view: Seen) -> Role:
    """The role whose journal is asked for, if the asker may have it."""
    watching = await viewer(request, node, replays, lesson)
    if view == "teacher" and watching.role not in STAFF:
        raise Fault(403, "not_allowed")
    return Role(view)


@get("/api/replay/{lesson:str}", tags=["replay"])
async def replay_access(
    request: AnyRequest, node: NamedDependency[Node], replays: NamedDependency[Replays], lesson: FromPath[str]
) -> Response[Access]:
    """What this browser may watch of a lesson, during it and after it."""
    watching = await viewer(request, node, replays, lesson)
    views: list[Seen] = ["teacher", "student"] if watching.role in STAFF else ["student"]
    access = Access(views, own=bool(watching.member))
    return Response(access, headers={"Cache-Control": "no-store"})


@get("/api/replay/{lesson:str}/mine", tags=["replay"])
async def replay_mine(
    request: AnyRequest, node: NamedDependency[Node], replays: NamedDependency[Replays], lesson: FromPath[str]
) -> Response[bytes]:
    """What the asker alone saw, as patches in time, and his late answers."""
    watching = await viewer(request, node, replays, lesson)
    if not watching.member:
        raise Fault(404, "web.not_found")
    return _packed(request, await replays.own(lesson, watching.member), "no-store")


@get("/api/replay/{lesson:str}/{view:str}", tags=["replay"])
async def replay_index(
    request: AnyRequest,
    node: NamedDependency[Node],
    replays: NamedDependency[Replays],
    lesson: FromPath[str],
    view: FromPath[Seen],
) -> Response[bytes]:
    """The journal's table: how long it is, its steps and marks, and the names of its chunks. With `more` the log is
    still being read: ask again."""
    role = await seen_by(request, node, replays, lesson, view)
    return _packed(request, (await replays.follow(lesson, role)).index, "no-store")


@get("/api/replay/{lesson:str}/{view:str}/{chunk:str}", tags=["replay"])
async def replay_chunk(
    request: AnyRequest,
    node: NamedDependency[Node],
    replays: NamedDependency[Replays],
    lesson: FromPath[str],
    view: FromPath[Seen],
    chunk: FromPath[str],
) -> Response[bytes]:
    """A keyframe and the patches up to the next. Its name is made from what it holds, so it never changes."""
    role = await seen_by(request, node, replays, lesson, view)
    if not _is_chunk(chunk):
        raise Fault(404, "web.not_found")
    return _packed(request, await replays.chunk(lesson, role, chunk), KEEP)


@post("/api/replay/{lesson:str}/late", status_code=200, request_max_body_size=MOST_BODY, tags=["replay"])
async def answer_late(
    request: AnyRequest,
    node: NamedDependency[Node],
    replays: NamedDependency[Replays],
    lesson: FromPath[str],
    data: JSONBody[Answering],
) -> Response[bytes]:
    """An answer after the lesson, for the record: marked late, counted apart. The reply is as of `mine`: it tells what
    was right."""
    watching = await viewer(request, node, replays, lesson)
    kind = node.hall.kinds.commands.get(data.kind)
    if kind is None or not kind.late or not watching.member:
        raise Fault(400, "bad_shape")
    if seconds := node.changes.wait(watching.member):
        raise Fault(429, "slow_down", retry_after=seconds)
    node.changes.take(watching.member)
    try:
        command = node.hall.kinds.command(data.kind, msgspec.json.encode(data.data))
    except msgspec.MsgspecError as error:
        raise Fault(400, "bad_shape") from error
    if command is None or not 1 <= len(data.id) <= 64:
        raise Refused("bad_shape")
    await node.hall.submit(lesson, command, watching.member, data.id)
    return _packed(request, await replays.own(lesson, watching.member), "no-store")


def _packed(request: AnyRequest, data: bytes, keep: str) -> Response[bytes]:
    """Gzipped already; every browser takes that."""
    headers = {"Cache-Control": keep, "Vary": "Accept-Encoding"}
    if "gzip" in request.headers.get("accept-encoding", ""):
        headers["Content-Encoding"] = "gzip"
    else:
        data = gzip.decompress(data)
    return Response(data, media_type="application/json", headers=headers)
