"""Brings a catalog file to the shape this program knows: Alembic, loaded only when there is something to do."""

from __future__ import annotations

import contextlib
import sqlite3
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Engine

if TYPE_CHECKING:
    from alembic.config import Config

HEAD = "0001"
MIGRATIONS = Path(__file__).parent / "migrations"


class NewerCatalog(Exception):  # noqa: N818 — the file is right, the program is old
    """The file was written by a newer program; `found` is its version."""

    def __init__(self, found: str) -> None:
        super().__init__(f"catalog version {found}, this program knows {HEAD}")
        self.found = found


def version(path: Path) -> str:
    """The version a file is in; "" for a new or empty one."""
    if not path.exists():
        return ""
    with contextlib.closing(sqlite3.connect(path)) as db, contextlib.suppress(sqlite3.OperationalError):
        row = db.execute("select version_num from alembic_version").fetchone()
        return str(row[0]) if row else ""
    return ""


def bring_up_to_date(engine: Engine, path: Path) -> None:
    """Nothing to do costs one small read; raises NewerCatalog."""
    found = version(path)
    if found == HEAD:
        return
    from alembic import command
    from alembic.script import ScriptDirectory
    from alembic.util import CommandError

    config = alembic_config()
    if found:
        try:
            ScriptDirectory.from_config(config).get_revision(found)
        except CommandError as unknown:
            raise NewerCatalog(found) from unknown
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, HEAD)


def alembic_config() -> Config:
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    return config
