"""Decks being read: each page that is drawn becomes a fact of its lesson. Begun again where it was after a restart."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

from mingtang.catalog.book import Catalog
from mingtang.core.event import Refused
from mingtang.live.hall import Hall, UnknownLesson
from mingtang.settings import Settings
from mingtang.stores import StoreFailed
from mingtang.web.commands import command
from mingtang.web.decks.intake import Upload
from mingtang.web.decks.process import DeckFailed, Limits, Process
from mingtang.web.decks.shelf import Shelf
from mingtang.web.errors import Fault
from mingtang.web.logs import lesson_id
from mingtang.web.words import say

log = logging.getLogger(__name__)
PATIENCE = (0.5, 1.0, 2.0, 4.0, 8.0, 15.0, 30.0)
STATUS = {"deck.too_slow": 422, "deck.disk_full": 507, "deck.too_big": 422}
Sleep = Callable[[float], Any]


class Opened:
    """A file that is known to be a PDF, with its worker waiting to draw."""

    def __init__(self, upload: Upload, process: Process, pages: int) -> None:
        self.upload, self.process, self.pages = upload, process, pages


class Reading:
    def __init__(
        self, settings: Settings, folder: Path, hall: Hall, catalog: Catalog, shelf: Shelf, sleep: Sleep = asyncio.sleep
    ) -> None:
        self._limits, self._folder = Limits.of(settings), folder
        self._hall, self._catalog, self._shelf, self._sleep = hall, catalog, shelf, sleep
        self._free = asyncio.Semaphore(settings.deck_workers)
        self._tasks: set[asyncio.Task[None]] = set()
        self._processes: set[Process] = set()

    async def open(self, upload: Upload, language: str) -> Opened:
        """Starts the worker and waits for its first word. Raises Fault for a file that cannot be a deck."""
        process = Process(upload.file.parent, self._limits, say(language, "deck.bad_page"))
        await self._free.acquire()
        self._processes.add(process)
        try:
            pages = await process.start()
        except DeckFailed as failed:
            await self._release(process)
            upload.discard()
            raise Fault(STATUS.get(failed.code, 422), failed.code, **failed.params) from failed
        except BaseException:
            await self._release(process)
            upload.discard()
            raise
        return Opened(upload, process, pages)

    async def begin(self, lesson: str, opened: Opened) -> None:
        """The deck becomes the lesson's; its pages follow as they are drawn."""
        upload = opened.upload
        try:
            at = self._hall.clock()
            await self._catalog.add_deck(upload.deck, lesson, upload.name, opened.pages, upload.sha256, at)
            await self._submit(lesson, "slides.begin_deck", deck=upload.deck, name=upload.name, pages=opened.pages)
        except BaseException:
            await self.give_up(opened)
            raise
        self._spawn(self._follow(lesson, upload.deck, opened.process))

    async def give_up(self, opened: Opened) -> None:
        await self._release(opened.process)
        await self._catalog.finish_deck(opened.upload.deck, "failed", "store_failed")
        opened.upload.discard()

    async def resume(self) -> None:
        """Goes on with what was being read when the program ended, and clears what nobody waits for."""
        decks = {deck.id: deck for deck in await self._catalog.decks_in_reading()}
        for left in self._folder.iterdir():
            if left.name not in decks:
                shutil.rmtree(left, ignore_errors=True)
        for deck in decks.values():
            self._spawn(self._again(deck.lesson, deck.id, deck.name, deck.pages))

    async def _again(self, lesson: str, deck: str, name: str, pages: int) -> None:
        try:
            found = await self._hall.look(lesson)
        except (UnknownLesson, StoreFailed):
            return await self._catalog.finish_deck(deck, "failed", "store_failed")
        if found.ended:
            return await self._catalog.finish_deck(deck, "failed", "lesson.ended")
        known = found.states["slides"].decks.get(deck)
        drawn = len(known.drawn) if known else 0
        row = await self._catalog.lesson(lesson)
        note = say(row.language if row else "en", "deck.bad_page")
        async with self._free:
            process = Process(self._folder / deck, self._limits, note, first=drawn + 1)
            self._processes.add(process)
            await self._submit(lesson, "slides.begin_deck", deck=deck, name=name, pages=pages)
            try:
                await process.start()
            except (DeckFailed, OSError) as failed:
                code = failed.code if isinstance(failed, DeckFailed) else "deck.broken"
                await self._failed(lesson, deck, DeckFailed(code))
            else:
                await self._follow(lesson, deck, process, hold=False)

    async def _follow(self, lesson: str, deck: str, process: Process, hold: bool = True) -> None:
        lesson_id.set(lesson)
        try:
            async for page in process.pages():
                await self._page(lesson, deck, page)
            await self._finish(deck, "ready")
        except DeckFailed as failed:
            await self._failed(lesson, deck, failed)
        except OSError as error:
            log.error("a page could not be kept: %s", error)
            await self._failed(lesson, deck, DeckFailed("deck.disk_full"))
        except StoreFailed as error:
            log.error("reading a deck stopped until the next start: %s", error)
        except Refused as refused:
            log.warning("reading a deck was ended", extra={"data": {"code": refused.code}})
            if refused.code != "store_failed":
                await self._finish(deck, "failed", refused.code)
        finally:
            await process.gone()
            self._processes.discard(process)
            if hold:
                self._free.release()

    async def _page(self, lesson: str, deck: str, page: dict[str, Any]) -> None:
        number = int(page["page"])
        asset = await asyncio.to_thread(self._shelf.take, self._folder / deck / str(number))
        await self._catalog.add_page(deck, number, asset)
        size = {"width": page["width"], "height": page["height"]}
        await self._submit(lesson, "slides.add_page", deck=deck, page=number, asset=asset, title=page["title"], **size)

    async def _failed(self, lesson: str, deck: str, failed: DeckFailed) -> None:
        log.warning("a deck could not be read", extra={"data": {"deck": deck, "code": failed.code}})
        with contextlib.suppress(Refused):  # the lesson may have ended, or its log be unwritable: then nobody is told
            await self._submit(lesson, "slides.fail_deck", deck=deck, code=failed.code, params=failed.params)
        await self._finish(deck, "failed", failed.code)

    async def _finish(self, deck: str, status: str, code: str = "") -> None:
        await self._catalog.finish_deck(deck, status, code)
        shutil.rmtree(self._folder / deck, ignore_errors=True)

    async def _submit(self, lesson: str, kind: str, **fields: Any) -> None:
        """A full disk may become free again: the deck waits for that rather than losing a page."""
        wish = command(self._hall.kinds, kind, **fields)
        for pause in (*PATIENCE, None):
            try:
                await self._hall.submit(lesson, wish)
                return
            except Refused as refused:
                if refused.code != "store_failed" or pause is None:
                    raise
                await self._sleep(pause)

    def _spawn(self, work: Any) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._done)

    def _done(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (error := task.exception()):
            log.error("reading a deck failed", exc_info=error)

    async def _release(self, process: Process) -> None:
        await process.gone()
        self._processes.discard(process)
        self._free.release()

    async def settled(self) -> None:
        """All decks read, or given up."""
        while self._tasks:
            await asyncio.gather(*self._tasks, return_exceptions=True)

    async def close(self) -> None:
        """Stops in the middle; `resume` goes on from there."""
        tasks = list(self._tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        for process in list(self._processes):
            await process.gone()
