"""A log read on in chunks, by readings that keep what they have made of it and begin anew when a person was erased."""

from __future__ import annotations

from collections.abc import Iterator

from mingtang.core.erasing import Progress, last_erased
from mingtang.core.event import Row
from mingtang.stores.reading import ROWS_AT_ONCE, LogReader


def chunks(log: LogReader, lesson: str, progress: Progress, limit: int = ROWS_AT_ONCE) -> Iterator[list[Row]]:
    """What stands behind `progress`, to the end of the log. Whoever gets the row of place 1 forgets what he had: his
    words may be old. Keep `progress` with what is made of the rows, also when the rest is left for later."""
    while True:
        rows = log.rows(lesson, progress.after, limit)
        if progress.take(rows):
            yield rows
        if len(rows) < limit and progress.ends():
            return


def erased_since(log: LogReader, lesson: str, seq: int) -> bool:
    """Whether a person was erased after this place, so that what was made of the log up to there is true no more."""
    while rows := log.rows(lesson, seq, ROWS_AT_ONCE):
        if last_erased(rows):
            return True
        seq = rows[-1].seq
    return False
