"""`mingtang captions`: what was said in a lesson, in writing, as a WebVTT file beside its video."""

from __future__ import annotations

import argparse
from pathlib import Path

import msgspec

from mingtang.cli.log import known_lesson, rows_of
from mingtang.cli.terminal import out, text
from mingtang.core.upcast import Unreadable
from mingtang.readings.video.subtitles import subtitles_of
from mingtang.settings import Settings
from mingtang.stores.media.reels import Reels
from mingtang.web.engines import media_folder
from mingtang.web.folder import Folder
from mingtang.web.trouble import Trouble


def run(given: argparse.Namespace, settings: Settings) -> int:
    to, folder = Path(given.to), Folder.of(settings)
    if to.exists() and not given.force:
        raise Trouble("file-there", file=str(to))
    lesson = known_lesson(settings, folder, given.lesson)
    try:
        told = subtitles_of(rows_of(settings, lesson), Reels(media_folder(settings, folder)), lesson)
    except (Unreadable, msgspec.MsgspecError) as error:
        raise Trouble("log-unusable", reason=str(error)) from error
    lines = told.count(" --> ")
    if not lines:
        raise Trouble("subtitles.none")
    try:
        to.write_text(told, encoding="utf-8")
    except OSError as error:
        raise Trouble("file-unwritable", file=str(to), reason=error.strerror or str(error)) from error
    out(text("subtitles.done", to=to, lines=lines))
    return 0
