"""Keeps the question bank's history in step with the logs: each ended lesson is read once, in a reading process."""

from __future__ import annotations

import asyncio
import contextlib
import logging

import msgspec

from mingtang.catalog.book import Catalog
from mingtang.catalog.records import BankAsked
from mingtang.readings.bank import History, history
from mingtang.web.reader import Reader

log = logging.getLogger(__name__)
LANE = "bank"
WAITS_S = 1.0


class Histories:
    """Nothing is read before the first question."""

    def __init__(self, reader: Reader, catalog: Catalog) -> None:
        self._reader, self._catalog = reader, catalog
        self._round: asyncio.Task[None] | None = None
        self._left_out: set[str] = set()

    async def freshen(self) -> None:
        """Before an answer: waits for the lessons that have ended since, but never long; the rest is read meanwhile."""
        if self._round is None or self._round.done():
            self._round = asyncio.create_task(self._read_all(), name="histories")
        await asyncio.wait([self._round], timeout=WAITS_S)

    async def settled(self) -> None:
        """All ended lessons are read."""
        await self.freshen()
        if self._round is not None:
            await asyncio.shield(self._round)

    async def close(self) -> None:
        if self._round is not None:
            self._round.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._round

    async def _read_all(self) -> None:
        for lesson in await self._catalog.bank.unread():
            if lesson not in self._left_out:
                await self._read(lesson)

    async def _read(self, lesson: str) -> None:
        """A log that cannot be read keeps only itself out, until the next start."""
        try:
            found = await self._reader.ask(LANE, history, lesson)
        except Exception as error:
            log.warning("a lesson has no history: %s", type(error).__name__, extra={"data": {"lesson": lesson}})
            self._left_out.add(lesson)
            return
        await self._catalog.bank.note_lesson(lesson, _rows(lesson, found) if found else [])


def _rows(lesson: str, found: History) -> list[BankAsked]:
    return [
        BankAsked(
            lesson=lesson,
            step=one.step,
            plan=found.plan,
            version=found.version,
            group=found.group,
            at=one.at,
            answers=one.answers,
            told=msgspec.json.encode(one.told).decode(),
        )
        for one in found.asked
    ]
