"""A lesson from a file made one of this server's: all of it, or nothing. What a crash left half-way is taken away at
the next start, by a note that is written first and removed last."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import msgspec
from msgspec import Struct

from mingtang.catalog.book import Catalog
from mingtang.core.event import Row
from mingtang.readings.lessonfile.layout import EVENTS, MANIFEST, Manifest
from mingtang.readings.lessonfile.opening import rows_of
from mingtang.stores import Store
from mingtang.stores.media.reels import Reels
from mingtang.web.decks.shelf import Shelf
from mingtang.web.errors import Fault
from mingtang.web.folder import Folder, move_whole, write_whole
from mingtang.web.keeping.plantext import ENTRY, place_of
from mingtang.web.tokens import new_id

log = logging.getLogger(__name__)
NOTE = "note.json"
ROWS_AT_ONCE = 1000  # other lessons append in between


class Note(Struct):
    """What is being added: the lesson, and the pictures that were not here before."""

    lesson: str
    assets: list[str]


@dataclass(frozen=True, slots=True)
class Taken:
    lesson: str
    title: str
    events: int


class Taking:
    def __init__(self, folder: Folder, store: Store, catalog: Catalog, shelf: Shelf, reels: Reels) -> None:
        self._folder, self._store, self._catalog, self._shelf, self._reels = folder, store, catalog, shelf, reels
        self._one_at_a_time = asyncio.Lock()

    async def resume(self) -> None:
        """Takes away what was begun and not finished."""
        for left, note in await asyncio.to_thread(self._left):
            if note:
                log.warning("an import was not finished and is taken back", extra={"data": {"lesson": note.lesson}})
                await self._undo(note)
            await asyncio.to_thread(shutil.rmtree, left, ignore_errors=True)

    def _left(self) -> list[tuple[Path, Note | None]]:
        return [(left, _note(left / NOTE)) for left in sorted(self._folder.imports.glob("*/"))]

    async def take(self, place: Path, language: str, copy: bool) -> Taken:
        """`place` holds what `opener.unpacked` left. An existing lesson is never written over: Fault, unless a copy
        under an id of its own is wanted."""
        async with self._one_at_a_time:
            manifest = await asyncio.to_thread(_manifest, place / "in")
            lesson = new_id() if copy else manifest.lesson.id
            await self._check_free(lesson)
            fresh = await asyncio.to_thread(self._fresh, place / "in")
            note = Note(lesson, fresh)
            write_whole(place / NOTE, msgspec.json.encode(note))
            try:
                await asyncio.to_thread(self._shelve, place / "in", note)
                await self._keep(lesson, place / "in" / EVENTS, manifest)
                await self._list(lesson, manifest, language)
            except BaseException:
                await asyncio.shield(self._undo(note))
                raise
            await asyncio.to_thread((place / NOTE).unlink)
        return Taken(lesson, manifest.lesson.title, manifest.events)

    async def _check_free(self, lesson: str) -> None:
        if known := await self._catalog.lesson(lesson):
            raise Fault(409, "file.exists", title=known.title)
        if await self._store.head(lesson):
            raise Fault(409, "file.exists", title=lesson)

    def _fresh(self, unpacked: Path) -> list[str]:
        """Pictures that are not on the shelf; the same one under the same name is shared."""
        fresh = []
        for folder in sorted((unpacked / "assets").glob("*/")):
            files = {file.name: file.read_bytes() for file in folder.iterdir()}
            here = {name: self._shelf.read(folder.name, name) for name in files}
            if not any(here.values()):
                fresh.append(folder.name)
            elif here != files:
                raise Fault(409, "file.picture_taken", name=folder.name)
        return fresh

    def _shelve(self, unpacked: Path, note: Note) -> None:
        for asset in note.assets:
            self._shelf.put(asset, unpacked / "assets" / asset)
        for file in sorted((unpacked / "media").glob("*.objects")):
            place = self._reels.place(note.lesson, int(file.stem))
            place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            move_whole(file, place)
        if (unpacked / ENTRY).is_file():
            place = place_of(self._folder, note.lesson)
            place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            write_whole(place, (unpacked / ENTRY).read_bytes())

    async def _keep(self, lesson: str, events: Path, manifest: Manifest) -> None:
        rows = rows_of(events)
        while batch := await asyncio.to_thread(_next, rows):
            await self._store.append(lesson, batch[0].seq - 1, batch)
        if not manifest.lesson.ended:  # it went on when it was exported; here nobody can come in any more
            last = manifest.events + 1
            end = Row(last, manifest.lesson.last, "", "", "lesson.ended", 1, b'{"kind":"lesson.ended"}')
            await self._store.append(lesson, manifest.events, [end])

    async def _list(self, lesson: str, manifest: Manifest, language: str) -> None:
        """Last, as what is listed can be opened."""
        told = manifest.lesson
        pages = [name.split("/")[1] for name in manifest.entries if name.endswith("/640.webp")]
        await self._catalog.keeping.add_imported(
            lesson=lesson,
            code=told.code,
            title=told.title,
            course=told.course,
            language=language,
            created=told.opened,
            ended=told.ended or told.last,
            people=told.students,
            pages=len(pages),
            asset=pages[0] if pages else "",
        )

    async def _undo(self, note: Note) -> None:
        if await self._catalog.lesson(note.lesson):  # it was finished, only the note was still there
            return
        await self._store.remove(note.lesson)
        for asset in note.assets:
            await asyncio.to_thread(self._shelf.drop, asset)
        await asyncio.to_thread(self._reels.remove, note.lesson)
        await asyncio.to_thread(shutil.rmtree, self._folder.came / note.lesson, ignore_errors=True)


def _note(file: Path) -> Note | None:
    with contextlib.suppress(OSError, msgspec.MsgspecError):
        return msgspec.json.decode(file.read_bytes(), type=Note)
    return None


def _manifest(unpacked: Path) -> Manifest:
    return msgspec.json.decode((unpacked / MANIFEST).read_bytes(), type=Manifest)


def _next(rows: Iterator[Row]) -> list[Row]:
    return list(islice(rows, ROWS_AT_ONCE))
