"""Keeps the index of all lessons in step with their logs, in a reading process: now and then, and when asked."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import time

from mingtang.catalog.book import Catalog, CatalogAway
from mingtang.readings.search import index
from mingtang.web.decks.shelf import Shelf, fetched
from mingtang.web.folder import Folder
from mingtang.web.reader import Reader

log = logging.getLogger(__name__)
LANE = "index"
EVERY_S = 60.0
FRESH_S = 3.0  # what was said this lately need not be found yet
WAITS_S = 1.0


class Librarian:
    """Nothing is read before the first question or the first beat."""

    def __init__(self, reader: Reader, catalog: Catalog, folder: Folder, shelf: Shelf) -> None:
        self._reader, self._catalog, self._shelf = reader, catalog, shelf
        self._path, self._assets = str(folder.search), str(folder.assets)
        self._round: asyncio.Task[None] | None = None
        self._beat: asyncio.Task[None] | None = None
        self._done = float("-inf")
        self._behind = 0

    def begin(self) -> None:
        self._beat = asyncio.create_task(self._now_and_then(), name="librarian")

    async def close(self) -> None:
        for task in (self._beat, self._round):
            if task is not None:
                task.cancel()
                with contextlib.suppress(asyncio.CancelledError):
                    await task

    async def freshen(self) -> int:
        """Before an answer: waits for the new events of lessons, but never long. How many lessons are not read yet; the
        rest is read meanwhile, so that asking again finds more."""
        if time.monotonic() - self._done < FRESH_S:
            return 0
        _, on_the_way = await asyncio.wait([self._rounds()], timeout=WAITS_S)
        return max(self._behind, int(self._done == float("-inf"))) if on_the_way else 0

    async def catch_up(self) -> None:
        """Every lesson is in the index as far as its log goes now."""
        await asyncio.shield(self._rounds())

    async def forget(self, lesson: str) -> None:
        """After a log was written anew or taken away; what is left of it is read again."""
        await self._reader.ask(LANE, index.drop, self._path, [lesson])
        self._done = float("-inf")

    def _rounds(self) -> asyncio.Task[None]:
        if self._round is None or self._round.done():
            self._round = asyncio.create_task(self._make_round(), name="round of the librarian")
        return self._round

    async def _now_and_then(self) -> None:
        while True:
            await asyncio.sleep(EVERY_S)
            await asyncio.wait([self._rounds()])

    async def _make_round(self) -> None:
        try:
            await self._read_all()
        except CatalogAway as away:
            log.warning("the index waits for the catalog: %s", away)
        except Exception:
            log.exception("the index could not be kept")

    async def _read_all(self) -> None:
        rows = await self._catalog.lessons()
        known = await self._reader.ask(LANE, index.seqs, self._path)
        if gone := sorted(known.keys() - {row.id for row in rows}):
            await self._reader.ask(LANE, index.drop, self._path, gone)
        fresh = sorted(rows, key=lambda row: (row.id in known, -row.created))
        for number, row in enumerate(fresh):
            self._behind = sum(one.id not in known for one in fresh[number:])
            await self._read(row.id)
        self._behind, self._done = 0, time.monotonic()

    async def _read(self, lesson: str) -> None:
        """A log that cannot be read keeps only itself out of the index."""
        try:
            absent = await self._reader.ask(LANE, index.catch_up, self._path, self._assets, lesson)
            if await fetched(self._shelf, absent):
                await self._reader.ask(LANE, index.catch_up, self._path, self._assets, lesson, again=True)
        except Exception as error:
            log.warning(
                "a lesson was left out of the index: %s", type(error).__name__, extra={"data": {"lesson": lesson}}
            )
