"""Decks being read, page by page, for the lesson or plan that owns them. Begun again where it was after a restart."""

from __future__ import annotations

import asyncio
import logging
import shutil
from pathlib import Path
from typing import Any

from mingtang.catalog.book import Catalog
from mingtang.core.event import Refused
from mingtang.live.hall import Hall, UnknownLesson
from mingtang.settings import Settings
from mingtang.stores import StoreFailed
from mingtang.web.decks.intake import Upload
from mingtang.web.decks.office import Office, is_presentation, notes
from mingtang.web.decks.owners import LessonOwner, Owner, PlanOwner, Sleep
from mingtang.web.decks.picture import convert_picture, kind_of
from mingtang.web.decks.process import DeckFailed, Limits, Process
from mingtang.web.decks.shelf import Shelf
from mingtang.web.errors import Fault
from mingtang.web.logs import lesson_id
from mingtang.web.words import say

log = logging.getLogger(__name__)
STATUS = {"deck.disk_full": 507, "deck.no_office": 501}
WORKER = "worker"  # a file beside an upload: which of several processes draws it


class Opened:
    """A file that is known to be a PDF, or has become one, with its worker waiting to draw."""

    def __init__(self, upload: Upload, process: Process, pages: int) -> None:
        self.upload, self.process, self.pages = upload, process, pages
        self.notes = notes(upload.file.parent, pages)


class Reading:
    def __init__(
        self,
        settings: Settings,
        folder: Path,
        hall: Hall,
        catalog: Catalog,
        shelf: Shelf,
        sleep: Sleep = asyncio.sleep,
        files: Path | None = None,
        worker: int = 0,
    ) -> None:
        """`folder` is where uploads lie while they are read, `files` where those of plans stay."""
        self._worker, self._elsewhere = str(worker), bool(settings.store)
        self._limits, self._folder = Limits.of(settings), folder
        self._planned = PlanOwner(catalog, folder, files or folder)
        self._hall, self._catalog, self._shelf, self._sleep = hall, catalog, shelf, sleep
        self._office = Office(settings)
        self._free = asyncio.Semaphore(settings.deck_workers)
        self._tasks: set[asyncio.Task[None]] = set()
        self._processes: set[Process] = set()

    async def open(self, upload: Upload, language: str) -> Opened:
        """Starts the worker and waits for its first word. Raises Fault for a file that cannot be a deck."""
        process = Process(upload.file.parent, self._limits, say(language, "deck.bad_page"))
        await self._free.acquire()
        self._processes.add(process)
        try:
            if is_presentation(upload.file):
                await self._office.convert(upload.file)
            elif kind_of(upload.file):
                await convert_picture(upload.file, self._limits)
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
            owner = self._owner(lesson)
            (self._folder / upload.deck / WORKER).write_text(self._worker)
            await owner.begin(upload.deck, upload.name, opened.pages)
        except BaseException:
            await self.give_up(opened)
            raise
        self._spawn(self._follow(owner, upload.deck, opened.process))

    async def begin_for_plan(self, plan: str, opened: Opened, name: str) -> None:
        """The deck becomes the plan's, by the name of its file there; its pages are drawn from now on."""
        upload = opened.upload
        try:
            at = self._hall.clock()
            await self._catalog.plans.add_deck(upload.deck, plan, name, opened.pages, upload.sha256, at)
            (self._folder / upload.deck / WORKER).write_text(self._worker)
        except BaseException:
            await self._release(opened.process)
            upload.discard()
            raise
        self._spawn(self._follow(self._planned, upload.deck, opened.process))

    def _owner(self, lesson: str) -> LessonOwner:
        return LessonOwner(self._hall, self._catalog, self._folder, lesson, self._sleep)

    async def give_up(self, opened: Opened) -> None:
        await self._release(opened.process)
        await self._catalog.finish_deck(opened.upload.deck, "failed", "store_failed")
        opened.upload.discard()

    async def resume(self, all_workers: bool = True) -> None:
        """Goes on with what was being read when the program ended, and clears what nobody waits for; when not all
        workers ended, only with what this one's predecessor was reading."""
        reading, plans = await self._catalog.decks_in_reading(), await self._catalog.plans.decks_in_reading()
        decks = {deck.id: deck for deck in reading if self._left_here(deck.id, all_workers)}
        planned = {deck.id: (drawn, told) for deck, drawn, told in plans if self._left_here(deck.id, all_workers)}
        for left in self._folder.iterdir() if all_workers else ():
            if left.name not in decks and left.name not in planned:
                shutil.rmtree(left, ignore_errors=True)
        for deck in decks.values():
            self._spawn(self._again(deck.lesson, deck.id, deck.name, deck.pages))
        for id, (drawn, language) in planned.items():
            self._spawn(self._go_on(self._planned, id, drawn, language))

    def _left_here(self, deck: str, all_workers: bool) -> bool:
        """A deck whose file is not here is another node's, unless there is none."""
        if all_workers:
            return not self._elsewhere or (self._folder / deck).is_dir()
        note = self._folder / deck / WORKER
        return note.is_file() and note.read_text() == self._worker

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
        owner = self._owner(lesson)
        await owner.begin(deck, name, pages)
        await self._go_on(owner, deck, drawn, row.language if row else "en")

    async def _go_on(self, owner: Owner, deck: str, drawn: int, language: str) -> None:
        async with self._free:
            process = Process(self._folder / deck, self._limits, say(language, "deck.bad_page"), first=drawn + 1)
            self._processes.add(process)
            try:
                await process.start()
            except (DeckFailed, OSError) as failed:
                code = failed.code if isinstance(failed, DeckFailed) else "deck.broken"
                await self._failed(owner, deck, DeckFailed(code))
            else:
                await self._follow(owner, deck, process, hold=False)

    async def _follow(self, owner: Owner, deck: str, process: Process, hold: bool = True) -> None:
        lesson_id.set(owner.lesson)
        try:
            async for page in process.pages():
                asset = await asyncio.to_thread(self._shelf.take, self._folder / deck / str(int(page["page"])))
                await owner.page(deck, page, asset)
            await owner.finish(deck, "ready", DeckFailed(""))
        except DeckFailed as failed:
            await self._failed(owner, deck, failed)
        except OSError as error:
            log.error("a page could not be kept: %s", error)
            await self._failed(owner, deck, DeckFailed("deck.disk_full"))
        except StoreFailed as error:
            log.error("reading a deck stopped until the next start: %s", error)
        except Refused as refused:
            log.warning("reading a deck was ended", extra={"data": {"code": refused.code}})
            if refused.code != "store_failed":
                await owner.finish(deck, "failed", DeckFailed(refused.code))
        finally:
            await process.gone()
            self._processes.discard(process)
            if hold:
                self._free.release()

    async def _failed(self, owner: Owner, deck: str, failed: DeckFailed) -> None:
        log.warning("a deck could not be read", extra={"data": {"deck": deck, "code": failed.code}})
        await owner.failed(deck, failed)
        await owner.finish(deck, "failed", failed)

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
