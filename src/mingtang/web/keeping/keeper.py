"""What is done now and then while a server runs: lessons whose time is over go, and the disk is cleared of them."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import shutil
import stat
from pathlib import Path

from mingtang.catalog.book import CatalogAway
from mingtang.live.hall import Hall
from mingtang.stores import StoreFailed
from mingtang.web.folder import Folder
from mingtang.web.keeping.remains import Remains
from mingtang.web.keeping.retention import DAY_MS, Retention

log = logging.getLogger(__name__)
EVERY_S = 600.0


class Keeper:
    def __init__(self, folder: Folder, hall: Hall, retention: Retention, remains: Remains, readings_days: int) -> None:
        self._folder, self._hall, self._retention, self._remains = folder, hall, retention, remains
        self._readings_days = readings_days
        self._task: asyncio.Task[None] | None = None
        self._kept_house = 0

    def begin(self) -> None:
        self._task = asyncio.create_task(self._now_and_then(), name="keeper")

    async def close(self) -> None:
        if self._task is not None:
            self._task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._task

    async def _now_and_then(self) -> None:
        while True:
            await asyncio.sleep(EVERY_S)
            try:
                await self.turn()
            except (CatalogAway, StoreFailed) as away:
                log.warning("keeping house waits: %s", away)
            except Exception:
                log.exception("keeping house failed")

    async def turn(self) -> None:
        """Once a day the house is kept; whenever no lesson is held, the disk is cleared of what has gone."""
        now = self._hall.clock()
        if now - self._kept_house >= DAY_MS:
            self._kept_house = now
            await self._retention.keep_house()
            await asyncio.to_thread(self._clear_readings, now)
        if not self._hall.busy():
            await self._remains.sweep()

    def _clear_readings(self, now: int) -> None:
        """Journals and videos that nobody has asked for lately; who asks again has them made again."""
        if not self._readings_days:
            return
        for lesson in (*self._folder.replays.glob("*/*/"), *self._folder.videos.glob("*/")):
            if newest(lesson) * 1000 < now - self._readings_days * DAY_MS:
                shutil.rmtree(lesson, ignore_errors=True)


def newest(folder: Path) -> float:
    """When anything in it was last written or read, as far as the file system tells."""
    times = [0.0]
    for file in folder.rglob("*"):
        with contextlib.suppress(OSError):
            about = file.stat()
            if stat.S_ISREG(about.st_mode):
                times.append(max(about.st_mtime, about.st_atime))
    return max(times)
