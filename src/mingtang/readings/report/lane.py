"""Reports asked for again and again, in a process that reads logs: each goes on where it was, so that at the end of a
lesson only its last events are left to read. What is kept here can be forgotten at any time."""

from __future__ import annotations

import gzip
from collections import OrderedDict

import msgspec

from mingtang.activities import kinds
from mingtang.core.erasing import Progress
from mingtang.core.upcast import Unreadable
from mingtang.readings.chunks import chunks
from mingtang.readings.report.model import Report, to_json
from mingtang.readings.report.reporter import Reporter
from mingtang.readings.report.tables import Table, table
from mingtang.stores import StoreFailed
from mingtang.stores.reading import LogReader

MOST_KEPT = 4
_kept: OrderedDict[str, tuple[Reporter, Progress]] = OrderedDict()


def report(log: LogReader, lesson: str) -> bytes:
    """Canonical JSON, gzipped; empty for a lesson without a log. Raises StoreFailed."""
    found = follow(log, lesson)
    return gzip.compress(to_json(found), 6, mtime=0) if found else b""


def table_of(log: LogReader, lesson: str, name: str) -> Table | None:
    """None for a lesson without a log, and for a table there is not. Raises StoreFailed."""
    found = follow(log, lesson)
    return table(found, name) if found else None


def follow(log: LogReader, lesson: str) -> Report | None:
    reporter, progress = _kept.pop(lesson, (Reporter(), Progress()))  # taken out: what fails half-way is not kept
    for rows in chunks(log, lesson, progress):
        reporter = reporter if rows[0].seq > 1 else Reporter()
        for row in rows:
            try:
                reporter.take(kinds().fact(row))
            except (msgspec.MsgspecError, Unreadable) as error:
                raise StoreFailed(f"Record {row.seq} of lesson {lesson} cannot be read: {error}.") from error
    if not reporter.seq:
        return None
    _kept[lesson] = reporter, progress
    while len(_kept) > MOST_KEPT:
        _kept.popitem(last=False)
    return reporter.report()


def forget(log: LogReader, lesson: str) -> None:
    """After a person was erased or the log taken away: what was folded of it is true no more."""
    _kept.pop(lesson, None)
