"""A log in PostgreSQL read without an event loop: for readings in their own process and for commands."""

from __future__ import annotations

from typing import Any

import psycopg

from mingtang.core.event import Row
from mingtang.stores import StoreFailed, checked
from mingtang.stores.tables import SELECT, conninfo, place_of


class PostgresReader:
    """Connects anew after PostgreSQL was away."""

    def __init__(self, address: str) -> None:
        """Raises StoreFailed when there is no log to read."""
        self._address = address
        self._db: psycopg.Connection[tuple[Any, ...]] | None = None
        self.rows("", 0, 1)

    def rows(self, lesson: str, after: int = 0, limit: int | None = None) -> list[Row]:
        try:
            found = self._open().execute(SELECT, (lesson, after, limit), binary=True).fetchall()
        except psycopg.Error as error:
            self.close()
            reason = " ".join(str(error).split())
            raise StoreFailed(f"The logs at {place_of(self._address)} cannot be read: {reason}.") from error
        return [checked(lesson, Row(*values), total) for *values, total in found]

    def _open(self) -> psycopg.Connection[tuple[Any, ...]]:
        if self._db is None:
            self._db = psycopg.connect(conninfo(self._address), autocommit=True)
        return self._db

    def close(self) -> None:
        db, self._db = self._db, None
        if db is not None:
            db.close()
