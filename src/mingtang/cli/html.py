"""`mingtang html`: a lesson as a page that plays again from a file."""

from __future__ import annotations

import argparse
from pathlib import Path

import msgspec

from mingtang.cli.log import rows_of
from mingtang.cli.terminal import language, out, text
from mingtang.settings import Settings
from mingtang.web.folder import Folder
from mingtang.web.trouble import Trouble


def run(given: argparse.Namespace, settings: Settings) -> int:
    from mingtang.activities import kinds
    from mingtang.core.lesson import replay
    from mingtang.core.member import Role
    from mingtang.core.upcast import Unreadable
    from mingtang.readings.replay import carried

    to = Path(given.to)
    if to.exists() and not given.force:
        raise Trouble("file-there", file=str(to))
    rows = rows_of(settings, given.lesson)
    try:
        shell = carried.shell_of(settings.static_folder)
    except OSError as error:
        raise Trouble("html.no_pages", folder=str(settings.static_folder)) from error
    role = Role.teacher if given.teacher else Role.student
    try:
        facts = [kinds().fact(row) for row in rows]
        written = carried.write(facts, role, Folder.of(settings).assets, shell, to, language())
    except (Unreadable, msgspec.MsgspecError) as error:
        raise Trouble("log-unusable", reason=str(error)) from error
    except OSError as error:
        raise Trouble("file-unwritable", file=str(to), reason=error.strerror or str(error)) from error
    title = replay(kinds(), facts[:1]).states["lesson"].title
    mb = round(written.bytes / 1_000_000, 1)
    out(text("html.done", to=to, title=title, pictures=written.pictures, mb=mb))
    if written.absent:
        out(text("html.absent", count=written.absent))
    return 0
