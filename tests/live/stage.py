"""A real server with a real socket and a store that tests can hold, break and mend."""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from typing import Any
from urllib.parse import parse_qs

import msgspec
import uvicorn
import websockets

import bench.measured
from mingtang.activities import find, kinds
from mingtang.core.activity import Kinds
from mingtang.core.erasing import erase
from mingtang.core.event import Fact, Row
from mingtang.core.frame import MemberErased
from mingtang.core.patch import apply
from mingtang.live.hall import Hall
from mingtang.live.porch import Porch
from mingtang.live.socket import Entry, live_protocol
from mingtang.stores import Store, StoreFailed
from mingtang.stores.memory import MemoryStore

KINDS = Kinds([*kinds().activities.values(), *find(bench.measured)])
LESSON = "l1"
MEMBERS = {"t1": "teacher", "a1": "assistant", "s1": "student", "s2": "student", "s3": "student", "w1": "wall"}
PATIENCE = 10.0


class HeldStore(MemoryStore):
    """A memory store whose appends wait while `gate` is closed and fail while `failing`."""

    def __init__(self) -> None:
        super().__init__()
        self.gate = asyncio.Event()
        self.gate.set()
        self.waiting = asyncio.Event()
        self.failing = False
        self.unreadable = False
        self.read_gate = asyncio.Event()
        self.read_gate.set()
        self.reading = self.most_reading = 0
        self.read_begun = asyncio.Event()

    async def append(self, lesson: str, expected: int, rows: Sequence[Row]) -> None:
        self.waiting.set()
        await self.gate.wait()
        if self.failing:
            raise StoreFailed("The disk is full.")
        await super().append(lesson, expected, rows)

    async def read(self, lesson: str, after: int = 0, limit: int | None = None) -> list[Row]:
        if self.unreadable:
            raise StoreFailed("The disk is gone.")
        self.reading += 1
        self.most_reading = max(self.most_reading, self.reading)
        self.read_begun.set()
        try:
            rows = await super().read(lesson, after, limit)
            await self.read_gate.wait()
            return rows
        finally:
            self.reading -= 1


class Client:
    """A screen as a browser is one: keeps parts, applies patches, remembers every frame."""

    def __init__(self, socket: Any) -> None:
        self.socket = socket
        self.parts: dict[str, Any] = {}
        self.mine: dict[str, Any] = {}
        self.you: dict[str, Any] = {}
        self.seq = 0
        self.frames: list[dict[str, Any]] = []
        self._ids = 0

    async def read(self) -> dict[str, Any]:
        async with asyncio.timeout(PATIENCE):
            frame = json.loads(await self.socket.recv())
        self.frames.append(frame)
        self._take(frame)
        return frame

    def _take(self, frame: dict[str, Any]) -> None:
        if "seq" in frame and frame["t"] != "ok":
            assert frame["seq"] >= self.seq, "S2: seq never goes back"
            self.seq = frame["seq"]
        match frame["t"]:
            case "hello":
                self.you, self.parts, self.mine = frame["you"], frame["parts"], frame["mine"]
            case "again":
                self.you, self.mine = frame["you"], frame["mine"]
            case "patch":
                for part, patch in frame["parts"].items():
                    self.parts[part] = apply(self.parts.get(part, {}), patch)
            case "mine":
                self.mine = apply(self.mine, frame["patch"])
            case "part":
                self.parts[frame["part"]] = frame["value"]

    async def until(self, what: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
        while True:
            frame = await self.read()
            if what(frame):
                return frame

    async def see(self, what: Callable[[Client], bool]) -> None:
        """Reads until what is shown is as expected."""
        while not what(self):
            await self.read()

    async def send(self, frame: Mapping[str, Any] | str | bytes) -> None:
        await self.socket.send(frame if isinstance(frame, str | bytes) else json.dumps(frame))

    async def ask(self, kind: str, id_: str | None = None, **data: Any) -> str:
        self._ids += 1
        cmd = id_ or f"{self.you.get('id')}-{self._ids}"
        await self.send({"t": "do", "id": cmd, "kind": kind, "data": data})
        return cmd

    async def do(self, kind: str, id_: str | None = None, **data: Any) -> dict[str, Any]:
        cmd = await self.ask(kind, id_, **data)
        return await self.until(lambda f: f["t"] in {"ok", "no"} and f.get("id") == cmd)

    async def want(self, part: str) -> dict[str, Any]:
        await self.send({"t": "want", "part": part})
        return await self.until(lambda f: f["t"] in {"part", "no"} and f.get("part") == part)

    async def closed(self) -> int:
        """Reads to the end; the close code."""
        with contextlib.suppress(websockets.ConnectionClosed):
            while True:
                await self.read()
        return int(self.socket.close_code or 0)


class Stage:
    def __init__(self, hall: Hall, store: HeldStore, port: int) -> None:
        self.hall, self.store, self.port = hall, store, port
        self._open = contextlib.AsyncExitStack()

    async def connect(self, member: str, query: str = "", lesson: str = LESSON, **options: Any) -> Client:
        """The socket only; the hello is not read."""
        url = f"ws://127.0.0.1:{self.port}/live/{lesson}?ticket={member}&{query}"
        socket = websockets.connect(url, compression=None, ping_interval=None, **options)
        return Client(await self._open.enter_async_context(socket))

    def later(self, end: Callable[[], Awaitable[Any]]) -> None:
        """Awaited when the stage closes."""
        self._open.push_async_callback(end)

    async def join(self, member: str, query: str = "") -> Client:
        client = await self.connect(member, query)
        await client.until(lambda f: f["t"] in {"hello", "again"})
        return client

    async def submit(self, kind: str, by: str = "", cmd: str = "", **data: Any) -> int:
        command = KINDS.command(kind, msgspec.json.encode(data))
        assert command is not None
        return await self.hall.submit(LESSON, command, by, cmd)

    async def close(self) -> None:
        await self._open.aclose()


async def erasing(store: Store, member: str, facts: Sequence[Fact] = ()) -> None:
    """As the server erases a person: blanks and the word of them in one; from what stands there now, or `facts`."""
    facts = facts or [KINDS.fact(row) for row in await store.read(LESSON)]
    told = Fact(facts[-1].seq + 1, facts[-1].at, "", "", MemberErased(id=member))
    await store.rewrite(LESSON, [KINDS.row(fact) for fact in erase(KINDS, facts, member)], KINDS.row(told))


def gate(lesson: str, query: str, headers: Mapping[str, str]) -> Entry | int:
    member = parse_qs(query).get("ticket", [""])[0]
    return Entry(lesson, member) if member else 4401


async def _no_page(scope: Any, receive: Any, send: Any) -> None:
    await send({"type": "http.response.start", "status": 404, "headers": []})
    await send({"type": "http.response.body", "body": b""})


@contextlib.asynccontextmanager
async def serving(hall: Hall) -> AsyncIterator[int]:
    config = uvicorn.Config(
        _no_page, host="127.0.0.1", port=0, ws=live_protocol(hall, gate), http=Porch, lifespan="off",
        log_level="warning",
        ws_ping_interval=None, loop="none",
    )  # fmt: skip
    server = uvicorn.Server(config)
    server.install_signal_handlers = lambda: None  # type: ignore[attr-defined]
    task = asyncio.create_task(server._serve())
    while not server.started:  # noqa: ASYNC110 — uvicorn has no event for it
        await asyncio.sleep(0)
    try:
        yield server.servers[0].sockets[0].getsockname()[1]
    finally:
        server.should_exit = True
        await task


@contextlib.asynccontextmanager
async def staged(store: HeldStore | None = None, **options: Any) -> AsyncIterator[Stage]:
    store = store or HeldStore()
    hall = Hall(KINDS, store, **options)
    if not await store.head(LESSON):
        await hall.create(LESSON, title="Sets", code="234567")
    async with serving(hall) as port:
        stage = Stage(hall, store, port)
        for number, (id_, role) in enumerate(MEMBERS.items()):
            seat = "remote" if number % 2 else "room"
            await stage.submit("roster.admit", id=id_, name=f"Name {number}", role=role, seat=seat)
        try:
            yield stage
        finally:
            store.gate.set()
            await stage.close()
            await hall.close()
