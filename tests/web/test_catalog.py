"""The catalog: made, migrated, refused when a newer program wrote it; in a file and on PostgreSQL."""

from __future__ import annotations

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from mingtang.catalog import schema
from mingtang.catalog.book import Catalog
from mingtang.catalog.engine import engine_of
from mingtang.catalog.records import Record


@pytest.fixture(params=["sqlite", "postgres"])
def address(request, tmp_path):
    return tmp_path / "catalog.db" if request.param == "sqlite" else request.getfixturevalue("database")()


def test_the_newest_migration_is_the_one_the_program_names():
    assert ScriptDirectory.from_config(schema.alembic_config()).get_current_head() == schema.HEAD


async def test_the_migrations_make_exactly_the_tables_that_are_declared(address):
    await Catalog(address).close()
    with engine_of(address).connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), Record.metadata) == []


async def test_a_catalog_that_is_up_to_date_is_opened_without_alembic(address, monkeypatch):
    await Catalog(address).close()
    monkeypatch.setattr(schema, "alembic_config", lambda: pytest.fail("Alembic costs half a second"))
    await Catalog(address).close()


async def test_a_catalog_of_a_newer_program_is_left_alone(address):
    await Catalog(address).close()
    with engine_of(address).begin() as connection:
        connection.execute(text("update alembic_version set version_num = '9999'"))
    with pytest.raises(schema.NewerCatalog):
        Catalog(address)


async def test_what_was_written_is_there_again(address):
    catalog = Catalog(address)
    row = await catalog.add_lesson("abc", "Sets", "Maths", "en", 7)
    await catalog.add_deck("d1", "abc", "x.pdf", 3, "0" * 64, 8)
    await catalog.close()
    catalog = Catalog(address)
    found = await catalog.lesson_by_code(row.code)
    assert (found.id, found.title, found.course, found.created, found.ended) == ("abc", "Sets", "Maths", 7, 0)
    assert [deck.id for deck in await catalog.decks_in_reading()] == ["d1"]
    await catalog.close()


async def test_a_deck_of_no_lesson_is_refused(address):
    catalog = Catalog(address)
    with pytest.raises(IntegrityError):
        await catalog.add_deck("d1", "nothing", "x.pdf", 3, "0" * 64, 8)
    await catalog.close()


async def test_while_postgresql_is_away_a_page_is_told_so_in_words_and_it_heals_by_itself(browser, lesson, node):
    here, node.catalog._engine = node.catalog._engine, engine_of("postgresql://mt:s3cret@127.0.0.1:9/nowhere")
    answer = await browser().get(f"/api/lessons/{lesson['code']}")
    assert (answer.status_code, answer.json()) == (503, {"code": "store_failed", "params": {}})
    node.catalog._engine = here
    assert (await browser().get(f"/api/lessons/{lesson['code']}")).status_code == 200
