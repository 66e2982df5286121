"""Search over HTTP: whose eyes it looks with, and that the index follows the lessons by itself."""

from __future__ import annotations

import asyncio
import contextlib
import sqlite3
import time

import pytest

from mingtang.catalog.book import CatalogAway
from mingtang.web import librarian
from mingtang.web.commands import command


@pytest.fixture(autouse=True)
def _at_once(monkeypatch):
    """Each question finds what was said before it, however slow this computer is."""
    monkeypatch.setattr(librarian, "FRESH_S", 0.0)
    monkeypatch.setattr(librarian, "WAITS_S", 60.0)


async def _join(browser, lesson, name="Ada"):
    answer = await browser.post(f"/api/lessons/{lesson['code']}/join", json={"name": name, "seat": "room"})
    return answer.json()["member"]["id"]


async def _find(browser, query, **more):
    answer = await browser.get("/api/search", params={"q": query, **more})
    assert answer.status_code == 200, answer.text
    found = answer.json()
    assert found["behind"] == 0
    return [
        ("".join(p[0] for p in hit["pieces"]), one["lesson"])
        for one in found["found"]["lessons"]
        for hit in one["hits"]
    ]


async def test_each_finds_what_the_own_screens_have(browser, teacher, lesson, node):
    other = (await teacher.post("/api/teach/lessons", files={"title": (None, "集合 Sets again")})).json()
    phone = browser()
    ada = await _join(phone, lesson)
    await node.hall.submit(lesson["id"], command(node.hall.kinds, "notes.write", page="p1", text="Zebra 斑马"), ada)
    assert await _find(teacher, "sets") == [("Sets", lesson["id"]), ("集合 Sets again", other["id"])]
    assert await _find(phone, "sets") == [("Sets", lesson["id"])]
    assert await _find(teacher, "集") == [("集合 Sets again", other["id"])]
    assert await _find(phone, "马") == [("Zebra 斑马", lesson["id"])]
    assert await _find(teacher, "zebra") == []


async def test_a_teachers_browser_can_look_with_a_students_eyes(teacher, lesson, node):
    ada = await _join(teacher, lesson)
    await node.hall.submit(lesson["id"], command(node.hall.kinds, "notes.write", page="p1", text="zebra"), ada)
    assert await _find(teacher, "zebra") == []
    assert await _find(teacher, "zebra", role="student") == [("zebra", lesson["id"])]


async def test_what_is_said_while_the_lesson_runs_is_found(browser, lesson, node):
    phone = browser()
    ada = await _join(phone, lesson)
    assert await _find(phone, "zebra") == []
    await node.hall.submit(lesson["id"], command(node.hall.kinds, "questions.ask", text="A zebra?"), ada)
    assert await _find(phone, "zebra") == [("A zebra?", lesson["id"])]


async def test_a_browser_that_was_in_no_lesson_is_told_so(browser):
    answer = await browser().get("/api/search?q=x")
    assert (answer.status_code, answer.json()["code"]) == (401, "search.nobody")


async def test_odd_questions_get_a_sentence(teacher):
    assert (await teacher.get("/api/search", params={"q": "x" * 201})).json() == {
        "code": "search.too_long",
        "params": {"most": 200},
    }
    assert await _find(teacher, '" OR * NEAR(') == []


async def test_asking_for_ever_is_held_back(teacher, node):
    node.searches._now = lambda: 1000.0
    for _ in range(1200):
        node.searches.take("198.51.100.1")
    answer = await teacher.get("/api/search?q=x")
    assert (answer.status_code, answer.json()["code"]) == (429, "search.slow_down")


async def test_a_question_never_waits_long_for_the_index(teacher, lesson, node, monkeypatch):
    monkeypatch.setattr(librarian, "WAITS_S", 0.0)
    answer = (await teacher.get("/api/search?q=sets")).json()
    assert (answer["found"]["lessons"], answer["behind"]) == ([], 1)
    await node.librarian.catch_up()
    monkeypatch.setattr(librarian, "WAITS_S", 60.0)
    assert await _find(teacher, "sets") == [("Sets", lesson["id"])]


async def test_a_catalog_that_is_away_is_told_in_one_line(teacher, node, monkeypatch, caplog):
    async def away():
        raise CatalogAway("no answer")

    with monkeypatch.context() as broken:
        broken.setattr(node.catalog, "lessons", away)
        await node.librarian.catch_up()
    (told,) = [one for one in caplog.records if one.name == librarian.__name__]
    assert (told.levelname, told.exc_info) == ("WARNING", None)
    assert "no answer" in told.getMessage()


async def test_a_log_that_cannot_be_read_keeps_only_itself_out(teacher, lesson, node):
    damaged = (await teacher.post("/api/teach/lessons", files={"title": (None, "Sets two")})).json()
    await node.catalog.add_lesson("no-log-at-all", "Sets three", "", "en", 1)
    with contextlib.closing(sqlite3.connect(node.folder.log)) as db, db:
        db.execute("update event set data = x'00' where lesson = ? and seq = 2", (damaged["id"],))
    assert await _find(teacher, "sets") == [("Sets", lesson["id"])]


async def test_a_lesson_that_is_forgotten_leaves_the_index_and_comes_back_from_its_log(teacher, lesson, node):
    assert await _find(teacher, "sets")
    await node.librarian.forget(lesson["id"])
    assert b"Sets" not in node.folder.search.read_bytes()
    assert await _find(teacher, "sets") == [("Sets", lesson["id"])]


async def test_nothing_is_read_before_somebody_asks(node, lesson):
    assert not node.folder.search.exists()
    assert node.reader._lanes == {}
    began = time.monotonic()
    await asyncio.wait_for(node.librarian.close(), 5)
    assert time.monotonic() - began < 5
