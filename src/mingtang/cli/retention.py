"""`mingtang retention`: which lessons go and when; with --yes those that are due go now."""

from __future__ import annotations

import argparse
import asyncio
from datetime import UTC, datetime
from typing import Any

import msgspec

from mingtang.cli.asking import ask_server
from mingtang.cli.terminal import out, text
from mingtang.settings import Settings
from mingtang.web import network
from mingtang.web.folder import Folder
from mingtang.web.trouble import Trouble

PATH = "/api/teach/retention"


def run(given: argparse.Namespace, settings: Settings) -> int:
    folder = Folder.of(settings)
    if not settings.store and not folder.log.is_file():
        raise Trouble("no-data", folder=str(folder.path))
    if folder.is_locked():
        before = ask_server(folder, "GET", PATH)
        gone = ask_server(folder, "POST", PATH) if given.yes else None
    else:
        with folder.locked():
            before, gone = asyncio.run(_here(settings, folder, given.yes))
    _tell(before, gone)
    return 0


async def _here(settings: Settings, folder: Folder, really: bool) -> tuple[Any, Any]:
    from mingtang.web.keeping.house import take_away
    from mingtang.web.node import open_node

    async with open_node(settings, folder, network.url_for(settings.host, settings.port)) as node:
        before = msgspec.to_builtins(await node.retention.outlook())
        return before, msgspec.to_builtins(await take_away(node)) if really else None


def _tell(before: dict[str, Any], gone: dict[str, Any] | None) -> None:
    out(text("retention.days", days=before["days"]) if before["days"] else text("retention.for_ever"))
    if before["media_days"]:
        out(text("retention.media", days=before["media_days"], count=before["media_due"]))
    if before["open"]:
        out(text("retention.open", count=before["open"]))
    for key, lessons in (("due", before["due"]), ("soon", before["soon"])):
        for one in lessons:
            out(
                text(
                    f"retention.{key}",
                    title=one["title"],
                    id=one["id"],
                    ended=_day(one["ended"]),
                    goes=_day(one["goes"]),
                )
            )
    if gone is not None:
        out(text("retention.gone", count=len(gone["gone"])))
    elif before["due"]:
        out(text("retention.would"))


def _day(ms: int) -> str:
    return datetime.fromtimestamp(ms / 1000, UTC).date().isoformat()
