"""A store that forgets: for tests, trials and the simulation of faults."""

from __future__ import annotations

from collections.abc import Sequence

from mingtang.core.event import Row
from mingtang.stores import Conflict, StoreFailed, check_order, envelope


class MemoryStore:
    def __init__(self) -> None:
        self._logs: dict[str, list[Row]] = {}
        self._closed = False

    async def append(self, lesson: str, expected: int, rows: Sequence[Row]) -> None:
        check_order(expected, rows)
        self._check_open()
        log = self._logs.get(lesson, [])
        if len(log) != expected:
            raise Conflict(f"{lesson} is at {len(log)}, not at {expected}")
        if rows:
            self._logs.setdefault(lesson, log).extend(rows)

    async def read(self, lesson: str, after: int = 0, limit: int | None = None) -> list[Row]:
        self._check_open()
        end = None if limit is None else after + limit
        return self._logs.get(lesson, [])[after:end]

    async def head(self, lesson: str) -> int:
        self._check_open()
        return len(self._logs.get(lesson, []))

    async def lessons(self) -> list[str]:
        self._check_open()
        return list(self._logs)

    async def rewrite(self, lesson: str, rows: Sequence[Row], told: Row | None = None) -> None:
        self._check_open()
        log = self._logs.get(lesson, [])
        if told is not None and len(log) != told.seq - 1:
            raise Conflict(f"{lesson} is at {len(log)}, not at {told.seq - 1}")
        for row in rows:
            if not 0 < row.seq <= len(log) or envelope(log[row.seq - 1]) != envelope(row):
                raise ValueError(f"row {row.seq} is not the one that stands there")
        for row in rows:
            log[row.seq - 1] = row
        log += [] if told is None else [told]

    async def remove(self, lesson: str) -> None:
        self._check_open()
        self._logs.pop(lesson, None)

    async def compact(self) -> None:
        self._check_open()

    async def close(self) -> None:
        self._closed = True

    def _check_open(self) -> None:
        if self._closed:
            raise StoreFailed("The store is closed.")
