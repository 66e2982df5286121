"""Videos and recorded tracks of a lesson over HTTP, for its staff."""

from __future__ import annotations

import asyncio
import re
import shutil
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any, Literal
from urllib.parse import quote

import msgspec
from litestar import Response, delete, get, post
from litestar.background_tasks import BackgroundTask
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery
from litestar.response import File, Stream
from msgspec import Struct

from mingtang.activities import kinds
from mingtang.core.event import is_id
from mingtang.readings.video.job import OUT, State
from mingtang.readings.video.offers import Offer, Told, offers
from mingtang.stores.media.reels import Reels
from mingtang.stores.reading import LogReader
from mingtang.web import who
from mingtang.web.confined import Bounds, run
from mingtang.web.errors import AnyRequest, Fault
from mingtang.web.node import Node
from mingtang.web.tokens import new_id
from mingtang.web.video.studio import FORMS, LANE, Studio, outlived, prepare
from mingtang.web.words import language_of

PIECE = 1 << 20
BOUNDS = Bounds(memory_mb=2048, seconds=600, file_mb=32_000)
STATUS = {"video.disk_full": 507, "video.nothing": 404}
_is_name = re.compile(r"([0-9]{1,5})-(?:sound|picture)-[a-z-]+\.(mp4|webm)").fullmatch
Form = Literal["mp4", "webm"]


class Track(Struct):
    """A recorded track; `files` are the names under which it can be fetched."""

    no: int
    source: str
    ms: int
    bytes: int
    files: list[str]


@get("/api/teach/lessons/{lesson:str}/video", tags=["teach"])
async def videos(
    request: AnyRequest, node: NamedDependency[Node], studio: NamedDependency[Studio], lesson: FromPath[str]
) -> Response[dict[str, State]]:
    """How far the videos of a lesson are, by their kind of file."""
    await _allowed(request, node, lesson)
    await _true(node, studio, lesson)
    told = {form: await asyncio.to_thread(studio.state, lesson, form) for form in FORMS}
    return Response(told, headers={"Cache-Control": "no-store"})


@get("/api/teach/lessons/{lesson:str}/tracks", tags=["teach"])
async def tracks(request: AnyRequest, node: NamedDependency[Node], lesson: FromPath[str]) -> Response[list[Track]]:
    """What was recorded in a lesson, and the files that can be had of it."""
    await _allowed(request, node, lesson)
    found = await _offers(node, lesson)
    told = [Track(one.no, one.source, one.ms, one.bytes, [one.name(form) for form in one.forms]) for one in found]
    return Response(told, headers={"Cache-Control": "no-store"})


@post("/api/teach/lessons/{lesson:str}/video", status_code=202, tags=["teach"])
async def make_video(
    request: AnyRequest,
    node: NamedDependency[Node],
    studio: NamedDependency[Studio],
    lesson: FromPath[str],
    form: FromQuery[Form] = "mp4",
    lang: FromQuery[str] = "en",
) -> State:
    """Begins a video, or goes on with one that was interrupted. Videos are made one at a time."""
    await _allowed(request, node, lesson)
    await _true(node, studio, lesson)
    if (told := studio.state(lesson, form)).state in ("running", "waiting"):
        return told
    place, folder = studio.place(lesson, form), node.folder
    try:
        assets = await node.reader.ask(
            LANE, prepare, place, lesson, node.reels.folder, folder.assets, language_of(lang)
        )
    except OSError as error:
        raise Fault(507, "file.disk_full") from error
    if assets is None:
        raise Fault(404, "teach.unknown_lesson")
    if studio.state(lesson, form).state != "ready":
        studio.begin(place, assets)
    return studio.state(lesson, form)


@delete("/api/teach/lessons/{lesson:str}/video", status_code=200, tags=["teach"])
async def stop_video(
    request: AnyRequest,
    node: NamedDependency[Node],
    studio: NamedDependency[Studio],
    lesson: FromPath[str],
    form: FromQuery[Form] = "mp4",
) -> State:
    """Stops making a video. What is finished of it is kept for a while, so that it can go on."""
    await _allowed(request, node, lesson)
    studio.cancel(lesson, form)
    return studio.state(lesson, form)


@get("/api/teach/lessons/{lesson:str}/video/{form:str}", tags=["teach"])
async def video_file(
    request: AnyRequest,
    node: NamedDependency[Node],
    studio: NamedDependency[Studio],
    lesson: FromPath[str],
    form: FromPath[str],
) -> File:
    """The finished video."""
    await _allowed(request, node, lesson)
    await _true(node, studio, lesson)
    if form not in FORMS or studio.state(lesson, form).state != "ready":
        raise Fault(404, "web.not_found")
    row = await node.catalog.lesson(lesson)
    place = studio.place(lesson, form) / f"{OUT}.{form}"
    return File(place, filename=f"lesson-{row.code if row else lesson}.{form}", media_type=f"video/{form}")


@get("/api/teach/lessons/{lesson:str}/tracks/{name:str}", tags=["teach"])
async def track_file(
    request: AnyRequest, node: NamedDependency[Node], lesson: FromPath[str], name: FromPath[str]
) -> Stream:
    """A recorded track as a file, the frames as they were sent; a picture with the sound of the same person."""
    await _allowed(request, node, lesson)
    asked = _is_name(name)
    offer = next((one for one in await _offers(node, lesson) if asked and one.no == int(asked[1])), None)
    if asked is None or offer is None or name not in [offer.name(form) for form in offer.forms]:
        raise Fault(404, "web.not_found")
    place = node.folder.imports / new_id()
    await asyncio.to_thread(place.mkdir, mode=0o700)
    clear = BackgroundTask(asyncio.to_thread, shutil.rmtree, place, ignore_errors=True)
    try:
        size = await _packed(node, lesson, offer, asked[2], place)
    except BaseException:
        await asyncio.to_thread(shutil.rmtree, place, ignore_errors=True)
        raise
    kind = "audio" if offer.source in ("microphone", "screen_sound", "room_microphone") else "video"
    headers = {
        "Content-Disposition": f"attachment; filename=\"{quote(name)}\"",
        "Content-Length": str(size),
        "Cache-Control": "no-store",
    }  # fmt: skip
    return Stream(_pieces(place / "out"), media_type=f"{kind}/{asked[2]}", headers=headers, background=clear)


async def _packed(node: Node, lesson: str, offer: Offer, form: str, place: Path) -> int:
    """In a process of its own, as what browsers sent is in it."""
    parcel = offer.parcel(node.reels, lesson, form, place / "out")
    text = msgspec.json.encode(parcel).decode()
    ended = await run((sys.executable, "-P", "-m", "mingtang.readings.video.parcel", text), place, BOUNDS)
    try:
        code = msgspec.json.decode(ended.out, type=Told).code
    except msgspec.MsgspecError:
        code = "video.failed"
    if code:
        raise Fault(STATUS.get(code, 500), code, reason=str(ended.status))
    return await asyncio.to_thread(lambda: (place / "out").stat().st_size)


async def _pieces(file: Path) -> AsyncIterator[bytes]:
    with await asyncio.to_thread(file.open, "rb") as stream:
        while piece := await asyncio.to_thread(stream.read, PIECE):
            yield piece


async def _allowed(request: AnyRequest, node: Node, lesson: str) -> None:
    if not is_id(lesson):
        raise Fault(404, "teach.unknown_lesson")
    await who.require_staff(request, node, lesson)


async def _true(node: Node, studio: Studio, lesson: str) -> None:
    """What was made before a person was erased goes, also when nobody told this node of it."""
    if await node.reader.ask(LANE, outlived, studio.root, lesson):
        studio.forget(lesson)


async def _offers(node: Node, lesson: str) -> list[Offer]:
    found: Any = await node.reader.ask(LANE, offered, lesson, node.reels.folder)
    if found is None:
        raise Fault(404, "teach.unknown_lesson")
    return list(found)


def offered(reader: LogReader, lesson: str, media: Path) -> list[Offer] | None:
    """None for an unknown lesson. Runs in a reading process."""
    rows = reader.rows(lesson)
    if not rows:
        return None
    return offers([kinds().fact(row) for row in rows], Reels(media), lesson)
