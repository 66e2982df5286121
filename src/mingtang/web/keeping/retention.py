"""Lessons that have been over for as long as they are kept: told beforehand, then taken away with all they left."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable

from msgspec import Struct

from mingtang.catalog.book import Catalog
from mingtang.catalog.records import LessonRecord
from mingtang.live.hall import Hall
from mingtang.readings.belongings import only_named_by
from mingtang.readings.lessonfile.layout import BadFile
from mingtang.stores import StoreFailed
from mingtang.web.decks.shelf import Shelf
from mingtang.web.keeping.remains import Remains
from mingtang.web.reader import Reader

log = logging.getLogger(__name__)
LANE = "keeping"
DAY_MS = 24 * 3600 * 1000
WARN_DAYS = 7


class Going(Struct):
    """A lesson and when it may go, UTC ms."""

    id: str
    title: str
    ended: int
    goes: int


class Outlook(Struct):
    """`days` 0 keeps for ever. `due` may go now, `soon` within a week; `open` were never ended and are kept."""

    days: int
    due: list[Going]
    soon: list[Going]
    open: int


class Retention:
    def __init__(self, days: int, hall: Hall, catalog: Catalog, shelf: Shelf, reader: Reader, remains: Remains) -> None:
        self._days, self._hall, self._catalog = days, hall, catalog
        self._shelf, self._reader, self._remains = shelf, reader, remains

    @property
    def clock(self) -> Callable[[], int]:
        return self._hall.clock

    async def outlook(self) -> Outlook:
        rows, now = await self._catalog.lessons(), self.clock()
        going = sorted((_going(row, self._days) for row in rows if row.ended), key=lambda one: (one.goes, one.id))
        unended = sum(not row.ended for row in rows)
        if not self._days:
            return Outlook(0, [], [], unended)
        due = [one for one in going if one.goes <= now]
        soon = [one for one in going if now < one.goes <= now + WARN_DAYS * DAY_MS]
        return Outlook(self._days, due, soon, unended)

    async def keep_house(self) -> list[Going]:
        """Takes away what is due and says what will be; what went. One lesson that cannot go hinders no other."""
        outlook, gone = await self.outlook(), list[Going]()
        for one in outlook.due:
            try:
                await self._remove(one.id)
            except (BadFile, StoreFailed) as error:
                log.error("lesson %s could not be taken away: %s", one.id, error)
                continue
            gone.append(one)
            log.info("a lesson was taken away", extra={"data": {"lesson": one.id, "ended": one.ended}})
        if outlook.soon:
            told = {"lessons": [one.id for one in outlook.soon], "first": outlook.soon[0].goes}
            log.info("lessons will be taken away within a week", extra={"data": told})
        return gone

    async def _remove(self, lesson: str) -> None:
        """In an order that can be begun again: what is listed last is what tells that it is to go."""
        others = await self._catalog.keeping.imported_besides(lesson)
        named = await self._reader.ask(LANE, only_named_by, lesson, others)
        used = await self._catalog.keeping.pictures_besides(lesson)
        await self._hall.put_away(lesson)
        for asset in named:
            if asset not in used:
                await asyncio.to_thread(self._shelf.drop, asset)
        await self._hall.store.remove(lesson)
        await self._remains.let_go(lesson)
        await self._catalog.keeping.forget(lesson)


def _going(row: LessonRecord, days: int) -> Going:
    return Going(row.id, row.title, row.ended, row.ended + days * DAY_MS)
