"""Brings a catalog to the shape this program knows: Alembic, loaded only when there is something to do."""

from __future__ import annotations

import contextlib
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import OperationalError, ProgrammingError

if TYPE_CHECKING:
    from alembic.config import Config

HEAD = "0003"
MIGRATIONS = Path(__file__).parent / "migrations"
ONE_AT_A_TIME = 0x6D696E67  # the number of this program's lock in PostgreSQL


class NewerCatalog(Exception):  # noqa: N818 — the file is right, the program is old
    """It was written by a newer program; `found` is its version."""

    def __init__(self, found: str) -> None:
        super().__init__(f"catalog version {found}, this program knows {HEAD}")
        self.found = found


def version(engine: Engine) -> str:
    """The version a catalog is in; "" for a new or empty one."""
    with engine.connect() as connection, contextlib.suppress(OperationalError, ProgrammingError):
        return str(connection.execute(text("select version_num from alembic_version")).scalar() or "")
    return ""


def bring_up_to_date(engine: Engine) -> None:
    """Nothing to do costs one small read; raises NewerCatalog. Of nodes that start together one does it."""
    if version(engine) == HEAD:
        return
    with engine.begin() as connection:
        if engine.dialect.name == "postgresql":
            connection.execute(text(f"select pg_advisory_xact_lock({ONE_AT_A_TIME})"))
        if (found := version(engine)) != HEAD:
            _upgrade(connection, found)


def _upgrade(connection: Connection, found: str) -> None:
    from alembic import command
    from alembic.script import ScriptDirectory
    from alembic.util import CommandError

    config = alembic_config()
    if found:
        try:
            ScriptDirectory.from_config(config).get_revision(found)
        except CommandError as unknown:
            raise NewerCatalog(found) from unknown
    config.attributes["connection"] = connection
    command.upgrade(config, HEAD)


def alembic_config() -> Config:
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    return config
