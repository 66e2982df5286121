"""Lessons move from a data folder to PostgreSQL and back: the same digests, the same catalog, the same keys."""

from __future__ import annotations

import asyncio
import sqlite3
from dataclasses import replace

import psycopg
import pytest

from mingtang.cli import main
from mingtang.core.event import Row
from mingtang.core.member import Role
from mingtang.stores.postgres import PostgresStore
from mingtang.stores.reading import open_reader
from mingtang.web import lessons
from mingtang.web.folder import Folder
from mingtang.web.moving import move
from mingtang.web.node import open_node
from mingtang.web.trouble import Trouble


@pytest.fixture
async def taught(settings):
    """A data folder with two lessons in it."""
    folder = Folder(settings.data)
    folder.prepare()
    async with open_node(settings, folder, "http://x") as node:
        made = [await lessons.open_lesson(node, title, "en") for title in ("Sets", "Groups")]
        for n in range(30):
            await lessons.admit(node, made[0].id, f"s{n}", f"学生 {n}", Role.student)
        digests = {row.id: (await node.hall.look(row.id)).digest() for row in made}
    return folder, digests


def admitted(folder: Folder) -> tuple[bytes, str]:
    return folder.secret(), folder.teacher_key()


async def test_there_and_back_the_digests_the_catalog_and_the_keys_are_the_same(taught, settings, database, tmp_path):
    folder, digests = taught
    address, back = database(), tmp_path / "back"
    there = await move(settings, str(folder.path), address)
    assert there.lessons == 2
    again = await move(settings, address, str(back))
    assert (again.events, again.records) == (there.events, there.records)
    for lesson in digests:
        rows = open_reader(str(folder.log)).rows(lesson)
        assert rows == open_reader(address).rows(lesson) == open_reader(str(Folder(back).log)).rows(lesson)
    for place in (replace(settings, store=address, data=tmp_path / "other"), replace(settings, data=back)):
        home = Folder(place.data)
        home.prepare()
        async with open_node(place, home, "http://x") as node:
            assert {row.id: (await node.hall.look(row.id)).digest() for row in await node.catalog.lessons()} == digests
        assert admitted(home) == admitted(folder)


async def test_a_move_that_was_cut_off_is_begun_again(taught, settings, database):
    folder, digests = taught
    address, first = database(), next(iter(digests))
    store = await PostgresStore.open(address)
    await store.append(first, 0, open_reader(str(folder.log)).rows(first, 0, 7))
    await store.close()
    assert (await move(settings, str(folder.path), address)).lessons == 2
    assert open_reader(address).rows(first) == open_reader(str(folder.log)).rows(first)


async def test_a_lesson_that_is_another_one_there_stops_the_move(taught, settings, database):
    folder, digests = taught
    address, first = database(), next(iter(digests))
    store = await PostgresStore.open(address)
    await store.append(first, 0, [Row(1, 1, "", "", "lesson.opened", 1, b"{}")])
    await store.close()
    with pytest.raises(Trouble, match="move-differs"):
        await move(settings, str(folder.path), address)


async def test_a_record_that_was_changed_since_stops_the_move_back_before_anything_is_written(
    taught, settings, database
):
    """Moved to PostgreSQL, taught on there, and back into the old folder: its catalog would have stayed as it was."""
    folder, digests = taught
    address, first = database(), next(iter(digests))
    await move(settings, str(folder.path), address)
    with psycopg.connect(address) as db:
        db.execute("update lessons set title = 'Taught on there' where id = %s", (first,))
    store = await PostgresStore.open(address)
    head = await store.head(first)
    await store.append(first, head, [Row(head + 1, 1, "", "", "lesson.renamed", 1, b"{}")])
    await store.close()
    with pytest.raises(Trouble, match="move-record-differs"):
        await move(settings, address, str(folder.path))
    assert len(open_reader(str(folder.log)).rows(first)) == head


async def test_a_damaged_lesson_is_left_where_it_is_and_named_and_all_others_are_moved(
    taught, settings, database, monkeypatch, capsys
):
    monkeypatch.setattr("mingtang.web.moving.ROWS_AT_ONCE", 2)
    folder, digests = taught
    first, second = digests
    address = database()
    with sqlite3.connect(folder.log) as db:
        db.execute("update event set data = '{}' where lesson = ? and seq = 3", (first,))
    db.close()
    assert await asyncio.to_thread(main, ["move", "--from", str(folder.path), "--to", address]) == 1
    assert f"Record 3 of lesson {first}" in capsys.readouterr().out
    assert open_reader(address).rows(first) == [], "what is there in part would look whole"
    assert open_reader(address).rows(second) == open_reader(str(folder.log)).rows(second) != []


async def test_a_folder_that_a_server_holds_is_left_alone(taught, settings, database):
    folder, _ = taught
    with folder.locked(), pytest.raises(Trouble, match="data-in-use"):
        await move(settings, str(folder.path), database())


async def test_from_the_command_line(taught, database, capsys):
    folder, _ = taught
    assert await asyncio.to_thread(main, ["move", "--from", str(folder.path), "--to", database()]) == 0
    assert "2 lessons" in capsys.readouterr().out
