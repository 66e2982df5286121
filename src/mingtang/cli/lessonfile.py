"""`mingtang export` and `mingtang import`: a lesson as one file, beside a running server or without one."""

from __future__ import annotations

import argparse
import asyncio
import shutil
from pathlib import Path
from typing import Any

from mingtang.cli.asking import ask_server
from mingtang.cli.log import known_lesson
from mingtang.cli.terminal import language, out, text
from mingtang.settings import Settings
from mingtang.web import network
from mingtang.web.engines import log_address, media_folder
from mingtang.web.folder import Folder
from mingtang.web.trouble import Trouble


def export(given: argparse.Namespace, settings: Settings) -> int:
    from mingtang.readings.lessonfile.layout import BadFile
    from mingtang.readings.lessonfile.packing import pack
    from mingtang.stores import StoreFailed
    from mingtang.stores.media.reels import Reels
    from mingtang.stores.reading import open_reader
    from mingtang.web.keeping.pictures import pictures
    from mingtang.web.keeping.plantext import plan_of

    folder, file = Folder.of(settings), Path(given.file)
    lesson = known_lesson(settings, folder, given.lesson)
    if file.exists() and not given.force:
        raise Trouble("file-there", file=str(file))
    try:
        plan = plan_of(folder, settings.store or folder.catalog, lesson)
        reader = open_reader(log_address(settings, folder))
        media = None if given.no_media else Reels(media_folder(settings, folder))
        manifest = pack(reader, lesson, pictures(settings, folder), file, given.at, plan, media)
    except BadFile as bad:
        raise Trouble(bad.code, **bad.params) from bad
    except StoreFailed as error:
        raise Trouble("log-unusable", reason=str(error)) from error
    except OSError as error:
        raise Trouble("file-unwritable", file=str(file), reason=error.strerror or str(error)) from error
    mb, files = round(file.stat().st_size / 1_000_000, 1), len(manifest.entries) - 1
    out(text("export.done", events=manifest.events, files=files, title=manifest.lesson.title, file=file, mb=mb))
    if manifest.absent:
        out(text("export.absent", count=len(manifest.absent)))
    return 0


def import_(given: argparse.Namespace, settings: Settings) -> int:
    folder, file = Folder.of(settings), Path(given.file)
    if not file.is_file():
        raise Trouble("no-such-file", file=str(file))
    if folder.path.is_dir() and folder.is_locked():
        said = _ask_server(folder, file, given.copy)
    else:
        folder.prepare()
        with folder.locked():
            said = asyncio.run(_take(settings, folder, file, given.copy))
    out(text("import.done", **said))
    return 0


def _ask_server(folder: Folder, file: Path, copy: bool) -> dict[str, Any]:
    asked = f"/api/teach/import?copy={str(copy).lower()}&lang={language()}"
    with file.open("rb") as stream:
        said: dict[str, Any] = ask_server(folder, "POST", asked, stream, file.stat().st_size)
    return said


async def _take(settings: Settings, folder: Folder, file: Path, copy: bool) -> dict[str, Any]:
    from mingtang.web.errors import Fault
    from mingtang.web.keeping.lessonfiles import take_file
    from mingtang.web.node import open_node
    from mingtang.web.tokens import new_id

    async with open_node(settings, folder, network.url_for(settings.host, settings.port)) as node:
        place = folder.imports / new_id()
        await asyncio.to_thread(place.mkdir, mode=0o700)
        try:
            taken = await take_file(node, place, file, language(), copy)
        except Fault as fault:
            raise Trouble(fault.code, **fault.params) from fault
        except OSError as error:
            raise Trouble("data-unwritable", folder=str(folder.path), reason=error.strerror or str(error)) from error
        finally:
            await asyncio.to_thread(shutil.rmtree, place, ignore_errors=True)
        return {"title": taken.title, "events": taken.events, "console": f"{node.address}/teach/{taken.lesson}"}
