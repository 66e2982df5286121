"""The catalog's file: made, migrated, refused when a newer program wrote it."""

from __future__ import annotations

import sqlite3

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine
from sqlalchemy.exc import IntegrityError

from mingtang.catalog import schema
from mingtang.catalog.book import Catalog
from mingtang.catalog.records import Record


def test_the_newest_migration_is_the_one_the_program_names():
    assert ScriptDirectory.from_config(schema.alembic_config()).get_current_head() == schema.HEAD


async def test_the_migrations_make_exactly_the_tables_that_are_declared(tmp_path):
    await Catalog(tmp_path / "catalog.db").close()
    with create_engine(f"sqlite:///{tmp_path / 'catalog.db'}").connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), Record.metadata) == []


async def test_a_file_that_is_up_to_date_is_opened_without_alembic(tmp_path, monkeypatch):
    await Catalog(tmp_path / "catalog.db").close()
    monkeypatch.setattr(schema, "alembic_config", lambda: pytest.fail("Alembic costs half a second"))
    await Catalog(tmp_path / "catalog.db").close()


async def test_a_file_of_a_newer_program_is_left_alone(tmp_path):
    path = tmp_path / "catalog.db"
    await Catalog(path).close()
    with sqlite3.connect(path) as db:
        db.execute("update alembic_version set version_num = '9999'")
    with pytest.raises(schema.NewerCatalog):
        Catalog(path)


async def test_what_was_written_is_there_again(tmp_path):
    catalog = Catalog(tmp_path / "catalog.db")
    row = await catalog.add_lesson("abc", "Sets", "Maths", "en", 7)
    await catalog.add_deck("d1", "abc", "x.pdf", 3, "0" * 64, 8)
    await catalog.close()
    catalog = Catalog(tmp_path / "catalog.db")
    found = await catalog.lesson_by_code(row.code)
    assert (found.id, found.title, found.course, found.created, found.ended) == ("abc", "Sets", "Maths", 7, 0)
    assert [deck.id for deck in await catalog.decks_in_reading()] == ["d1"]
    await catalog.close()


async def test_a_deck_of_no_lesson_is_refused(tmp_path):
    catalog = Catalog(tmp_path / "catalog.db")
    with pytest.raises(IntegrityError):
        await catalog.add_deck("d1", "nothing", "x.pdf", 3, "0" * 64, 8)
    await catalog.close()
