"""The disk of the simulated world: one truth, many moods. It outlives every server that writes to it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from random import Random

from mingtang.core.event import Row
from mingtang.stores import Conflict, InDoubt, StoreFailed, check_order

Other = Callable[[list[Row]], Row | None]


class Disk:
    """`mood` is one of well, slow, failing, gone; `other` makes what another writer puts in between, if anything.
    `before` are logs as they stood before a person was erased from them."""

    def __init__(self, random: Random, other: Other) -> None:
        self.random, self.other = random, other
        self.logs: dict[str, list[Row]] = {}
        self.before: list[list[Row]] = []
        self.mood = "well"
        self.calm = False

    def head(self, lesson: str) -> int:
        return len(self.logs.get(lesson, []))

    def delay(self) -> float:
        return self.random.uniform(0.0002, 0.004) * (100 if self.mood == "slow" else 1)

    def accident(self) -> str:
        """What becomes of one append."""
        if self.mood in ("failing", "gone"):
            return "before"
        if self.calm:
            return ""
        return self.random.choices(("", "before", "after", "conflict"), (92, 3, 2, 3))[0]


class Handle:
    """A store as one server has it. A server that has died writes no more, but what it had sent may still arrive."""

    def __init__(self, disk: Disk) -> None:
        self._disk = disk
        self.dead = False
        self.runs = asyncio.Event()
        self.runs.set()

    async def append(self, lesson: str, expected: int, rows: Sequence[Row]) -> None:
        check_order(expected, rows)
        disk = self._disk
        accident = disk.accident()
        await self._pass(disk.delay())
        log = disk.logs.setdefault(lesson, [])
        if accident == "conflict" and log and (between := disk.other(log)) is not None:
            log.append(between)
        if accident == "before":
            raise StoreFailed("The disk is full.")
        if len(log) != expected:
            raise Conflict(f"{lesson} is at {len(log)}, not at {expected}")
        log.extend(rows)
        await self._pass(disk.delay() / 4)
        if accident == "after":
            raise InDoubt("The commit was not answered.")

    async def read(self, lesson: str, after: int = 0, limit: int | None = None) -> list[Row]:
        await self._pass(self._disk.delay() / 4)
        if self._disk.mood == "gone":
            raise StoreFailed("The disk is gone.")
        end = None if limit is None else after + limit
        return self._disk.logs.get(lesson, [])[after:end]

    async def head(self, lesson: str) -> int:
        return self._disk.head(lesson)

    async def lessons(self) -> list[str]:
        return list(self._disk.logs)

    async def close(self) -> None:
        """Nothing is held."""

    async def _pass(self, seconds: float) -> None:
        await asyncio.sleep(seconds)
        await self.runs.wait()
        if self.dead:
            await asyncio.get_running_loop().create_future()  # nobody is there to go on
