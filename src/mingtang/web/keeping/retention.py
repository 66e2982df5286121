"""Lessons that have been over for as long as they are kept: told beforehand, then taken away with all they left."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Sequence

from msgspec import Struct

from mingtang.catalog.book import Catalog
from mingtang.catalog.records import LessonRecord
from mingtang.live.hall import Hall
from mingtang.readings.belongings import only_named_by
from mingtang.readings.lessonfile.layout import BadFile
from mingtang.settings import Settings
from mingtang.stores import StoreFailed
from mingtang.web.decks.shelf import Shelf
from mingtang.web.keeping.remains import Remains
from mingtang.web.media.recorder import Recorder
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
    """`days` 0 keeps for ever. `due` may go now, `soon` within a week; `open` were never ended and are kept. Recordings
    go `media_days` after a lesson's end, 0 with it; those of so many lessons may go now."""

    days: int
    due: list[Going]
    soon: list[Going]
    open: int
    media_days: int = 0
    media_due: int = 0


class Retention:
    def __init__(
        self,
        settings: Settings,
        hall: Hall,
        catalog: Catalog,
        shelf: Shelf,
        reader: Reader,
        remains: Remains,
        recorder: Recorder,
    ) -> None:
        self._days, self._media_days, self._hall, self._catalog = settings.keep_days, settings.media_days, hall, catalog
        self._shelf, self._reader, self._remains, self._recorder = shelf, reader, remains, recorder

    @property
    def clock(self) -> Callable[[], int]:
        return self._hall.clock

    async def outlook(self) -> Outlook:
        rows, now = await self._catalog.lessons(), self.clock()
        going = sorted((_going(row, self._days) for row in rows if row.ended), key=lambda one: (one.goes, one.id))
        told = Outlook(self._days, [], [], sum(not row.ended for row in rows), self._media_days)
        told.media_due = len(await self._over_recorded(rows))
        if not self._days:
            return told
        told.due = [one for one in going if one.goes <= now]
        told.soon = [one for one in going if now < one.goes <= now + WARN_DAYS * DAY_MS]
        return told

    async def _over_recorded(self, rows: Sequence[LessonRecord]) -> list[str]:
        """Lessons whose recordings have been kept long enough."""
        until = self.clock() - self._media_days * DAY_MS
        ended = [row.id for row in rows if self._media_days and row.ended and row.ended <= until]
        kept = await asyncio.to_thread(lambda: [one for one in ended if self._recorder.reels.size(one)])
        return kept

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
        for lesson in await self._over_recorded(await self._catalog.lessons()):
            await self._recorder.erase(lesson, self._recorder.reels.tracks(lesson))
            log.info("the recordings of a lesson were taken away", extra={"data": {"lesson": lesson}})
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
        await self._recorder.remove(lesson)
        await self._hall.store.remove(lesson)
        await self._remains.let_go(lesson)
        await self._catalog.keeping.forget(lesson)


def _going(row: LessonRecord, days: int) -> Going:
    return Going(row.id, row.title, row.ended, row.ended + days * DAY_MS)
