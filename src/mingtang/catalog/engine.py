"""Where the catalog's tables lie: in a SQLite file of the data folder, or on the PostgreSQL that keeps the logs."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, create_engine, event, make_url, text
from sqlalchemy.exc import DBAPIError

CONNECT_S = 5
Look = Callable[..., Sequence[Any]]


def engine_of(address: Path | str) -> Engine:
    """`address` is a file or postgresql://…; nothing is opened before the first question."""
    if isinstance(address, Path) or not address.startswith(("postgresql://", "postgres://")):
        engine = create_engine(f"sqlite:///{address}", connect_args={"check_same_thread": False})
        event.listen(engine, "connect", _prepare)
        return engine
    url = make_url(address).set(drivername="postgresql+psycopg")
    return create_engine(url, pool_pre_ping=True, pool_size=1, connect_args={"connect_timeout": CONNECT_S})


@contextlib.contextmanager
def looking(address: Path | str) -> Iterator[Look]:
    """For commands beside a server: questions to the catalog as it is, which neither make nor migrate it. A catalog
    that is not there answers nothing."""
    engine = engine_of(address)

    def look(question: str, **values: Any) -> Sequence[Any]:
        if isinstance(address, Path) and not address.is_file():
            return ()
        with contextlib.suppress(DBAPIError), engine.connect() as connection:
            return connection.execute(text(question), values).all()
        return ()

    try:
        yield look
    finally:
        engine.dispose()


def _prepare(connection, record) -> None:  # type: ignore[no-untyped-def]
    connection.execute("pragma journal_mode = wal")
    connection.execute("pragma synchronous = full")
    connection.execute("pragma foreign_keys = on")
    connection.execute("pragma busy_timeout = 5000")
