"""`mingtang log` and `mingtang digest`: a lesson's log read as it lies on disk, beside a running server or not."""

from __future__ import annotations

import argparse
import contextlib
import json
from collections.abc import Iterator
from datetime import UTC, datetime

import msgspec

from mingtang.cli.terminal import out
from mingtang.core.event import Row
from mingtang.core.upcast import Unreadable
from mingtang.settings import Settings
from mingtang.stores import StoreFailed
from mingtang.stores.reading import LogReader, open_reader
from mingtang.web.engines import log_address
from mingtang.web.folder import Folder
from mingtang.web.trouble import Trouble


def log(given: argparse.Namespace, settings: Settings) -> int:
    for row in rows_of(settings, given.lesson):
        out(json.dumps(as_line(row), ensure_ascii=False))
    return 0


def as_line(row: Row) -> dict[str, object]:
    return {
        "seq": row.seq,
        "at": datetime.fromtimestamp(row.at / 1000, UTC).isoformat(timespec="milliseconds"),
        "ms": row.at,
        "by": row.by,
        "cmd": row.cmd,
        "kind": row.kind,
        "data": {key: value for key, value in json.loads(row.data).items() if key != "kind"},
    }


def digest(given: argparse.Namespace, settings: Settings) -> int:
    """One line a role, then the total: equal for equal logs, on any computer."""
    from mingtang.activities import kinds
    from mingtang.core.lesson import digest_of, replay
    from mingtang.core.member import Role

    rows = rows_of(settings, given.lesson)
    head = rows[-1].seq
    at = head if given.at is None else given.at
    if not 0 <= at <= head:
        raise Trouble("no-such-place", at=at, head=head)
    try:
        lesson = replay(kinds(), (kinds().fact(row) for row in rows[:at]))
    except (Unreadable, msgspec.MsgspecError) as error:
        raise Trouble("log-unusable", reason=str(error)) from error
    for role in Role:
        out(f"{role.value:<10} {digest_of(lesson.views(role))}")
    out(f"{'all':<10} {lesson.digest()}")
    return 0


def rows_of(settings: Settings, lesson: str) -> list[Row]:
    """All rows of a lesson, by its id or its code. Raises Trouble."""
    folder = Folder.of(settings)
    known = known_lesson(settings, folder, lesson)
    with reading(settings, folder) as reader:
        return reader.rows(known)


def known_lesson(settings: Settings, folder: Folder, lesson: str) -> str:
    """The id of a lesson named by id or code. Raises Trouble when there is no such log."""
    with reading(settings, folder) as reader:
        found = next((one for one in (lesson, _by_code(settings, folder, lesson)) if reader.rows(one, 0, 1)), "")
    if not found:
        raise Trouble("no-such-lesson", lesson=lesson)
    return found


@contextlib.contextmanager
def reading(settings: Settings, folder: Folder) -> Iterator[LogReader]:
    """The logs, wherever settings say they are. Raises Trouble."""
    if not settings.store and not folder.log.is_file():
        raise Trouble("no-data", folder=str(folder.path))
    try:
        with contextlib.closing(open_reader(log_address(settings, folder))) as reader:
            yield reader
    except StoreFailed as error:
        raise Trouble("log-unusable", reason=str(error)) from error


def _by_code(settings: Settings, folder: Folder, code: str) -> str:
    """The open lesson with this code, else the latest that had it; "" for none."""
    from mingtang.catalog.engine import looking

    wanted = "".join(sign for sign in code if sign.isalnum())
    asked = "select id from lessons where code = :code order by ended != 0, created desc limit 1"
    with looking(settings.store or folder.catalog) as look:
        found = look(asked, code=wanted)
    return str(found[0][0]) if found else ""
