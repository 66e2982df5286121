"""Where the catalog's tables lie: in a SQLite file of the data folder, or on the PostgreSQL that keeps the logs."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Engine, create_engine, event, make_url

CONNECT_S = 5


def engine_of(address: Path | str) -> Engine:
    """`address` is a file or postgresql://…; nothing is opened before the first question."""
    if isinstance(address, Path) or not address.startswith(("postgresql://", "postgres://")):
        engine = create_engine(f"sqlite:///{address}", connect_args={"check_same_thread": False})
        event.listen(engine, "connect", _prepare)
        return engine
    url = make_url(address).set(drivername="postgresql+psycopg")
    return create_engine(url, pool_pre_ping=True, pool_size=1, connect_args={"connect_timeout": CONNECT_S})


def _prepare(connection, record) -> None:  # type: ignore[no-untyped-def]
    connection.execute("pragma journal_mode = wal")
    connection.execute("pragma synchronous = full")
    connection.execute("pragma foreign_keys = on")
    connection.execute("pragma busy_timeout = 5000")
