"""The question bank's index in the catalog, on SQLite and on PostgreSQL: found, narrowed, made again."""

from __future__ import annotations

import json

import pytest

from mingtang.catalog.bank import Search, folded
from mingtang.catalog.book import Catalog
from mingtang.catalog.plans import Draft
from mingtang.catalog.records import BankAsked


@pytest.fixture(params=["sqlite", "postgres"])
async def catalog(request, tmp_path):
    where = tmp_path / "catalog.db" if request.param == "sqlite" else request.getfixturevalue("database")()
    made = Catalog(where)
    yield made
    await made.close()


def draft(*texts: str, course: str = "") -> Draft:
    steps = [
        {"id": f"step-{n}", "kind": "poll", "question": {"form": "text", "text": text}} for n, text in enumerate(texts)
    ]  # fmt: skip
    return Draft("Plan", course, "en", json.dumps(steps))


async def texts(catalog: Catalog, words: str, **more) -> list[str]:
    await catalog.bank.catch_up()
    found = await catalog.bank.find(Search(words, **more))
    return [json.loads(hit.question.content)["text"] for hit in found]


async def test_words_are_found_whole_in_part_and_from_one_letter_on(catalog) -> None:
    await catalog.plans.add("p1", draft("栈与队列", "Ein Café in ÅBO", "100 % sure_", "a\\b"), 1)
    assert await texts(catalog, "栈") == ["栈与队列"]
    assert await texts(catalog, "cafe åbo") == ["Ein Café in ÅBO"]
    assert await texts(catalog, "%") == ["100 % sure_"]
    assert await texts(catalog, "_") == ["100 % sure_"]
    assert await texts(catalog, "\\") == ["a\\b"]
    assert await texts(catalog, "nothing") == []


async def test_the_index_follows_the_plans_version_by_version(catalog) -> None:
    await catalog.plans.add("p1", draft("first", "second"), 1)
    assert await texts(catalog, "") == ["first", "second"]
    await catalog.plans.write("p1", 1, draft("first, anew"), 2)
    await catalog.plans.write("p1", 2, draft("first, once more"), 3)
    assert await texts(catalog, "") == ["first, once more"]
    known = await catalog.bank.versions("p1", "step-0")
    assert [(row.version, row.at) for row in known] == [(3, 3), (2, 2), (1, 1)]
    before = await catalog.bank.question("p1", "step-1")
    await catalog.bank.empty()
    assert await texts(catalog, "") == ["first, once more"]
    after = await catalog.bank.question("p1", "step-1")
    assert (after.question.content, after.question.present) == (before.question.content, 0)


async def test_what_was_asked_is_told_for_lessons_that_there_are(catalog) -> None:
    row = await catalog.add_lesson("lesson-1", "Monday", "", "en", 5)
    await catalog.follow(row.id, "Monday", 9, 3)
    assert await catalog.bank.unread() == ["lesson-1"]
    told = {"step": "s", "plan": "p", "version": 1, "at": 7, "answers": 3, "told": "{}"}
    await catalog.bank.note_lesson("lesson-1", [BankAsked(lesson="lesson-1", **told)])
    await catalog.bank.note_lesson("gone", [BankAsked(lesson="gone", **told)])
    assert await catalog.bank.unread() == []
    times = await catalog.bank.times([("p", "s"), ("q", "s")])
    assert {key: [(one.asked.lesson, one.title) for one in found] for key, found in times.items()} == {
        ("p", "s"): [("lesson-1", "Monday")]
    }
    await catalog.bank.empty()
    assert (await catalog.bank.unread(), await catalog.bank.times([("p", "s")])) == (["lesson-1"], {})


def test_case_width_and_accents_do_not_matter() -> None:
    assert folded("  Ｃａｆé  STRASSE ﬁ²") == folded("cafe straße fi2") == "cafe strasse fi2"
