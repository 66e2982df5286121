"""The servers of a simulated lesson: one, or several nodes on one disk that hear of one another through bad air."""

from __future__ import annotations

import asyncio
import contextvars
from collections.abc import Callable, Coroutine
from functools import partial
from random import Random
from typing import Any

from bench import measured
from bench.chaos.disk import Disk, Handle
from mingtang.activities import find, kinds
from mingtang.buses import Listeners, Take
from mingtang.core.activity import Kinds
from mingtang.live.hall import Hall
from mingtang.live.others import Others

KINDS = Kinds([*kinds().activities.values(), *find(measured)])
EPOCH = 1_800_000_000_000
_at = contextvars.ContextVar["Server | None"]("server", default=None)


class Air:
    """`mood` is one of well, lossy, late: messages of one sender come in the order they were given, or not at all."""

    def __init__(self, random: Random) -> None:
        self.random, self.mood = random, "well"
        self.ways: list[Way] = []

    def send(self, sender: Way, topic: str, data: bytes) -> None:
        loop = asyncio.get_running_loop()
        for way in self.ways:
            if way is sender or (self.mood == "lossy" and self.random.random() < 0.4):
                continue
            delay = self.random.choice((0.0005, 0.002, 0.02)) + (2.5 if self.mood == "late" else 0)
            at = max(loop.time() + delay, sender.last.get(way, 0) + 1e-6)  # timers of one moment keep no order
            sender.last[way] = at
            loop.call_at(at, way.come, topic, data)


class Way:
    """A server's bus."""

    def __init__(self, air: Air, server: Server) -> None:
        self.up = True
        self.last: dict[Way, float] = {}
        self._air, self._server = air, server
        self._listeners = Listeners()
        air.ways.append(self)

    def publish(self, topic: str, data: bytes) -> None:
        if self.up:
            self._air.send(self, topic, data)

    def come(self, topic: str, data: bytes) -> None:
        if self.up:
            self._server.reach(partial(self._listeners.give, topic, data))

    def subscribe(self, topic: str, take: Take) -> Callable[[], None]:
        self._listeners.add(topic, take)

        def end() -> None:
            self._listeners.remove(topic, take)

        return end

    async def close(self) -> None:
        self.end()

    def end(self) -> None:
        self.up = False
        if self in self._air.ways:
            self._air.ways.remove(self)


class Server:
    """What runs in it is known, so that a crash ends it and nothing else. Paused, it neither hears nor writes."""

    def __init__(self, name: str, seed: int, disk: Disk, air: Air | None, jump: int) -> None:
        self.tasks: dict[asyncio.Task[Any], None] = {}
        self.dead = False
        self._waiting: list[Callable[[], object]] = []
        self._context = contextvars.copy_context()
        self._context.run(_at.set, self)
        self.handle = Handle(disk)
        self.way = None if air is None else Way(air, self)
        loop, seeds = asyncio.get_running_loop(), Random(f"{seed}/server/{name}")
        self.hall: Hall = self._context.run(
            lambda: Hall(
                KINDS, self.handle, clock=lambda: EPOCH + jump + int(loop.time() * 1000),
                seed=lambda: seeds.getrandbits(63),
                others=None if self.way is None else Others(self.way, node=f"{seeds.getrandbits(32):08x}"),
            )
        )  # fmt: skip

    def reach(self, what: Callable[[], object]) -> None:
        """Does what comes from outside in the server: when it runs on, if it is paused."""
        if self.handle.runs.is_set():
            self._context.run(what)
        elif not self.dead:
            self._waiting.append(what)

    def begin(self, work: Coroutine[Any, Any, None]) -> None:
        asyncio.get_running_loop().create_task(work, context=self._context)

    def pause(self) -> None:
        self.handle.runs.clear()

    def run_on(self) -> None:
        self.handle.runs.set()
        waiting, self._waiting = self._waiting, []
        for what in waiting:
            self.reach(what)

    def crash(self) -> None:
        self.dead = self.handle.dead = True
        self.handle.runs.set()
        self._waiting.clear()
        if self.way is not None:
            self.way.end()
        for task in list(self.tasks):
            task.cancel()

    async def close(self) -> None:
        await self.hall.close()
        if self.way is not None:
            await self.way.close()
        self.crash()


def owned(loop: asyncio.AbstractEventLoop, coro: Any, context: contextvars.Context | None = None) -> asyncio.Task[Any]:
    """The loop's task factory: each task is its server's."""
    task: asyncio.Task[Any] = asyncio.Task(coro, loop=loop, context=context)
    server = _at.get() if context is None else context.get(_at)
    if server is not None:
        server.tasks[task] = None
        task.add_done_callback(lambda done: server.tasks.pop(done, None))
    return task
