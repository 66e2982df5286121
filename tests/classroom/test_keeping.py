"""A lesson saved from its console and brought in at home, and a person taken out of it: in browsers, by keyboard."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from mingtang.stores.reading import open_reader
from tests.chaos.test_real_server import connect, teacher_cookie
from tests.classroom.people import Classroom, Person

pytestmark = [pytest.mark.slow, pytest.mark.browser]
Make = Callable[..., Classroom]
WORDS = "Why has nobody told Ockham?"


def taught(room: Classroom) -> str:
    """A lesson with one student who asked something, over now."""
    made = room.server.lesson("Razors")

    async def teach() -> None:
        cookie = room.server.join(made["code"], "Adelaide")
        student = await connect(room.server, made["id"], cookie)
        assert (await student.do("questions.ask", text=WORDS))["t"] == "ok"
        teacher = await connect(room.server, made["id"], teacher_cookie(room.server, made["id"]))
        assert (await teacher.do("lesson.end"))["t"] == "ok"

    with ThreadPoolExecutor(1) as beside:  # Playwright has this thread's loop
        beside.submit(asyncio.run, teach()).result()
    return str(made["id"])


def at(room: Classroom, path: str, size: str = "desk") -> Person:
    teacher = room.person("teacher", size)
    teacher.page.goto(room.server.teacher_link())
    teacher.page.goto(f"{room.server.url}{path}")
    return teacher


def chooses(teacher: Person, file: Path) -> None:
    with teacher.page.expect_file_chooser() as chooser:
        teacher.page.get_by_role("button", name=teacher.classroom.say("home.import")).click()
    chooser.value.set_files(file)


@pytest.mark.parametrize(("lang", "size"), [("en", "desk"), ("zh", "phone")])
def test_a_lesson_is_saved_from_its_page_and_brought_in_at_home(
    classroom: Make, tmp_path: Path, lang: str, size: str
) -> None:
    room = classroom(lang)
    lesson = taught(room)
    teacher = at(room, f"/teach/{lesson}", size)
    with teacher.page.expect_download() as saved:
        teacher.page.get_by_role("link", name=room.say("console.export")).click()
    file = tmp_path / "razors.mingtang"
    saved.value.save_as(file)
    assert saved.value.suggested_filename == "Razors.mingtang"
    teacher.check("console after the lesson")
    teacher.expects_cuts = True  # the browser writes each refusal to its console
    teacher.page.goto(f"{room.server.url}/teach")
    chooses(teacher, file)
    alert = teacher.page.get_by_role("alert")
    alert.get_by_text(room.say("file.exists", title="Razors"), exact=True).wait_for()
    teacher.troubles.clear()
    teacher.check("import refused")
    teacher.page.get_by_role("button", name=room.say("home.import_copy")).click()
    teacher.page.wait_for_url("**/teach/*")
    copy = teacher.page.url.rsplit("/", 1)[1]
    assert copy != lesson
    assert digest(room, copy) == digest(room, lesson)
    teacher.page.goto(f"{room.server.url}/teach")
    file.write_bytes(file.read_bytes()[:-40])
    chooses(teacher, file)
    alert.wait_for()
    with room.server.teacher() as client:
        assert len(client.get("/api/teach/lessons").json()["lessons"]) == 2


def digest(room: Classroom, lesson: str) -> str:
    return room.server.cli("digest", lesson).stdout


def test_a_person_is_erased_from_the_report_by_keyboard(classroom: Make) -> None:
    room = classroom()
    lesson = taught(room)
    teacher = at(room, f"/report/{lesson}")
    row = teacher.page.locator("table.people tbody tr").first
    row.get_by_role("button").wait_for()
    assert "Adelaide" in row.inner_text()
    teacher.tab_to("e => e.matches('table.people button')")
    teacher.key("Enter")
    erase = teacher.page.get_by_role("button", name=room.say("report.erase"))
    erase.wait_for()
    teacher.tab_to("e => e.closest('.forget')")
    teacher.key("Enter")
    stay = teacher.page.get_by_role("button", name=room.say("report.erase_no"))
    stay.wait_for()
    assert stay.evaluate("e => e === document.activeElement"), "what cannot be taken back is not what Enter does"
    teacher.check("erasing asked for")
    teacher.key("Enter")
    erase.wait_for()
    assert WORDS in log_of(room, lesson)
    erase.click()
    teacher.page.get_by_role("button", name=room.say("report.erase_yes"), exact=True).click()
    teacher.page.get_by_text("Adelaide").first.wait_for(state="detached")
    teacher.check("erased")
    assert WORDS not in log_of(room, lesson)
    assert "Adelaide" not in log_of(room, lesson)
    assert WORDS not in teacher.page.content()


def log_of(room: Classroom, lesson: str) -> str:
    rows = open_reader(str(room.server.data / "lessons.db")).rows(lesson)
    return json.dumps([row.data.decode() for row in rows], ensure_ascii=False)
