"""Search in real browsers: found while typing, led to by keys, with the reader's own eyes."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.classroom.people import Classroom, Person
from tests.classroom.test_notebook import end, write
from tests.web.conftest import Pdfs

pytestmark = pytest.mark.slow
Make = Callable[..., Classroom]


@pytest.fixture
def deck(tmp_path: Path) -> Path:
    path = tmp_path / "Zebra graphs.pdf"
    path.write_bytes(Pdfs().pages(3, text="Zebra slide"))
    return path


def find(person: Person, query: str, hits: int) -> None:
    person.page.get_by_role("searchbox").fill(query)
    person.until("n => document.querySelectorAll('a.hit').length === n", hits)


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_a_student_finds_what_was_shown_and_the_own_notes_and_a_teacher_all_slides(
    classroom: Make, deck: Path, lang: str
) -> None:
    room = classroom(lang)
    teacher = room.begin(deck)
    mei = room.person("mei", "phone")
    mei.join("Mei", "room")
    write(mei, "zebra 斑马线")
    mei.page.goto(f"{room.server.url}/search")
    find(mei, "zebra", 3)
    assert mei.page.locator("mark").first.inner_text().lower() == "zebra"
    mei.check("search")
    find(mei, "马", 1)
    mei.sees("search.own_note")
    find(mei, "okapi", 0)
    mei.sees("search.none", query="okapi")
    mei.check("search-none")
    end(teacher)
    teacher.page.goto(f"{room.server.url}/teach")
    teacher.page.get_by_role("link", name=room.say("home.search")).click()
    find(teacher, "zebra", 4)
    assert teacher.page.get_by_text(room.say("search.not_shown")).count() == 2
    teacher.check("search")
    by_keys(teacher)


def by_keys(teacher: Person) -> None:
    """From the field into the list and back, and by Enter to the second in the replay."""
    teacher.key("/")
    teacher.key("ArrowDown")
    teacher.until("() => document.activeElement === document.querySelectorAll('a.hit')[0]")
    teacher.key("ArrowDown")
    teacher.until("() => document.activeElement === document.querySelectorAll('a.hit')[1]")
    assert "/replay/" in (teacher.page.locator("a.hit").first.get_attribute("href") or "")
    for _ in range(2):
        teacher.key("ArrowUp")
    teacher.until("() => document.activeElement.type === 'search'")
    assert "q=zebra" in teacher.page.url


def test_a_stranger_and_a_server_that_is_gone_are_told_in_words(classroom: Make, deck: Path) -> None:
    room = classroom()
    room.begin(deck)
    eve = room.person("eve", "phone")
    eve.expects_cuts = True
    eve.page.goto(f"{room.server.url}/search?q=zebra")
    eve.sees("search.nobody")
    eve.troubles.clear()  # the browser itself notes the 401
    eve.check("search-stranger")
    eve.page.route("**/api/search**", lambda route: route.abort())
    eve.page.get_by_role("searchbox").fill("x")
    eve.sees("search.away")
    eve.page.unroute("**/api/search**")
    eve.press("search.again")
    eve.sees("search.nobody")
