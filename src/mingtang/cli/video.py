"""`mingtang video` and `mingtang tracks`: a lesson as one video, and its recorded tracks as they were sent."""

from __future__ import annotations

import argparse
import asyncio
import os
import shutil
from pathlib import Path

from mingtang.activities import kinds
from mingtang.cli.log import known_lesson, reading, rows_of
from mingtang.cli.terminal import language, out, text
from mingtang.readings.video.job import OUT, state_of
from mingtang.readings.video.offers import Offer, offers
from mingtang.readings.video.parcel import run as pack
from mingtang.settings import Settings
from mingtang.stores.media.reels import Reels
from mingtang.web.engines import media_folder, open_shelf
from mingtang.web.folder import Folder
from mingtang.web.trouble import Trouble
from mingtang.web.video.studio import FORMS, Studio, prepare

TELL = 10  # percent


def run(given: argparse.Namespace, settings: Settings) -> int:
    to, folder = Path(given.to), Folder.of(settings)
    form = to.suffix.lower().removeprefix(".")
    if form not in FORMS:
        raise Trouble("video.which_form", file=str(to))
    _free(to, given.force)
    lesson = known_lesson(settings, folder, given.lesson)
    studio = Studio(folder.videos, open_shelf(settings, folder))
    place = studio.place(lesson, form)
    with reading(settings, folder) as reader:
        assets = prepare(reader, place, lesson, media_folder(settings, folder), folder.assets, language()) or []
    done = place / f"{OUT}.{form}"
    if not done.exists():
        asyncio.run(_make(studio, place, assets))
    size = done.stat().st_size
    try:
        _move(done, to)
    except OSError as error:
        raise Trouble("file-unwritable", file=str(to), reason=error.strerror or str(error)) from error
    shutil.rmtree(place, ignore_errors=True)
    out(text("video.done", to=to, mb=round(size / 1_000_000, 1)))
    return 0


async def _make(studio: Studio, place: Path, assets: list[str]) -> None:
    telling = asyncio.create_task(_tell(place))
    try:
        told = await studio.make(place, assets)
    except BlockingIOError as error:
        raise Trouble("video.made_already") from error
    finally:
        telling.cancel()
    if told.state != "ready":
        raise Trouble(told.code or "video.failed", **told.params)
    if told.absent:
        out(text("video.absent", count=told.absent))


async def _tell(place: Path) -> None:

    next_ = TELL
    while True:
        await asyncio.sleep(0.5)
        share = state_of(place).share * 100
        if share >= next_:
            out(text("video.progress", percent=int(share)))
            next_ = int(share) // TELL * TELL + TELL


def _free(to: Path, force: bool) -> None:
    if to.exists() and not force:
        raise Trouble("file-there", file=str(to))
    if not to.absolute().parent.is_dir():
        raise Trouble("file-unwritable", file=str(to), reason=os.strerror(2))


def _move(done: Path, to: Path) -> None:
    draft = to.with_name(f".{to.name}.new")
    try:
        shutil.move(done, draft)
        os.replace(draft, to)
    finally:
        draft.unlink(missing_ok=True)


def tracks(given: argparse.Namespace, settings: Settings) -> int:

    folder, to = Folder.of(settings), Path(given.to)
    lesson = known_lesson(settings, folder, given.lesson)
    reels = Reels(media_folder(settings, folder))
    found = offers([kinds().fact(row) for row in rows_of(settings, lesson)], reels, lesson)
    if not found:
        raise Trouble("video.nothing")
    try:
        to.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise Trouble("file-unwritable", file=str(to), reason=error.strerror or str(error)) from error
    for offer in found:
        _carry(offer, reels, lesson, to, given)
    return 0


def _carry(offer: Offer, reels: Reels, lesson: str, to: Path, given: argparse.Namespace) -> None:
    form = next((form for form in (given.form, *offer.forms) if form in offer.forms), "")
    file = to / offer.name(form)
    if file.exists() and not given.force:
        raise Trouble("file-there", file=str(file))
    told = pack(offer.parcel(reels, lesson, form, file))
    if told.code:
        raise Trouble(told.code, reason=str(file))
    frames = {"pictures": told.carried.pictures, "sounds": told.carried.sounds}
    out(text("tracks.one", file=file.name, seconds=round(told.carried.ms / 1000, 1), **frames))
