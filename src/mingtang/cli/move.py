"""`mingtang move`: all lessons and the catalog from a data folder to PostgreSQL, or back."""

from __future__ import annotations

import argparse
import asyncio

from mingtang.cli.terminal import out, text
from mingtang.settings import Settings
from mingtang.stores import Conflict, StoreFailed, is_postgres
from mingtang.web.trouble import Trouble


def run(given: argparse.Namespace, settings: Settings) -> int:
    from mingtang.web.moving import move

    try:
        moved = asyncio.run(move(settings, given.source, given.target))
    except (StoreFailed, Conflict) as error:
        raise Trouble("log-unusable", reason=str(error)) from error
    out(text("move.done", lessons=moved.lessons, events=moved.events, records=moved.records))
    if is_postgres(given.target):
        out(text("move.next_store"))
    out(text("move.assets"))
    for reason in moved.damaged:
        out(text("move.damaged", reason=reason))
    return 1 if moved.damaged else 0
