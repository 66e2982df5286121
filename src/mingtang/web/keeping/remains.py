"""What is left of a lesson outside its log: readings that were kept, and bytes on the disk that nothing points to."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import shutil
from collections.abc import Callable

from sqlalchemy.exc import SQLAlchemyError

from mingtang.catalog.book import Catalog
from mingtang.live.others import EVERYWHERE, Message, Others, Rewritten
from mingtang.readings import following, recorded
from mingtang.readings.replay import archive, circle
from mingtang.readings.report import lane
from mingtang.stores import Store, StoreFailed
from mingtang.web.folder import Folder, write_whole
from mingtang.web.librarian import Librarian
from mingtang.web.reader import Reader

log = logging.getLogger(__name__)
FOLLOWING = ("notebook", "search", "erase", "bank")


class Remains:
    """Readings are forgotten at once. The disk is cleared when no lesson is held, as that may take long; a mark in the
    folder says that it is due, so that a restart forgets nothing. `also`: whoever else keeps something of lessons."""

    def __init__(
        self,
        folder: Folder,
        store: Store,
        catalog: Catalog,
        reader: Reader,
        librarian: Librarian,
        others: Others | None = None,
    ) -> None:
        self._folder, self._store, self._catalog = folder, store, catalog
        self._reader, self._librarian = reader, librarian
        self.also: list[Callable[[str], None]] = []
        self._others = others
        self._heard: set[asyncio.Task[None]] = set()
        if others is not None:
            others.listen(EVERYWHERE, self._hear)

    async def forget(self, lesson: str) -> None:
        """After the log of a lesson was rewritten or removed."""
        write_whole(self._folder.unswept, b"")
        await self._forget_here(lesson)
        if self._others is not None:
            self._others.tell(EVERYWHERE, Rewritten(self._others.node, lesson))

    async def let_go(self, lesson: str) -> None:
        """Of a lesson that is no more: also what only it had."""
        await self.forget(lesson)
        await asyncio.to_thread(shutil.rmtree, self._folder.came / lesson, ignore_errors=True)

    def _hear(self, message: Message) -> None:
        """Another node has done it; a message that is lost leaves old readings there until it begins anew."""
        if isinstance(message, Rewritten) and self._others is not None and message.node != self._others.node:
            task = asyncio.get_running_loop().create_task(self._forget_here(message.lesson))
            self._heard.add(task)
            task.add_done_callback(self._heard.discard)

    async def _forget_here(self, lesson: str) -> None:
        for name in FOLLOWING:
            if self._reader.runs(name):
                await self._reader.ask(name, following.forget, lesson)
        if self._reader.runs("report"):
            await self._reader.ask("report", lane.forget, lesson)
        if self._reader.runs("replay"):
            await self._reader.ask("replay", circle.forget, lesson)
            await self._reader.ask("replay", recorded.forget, lesson)
        await self._reader.ask("replay", archive.forget, str(self._folder.replays), lesson)
        await self._librarian.forget(lesson)
        for forget in self.also:
            forget(lesson)

    @property
    def due(self) -> bool:
        return self._folder.unswept.exists()

    async def sweep(self) -> bool:
        """Clears the disk of what was rewritten or removed; False when it has to be tried again."""
        if not self.due:
            return True
        try:
            await self._store.compact()
            await self._catalog.compact()
        except (StoreFailed, SQLAlchemyError) as error:
            log.warning("the disk could not be cleared yet: %s", error)
            return False
        with contextlib.suppress(FileNotFoundError):
            await asyncio.to_thread(self._folder.unswept.unlink)
        return True
