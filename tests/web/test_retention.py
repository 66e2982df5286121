"""Lessons go when their time is over, with all they left, and not before; what others use stays."""

from __future__ import annotations

import asyncio
import logging
import os
import shutil
from pathlib import Path

import pytest

from bench.school.folder import fill
from mingtang.settings import Settings
from mingtang.web.folder import Folder
from mingtang.web.keeping.keeper import Keeper
from mingtang.web.keeping.opener import unpacked
from mingtang.web.node import open_node
from tests.web.test_erasing import places_of

DAY = 24 * 3600 * 1000


@pytest.fixture(scope="module")
def school(tmp_path_factory) -> Path:
    """Two lessons, a week apart, each with slides of its own."""
    folder = tmp_path_factory.mktemp("keep") / "data"
    asyncio.run(fill(folder, 2, 6, 300, 2, seed=31))
    return folder


@pytest.fixture
async def node(school, tmp_path, bundle):
    """The day is the one after the end of the second lesson."""
    data = Path(shutil.copytree(school, tmp_path / "copy"))
    async with open_node(Settings(data=data, static=str(bundle), keep_days=30), Folder(data), "http://x") as opened:
        ended = max(row.ended for row in await opened.catalog.lessons())
        opened.hall.clock = lambda: ended + DAY
        yield opened


def later(node, days: int) -> None:
    now = node.hall.clock()
    node.hall.clock = lambda: now + days * DAY


async def rows(node) -> list[str]:
    return sorted([row.id for row in await node.catalog.lessons()], key=str)


def pictures(node) -> set[str]:
    return {folder.name for folder in node.folder.assets.glob("*/*/")}


async def test_nothing_goes_before_its_time_and_what_will_go_is_told(node, caplog):
    before = await rows(node)
    assert await node.retention.keep_house() == []
    assert await rows(node) == before
    later(node, 20)
    caplog.set_level(logging.INFO)
    outlook = await node.retention.outlook()
    assert (len(outlook.due), len(outlook.soon), outlook.days) == (0, 1, 30)
    assert await node.retention.keep_house() == []
    assert "within a week" in caplog.text


async def test_a_lesson_whose_time_is_over_goes_with_log_pictures_index_and_rows(node):
    later(node, 25)
    due = (await node.retention.outlook()).due
    assert len(due) == 1
    lesson = due[0].id
    await node.librarian.catch_up()
    own = set((await node.catalog.deck_pages())[lesson][:1])
    await node.catalog.pair_wall("wall1", lesson, 1)
    await node.catalog.renew_assistant_link("hash", lesson, 1)
    await node.hall.open(lesson)
    there = pictures(node)
    assert [one.id for one in await node.retention.keep_house()] == [lesson]
    assert await node.remains.sweep()
    assert lesson not in await node.hall.store.lessons()
    assert lesson not in await rows(node)
    assert len(await rows(node)) == 1
    assert len(there - pictures(node)) == 2
    assert own <= there - pictures(node)
    assert places_of(lesson, node.folder.path) == []
    assert await node.retention.keep_house() == []


async def test_pictures_that_another_lesson_names_stay(node, school, tmp_path):
    from mingtang.readings.lessonfile.packing import pack
    from mingtang.stores.reading import open_reader

    oldest = min(await node.catalog.lessons(), key=lambda row: row.ended)
    place = node.folder.imports / "one"
    place.mkdir()
    pack(open_reader(str(school / "lessons.db")), oldest.id, school / "assets", place / "file")
    await unpacked(place / "file", place / "in", 100)
    copy = await node.taking.take(place, "en", copy=True)
    later(node, 25)
    there = pictures(node)
    due = [one.id for one in (await node.retention.outlook()).due]
    assert sorted(due) == sorted([oldest.id, copy.lesson])
    await node.retention._remove(oldest.id)
    assert pictures(node) == there
    await node.retention._remove(copy.lesson)
    assert len(there - pictures(node)) == 2


async def test_without_a_setting_everything_is_kept(school, tmp_path, bundle):
    data = Path(shutil.copytree(school, tmp_path / "copy"))
    async with open_node(Settings(data=data, static=str(bundle)), Folder(data), "http://x") as node:
        node.hall.clock = lambda: 2**42
        assert (await node.retention.outlook()).due == []
        assert await node.retention.keep_house() == []
        assert len(await rows(node)) == 2


async def test_a_lesson_that_was_never_ended_stays_however_old_it_is(node):
    from mingtang.web import lessons

    running = await lessons.open_lesson(node, "Runs on", "en")
    later(node, 10_000)
    await node.retention.keep_house()
    assert await rows(node) == [running.id]


async def test_one_lesson_that_cannot_go_hinders_no_other(node):
    later(node, 60)
    first, second = (one.id for one in (await node.retention.outlook()).due)
    row = (await node.hall.store.read(first))[5]
    await node.hall.store.rewrite(first, [row._replace(version=99)])
    assert [one.id for one in await node.retention.keep_house()] == [second]
    assert await rows(node) == [first]


async def test_the_keeper_keeps_house_once_a_day_and_clears_old_journals(node, school):
    journal = node.folder.replays / "program" / "lesson1"
    (journal / "student").mkdir(parents=True)
    (journal / "student" / "a.json.gz").write_bytes(b"x")
    os.utime(journal / "student" / "a.json.gz", (1, 1))
    rounds: list[int] = []

    class Counted:
        async def keep_house(self) -> None:
            rounds.append(1)

    keeper = Keeper(node.folder, node.hall, Counted(), node.remains, 30)  # type: ignore[arg-type]
    await keeper.turn()
    await keeper.turn()
    assert len(rounds) == 1
    assert not journal.exists()
    later(node, 1)
    await keeper.turn()
    assert len(rounds) == 2


@pytest.mark.slow
def test_the_terminal_tells_what_goes_and_takes_it_away(serve, school, tmp_path):
    data = Path(shutil.copytree(school, tmp_path / "cli"))
    server = serve(data, MINGTANG_KEEP_DAYS="30")
    told = server.command("retention")
    assert told.returncode == 0, told.stderr
    assert told.stdout.count("\ndue ") == 2
    assert server.command("retention", "--yes").returncode == 0
    assert server.command("retention").stdout.count("\ndue ") == 0
    server.stop()
    kept = serve(Path(shutil.copytree(school, tmp_path / "cli2")))
    kept.stop()
    assert "for ever" in kept.command("retention", "--yes").stdout
