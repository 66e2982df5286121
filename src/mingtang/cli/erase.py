"""`mingtang erase`: a person taken out of lessons, on the server that runs on this data folder or without one."""

from __future__ import annotations

import argparse
import asyncio
from typing import Any

import msgspec

from mingtang.cli.asking import ask_server
from mingtang.cli.log import known_lesson
from mingtang.cli.terminal import out, text
from mingtang.settings import Settings
from mingtang.web import network
from mingtang.web.folder import Folder
from mingtang.web.trouble import Trouble


def run(given: argparse.Namespace, settings: Settings) -> int:
    folder = Folder.of(settings)
    wanted = _wanted(given, settings, folder)
    if folder.is_locked():
        found = ask_server(folder, "POST", "/api/teach/erase", msgspec.json.encode(wanted))
    else:
        if settings.store:  # the logs are elsewhere, and this computer may never have held a lesson
            folder.prepare()
        with folder.locked():
            found = asyncio.run(_erase(settings, folder, wanted))
    _tell(found)
    return 1 if found["failed"] else 0


def _wanted(given: argparse.Namespace, settings: Settings, folder: Folder) -> dict[str, Any]:
    if bool(given.everywhere) == bool(given.member):
        raise Trouble("bad-use", message=text("erase.how"), command="mingtang erase")
    if given.everywhere:
        return {"name": given.everywhere, "really": given.yes}
    return {"lesson": known_lesson(settings, folder, given.lesson), "member": given.member, "really": given.yes}


async def _erase(settings: Settings, folder: Folder, wanted: dict[str, Any]) -> dict[str, Any]:
    from mingtang.web.errors import Fault
    from mingtang.web.keeping.erasing import Wanted, erase
    from mingtang.web.node import open_node

    async with open_node(settings, folder, network.url_for(settings.host, settings.port)) as node:
        try:
            found: dict[str, Any] = msgspec.to_builtins(await erase(node, msgspec.convert(wanted, Wanted)))
        except Fault as fault:
            raise Trouble(fault.code, **fault.params) from fault
    return found


def _tell(found: dict[str, Any]) -> None:
    for one in found["people"]:
        out(text("erase.one", **one))
        for kind, count in one["blanked"].items():
            out(text("erase.blanked", kind=kind, count=count))
        if one["tracks"]:
            out(text("erase.tracks", count=len(one["tracks"])))
        out(text("erase.kept", count=one["kept"]))
    for lesson in found["failed"]:
        out(text("erase.failed", lesson=lesson))
    out(text("erase.done" if found["done"] else "erase.would"))
    if found["done"] and not found["swept"]:
        out(text("erase.unswept"))
