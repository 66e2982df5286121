"""`mingtang backup` and `mingtang restore`: a data folder as one file, and a folder from it."""

from __future__ import annotations

import argparse
from pathlib import Path

from mingtang.cli.terminal import out, text
from mingtang.settings import PREFIX, Settings
from mingtang.web.folder import Folder
from mingtang.web.trouble import Trouble


def run(given: argparse.Namespace, settings: Settings) -> int:
    from mingtang.web.keeping.backup import back_up, room_for

    folder, file = Folder(settings.data), Path(given.file)
    if settings.store:
        raise Trouble("backup-elsewhere")
    if not folder.log.is_file():
        raise Trouble("no-data", folder=str(folder.path))
    if file.exists() and not given.force:
        raise Trouble("file-there", file=str(file))
    if not file.parent.is_dir():
        raise Trouble("no-such-file", file=str(file.parent))
    media = not given.no_media
    room_for(file, folder, media)
    contents = back_up(folder, file, given.keys, media)
    mb = round(file.stat().st_size / 1_000_000, 1)
    events = sum(contents.lessons.values())
    out(text("backup.done", lessons=len(contents.lessons), events=events, files=len(contents.parts), file=file, mb=mb))
    out(text("backup.keys" if given.keys else "backup.no_keys"))
    for name in ("shared", "assets", "media"):
        if elsewhere := getattr(settings, name):
            out(text("backup.elsewhere", folder=elsewhere, name=f"{PREFIX}{name.upper()}"))
    return 0


def restore(given: argparse.Namespace, settings: Settings) -> int:
    from mingtang.web.keeping.restore import restore as lay_out

    file = Path(given.file)
    if not file.is_file():
        raise Trouble("no-such-file", file=str(file))
    contents = lay_out(file, settings.data.absolute())
    events = sum(contents.lessons.values())
    out(text("restore.done", lessons=len(contents.lessons), events=events, folder=settings.data))
    out(text("restore.keys" if contents.keys else "restore.no_keys"))
    return 0
