"""A lesson out as a file and in again, over HTTP: streamed, limited in size, never held in memory."""

from __future__ import annotations

import asyncio
import contextlib
import errno
import shutil
from collections.abc import AsyncIterator
from pathlib import Path
from urllib.parse import quote

from litestar import get, post
from litestar.background_tasks import BackgroundTask
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery
from litestar.response import Stream
from msgspec import Struct

from mingtang.readings.lessonfile.layout import BadFile, Manifest
from mingtang.readings.lessonfile.packing import pack
from mingtang.settings import Settings
from mingtang.stores.media.reels import Reels
from mingtang.stores.reading import LogReader
from mingtang.web import who
from mingtang.web.decks.intake import SPARE
from mingtang.web.engines import media_folder
from mingtang.web.errors import AnyRequest, Fault
from mingtang.web.folder import Folder
from mingtang.web.keeping.opener import unpacked
from mingtang.web.keeping.pictures import pictures
from mingtang.web.keeping.plantext import plan_of
from mingtang.web.keeping.taking import Taken
from mingtang.web.node import Node
from mingtang.web.tokens import new_id
from mingtang.web.words import language_of

LANE = "export"
PIECE = 1 << 20
ENDING = ".mingtang"
NOTHING_TO_READ = {"file.no_lesson": 404, "file.unreadable_log": 500}


class Imported(Struct):
    """A lesson that came from a file; `console` is the teacher's page of it."""

    id: str
    title: str
    events: int
    console: str


@get("/api/teach/lessons/{lesson:str}/lesson.mingtang", tags=["teach"])
async def export_lesson(
    request: AnyRequest, node: NamedDependency[Node], lesson: FromPath[str], media: FromQuery[bool] = True
) -> Stream:
    """The whole lesson as one file, as far as it has gone: `docs/build/file-format.md`. `media=false` leaves out what
    is recorded of voice and picture, which is most of the size."""
    who.require_teacher(request, node)
    place = node.folder.imports / new_id()
    try:
        manifest = await node.reader.ask(LANE, _packed, lesson, node.settings, node.folder, place / "out", media)
    except BaseException as error:
        await asyncio.to_thread(shutil.rmtree, place, ignore_errors=True)
        raise _fault(error) from error
    size = await asyncio.to_thread(_size, place / "out")
    headers = {"Content-Disposition": _named(manifest), "Content-Length": str(size), "Cache-Control": "no-store"}
    clear = BackgroundTask(asyncio.to_thread, shutil.rmtree, place, ignore_errors=True)
    return Stream(_pieces(place / "out"), media_type="application/zip", headers=headers, background=clear)


def _size(file: Path) -> int:
    return file.stat().st_size


def _packed(
    reader: LogReader, lesson: str, settings: Settings, folder: Folder, out: Path, with_media: bool
) -> Manifest:
    out.parent.mkdir(mode=0o700)
    plan = plan_of(folder, settings.store or folder.catalog, lesson)
    media = Reels(media_folder(settings, folder)) if with_media else None
    return pack(reader, lesson, pictures(settings, folder), out, plan=plan, media=media)


def _fault(error: BaseException) -> BaseException:
    if isinstance(error, BadFile):
        return Fault(NOTHING_TO_READ.get(error.code, 422), error.code, **error.params)
    return _disk(error)


def _disk(error: BaseException) -> BaseException:
    full = isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
    return Fault(507, "file.disk_full") if full else error


def _named(manifest: Manifest) -> str:
    """The title as the file's name, whatever signs it has (RFC 6266)."""
    title = "".join(sign for sign in manifest.lesson.title if sign.isprintable() and sign not in '\\/:*?"<>|')[:80]
    name = (title.strip(" .") or manifest.lesson.code) + ENDING
    return f"attachment; filename=\"lesson-{manifest.lesson.code}{ENDING}\"; filename*=UTF-8''{quote(name)}"


async def _pieces(file: Path) -> AsyncIterator[bytes]:
    with await asyncio.to_thread(file.open, "rb") as stream:
        while piece := await asyncio.to_thread(stream.read, PIECE):
            yield piece


@post("/api/teach/import", request_max_body_size=None, tags=["teach"])
async def import_lesson(
    request: AnyRequest, node: NamedDependency[Node], copy: FromQuery[bool] = False, lang: FromQuery[str] = "en"
) -> Imported:
    """A lesson from a file, which is the body as it is. One that is here already is refused; `copy=true` makes another
    of it. A file that is damaged, hostile or from a newer program adds nothing."""
    who.require_teacher(request, node)
    place = node.folder.imports / new_id()
    await asyncio.to_thread(place.mkdir, mode=0o700)
    try:
        await _receive(request, place / "file", node.settings.max_lesson_mb)
        taken = await take_file(node, place, place / "file", language_of(lang), copy)
    except OSError as error:
        raise _disk(error) from error
    finally:
        with contextlib.suppress(OSError):
            await asyncio.to_thread(shutil.rmtree, place)
    return Imported(taken.lesson, taken.title, taken.events, f"{who.address(request, node)}/teach/{taken.lesson}")


async def take_file(node: Node, place: Path, file: Path, language: str, copy: bool) -> Taken:
    """Also for the command line, without a server. `place` is an own folder below imports. Raises Fault."""
    await unpacked(file, place / "in", node.settings.max_lesson_mb)
    return await node.taking.take(place, language, copy)


async def _receive(request: AnyRequest, file: Path, most_mb: int) -> None:
    told, size = int(request.headers.get("content-length") or 0), 0
    if told > most_mb * 1_000_000:
        raise Fault(413, "file.too_big", most=most_mb)
    if shutil.disk_usage(file.parent).free < told + SPARE:
        raise Fault(507, "file.disk_full")
    with await asyncio.to_thread(file.open, "xb") as out:
        async for piece in request.stream():
            size += len(piece)
            if size > most_mb * 1_000_000:
                raise Fault(413, "file.too_big", most=most_mb)
            await asyncio.to_thread(out.write, piece)
    if size == 0:
        raise Fault(400, "file.empty")
