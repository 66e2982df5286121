"""A second fold of a lesson's log that never runs ahead of it: what a node that commits many wishes at once falls back
on when another node was first. Made only while it pays, from the log, beside everything else."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence

from mingtang.core.erasing import last_erased
from mingtang.core.event import Row
from mingtang.core.lesson import Lesson
from mingtang.stores import Store

log = logging.getLogger(__name__)
ROWS_AT_ONCE = 500


class Spare:
    def __init__(self, read: Callable[[], Awaitable[Lesson]], store: Store, id_: str) -> None:
        self._read, self._store, self._id = read, store, id_
        self._lesson: Lesson | None = None
        self._growing: asyncio.Task[Lesson] | None = None

    def ready_at(self, lesson: Lesson) -> bool:
        if self._lesson is not None and self._lesson.seq != lesson.seq:
            self._lesson = None
        return self._lesson is not None

    def wanted(self, when_grown: Callable[[], None]) -> None:
        """Begins to make it, unless it is there or being made."""
        if self._lesson is None and self._growing is None:
            self._growing = asyncio.ensure_future(self._read())
            self._growing.add_done_callback(lambda _: when_grown())

    async def settle(self, lesson: Lesson) -> None:
        """Takes what has been made, brought to the lesson's place. Raises StoreFailed."""
        if self._growing is None or not self._growing.done():
            return
        grown, self._growing = self._growing, None
        if grown.cancelled() or grown.exception() is not None:
            return
        made = grown.result()
        while made.seq < lesson.seq:
            rows = await self._store.read(self._id, made.seq, min(ROWS_AT_ONCE, lesson.seq - made.seq))
            if last_erased(rows):  # what it was made of may be old words
                return
            for row in rows:
                made.take(made.kinds.fact(row))
        if made.seq == lesson.seq:
            self._lesson = made

    def take(self, rows: Sequence[Row]) -> None:
        """Decodes for itself: two folds that shared an event could change it for each other."""
        if self._lesson is not None:
            try:
                for row in rows:
                    self._lesson.take(self._lesson.kinds.fact(row))
            except Exception:
                log.exception("a spare did not follow")
                self._lesson = None

    def give(self) -> Lesson:
        """Hands it over, after `ready_at` said that it is there: it is nobody's spare any more."""
        lesson, self._lesson = self._lesson, None
        if lesson is None:
            raise LookupError("there is no spare")
        return lesson

    def keep(self, lesson: Lesson) -> None:
        """Takes it back, as it was given."""
        self._lesson = lesson

    def drop(self) -> None:
        self._lesson = None
        if self._growing is not None:
            self._growing.cancel()
            self._growing = None
