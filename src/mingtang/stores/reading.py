"""A store read from beside the server, without an event loop: for readings in their own process and for commands."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Protocol

from mingtang.core.event import Row
from mingtang.stores import StoreFailed, checked, is_postgres
from mingtang.stores.sqlite import SELECT, connect

ROWS_AT_ONCE = 5000


class LogReader(Protocol):
    """Reads only; a log grows while it is read."""

    def rows(self, lesson: str, after: int = 0, limit: int | None = None) -> list[Row]:
        """Rows with seq > `after` in order; [] for an unknown lesson. Raises Damaged or StoreFailed."""

    def close(self) -> None:
        """Lets go of the file or the connection."""


class SqliteReader:
    def __init__(self, path: Path) -> None:
        """Raises StoreFailed when the file cannot be opened."""
        try:
            self._db = connect(path, read_only=True)
            self._db.execute("select lesson from event limit 1").fetchone()
        except sqlite3.DatabaseError as error:
            raise StoreFailed(f"The log file {path} cannot be opened: {error}. Nothing was changed.") from error

    def rows(self, lesson: str, after: int = 0, limit: int | None = None) -> list[Row]:
        try:
            found = self._db.execute(SELECT, (lesson, after, -1 if limit is None else limit)).fetchall()
        except sqlite3.DatabaseError as error:
            raise StoreFailed(f"The log file cannot be read: {error}.") from error
        return [checked(lesson, Row(*values), total) for *values, total in found]

    def close(self) -> None:
        self._db.close()


def open_reader(address: str) -> LogReader:
    """`address` is the path of a SQLite log, or postgresql://…"""
    if is_postgres(address):
        from mingtang.stores.postgres_reading import PostgresReader

        return PostgresReader(address)
    return SqliteReader(Path(address))
