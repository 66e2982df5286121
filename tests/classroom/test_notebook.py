"""A student's notes while the lesson runs, and the notebook afterwards: read, kept, printed, carried elsewhere."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pypdfium2
import pytest
from playwright.sync_api import Browser, Page

from bench.school.folder import run
from mingtang.activities import kinds
from mingtang.core.lesson import replay
from mingtang.stores.reading import open_reader
from mingtang.web.folder import Folder
from mingtang.web.tokens import Seals, member_cookie
from tests.classroom.people import Classroom, Person
from tests.server import Server
from tests.web.conftest import Pdfs

pytestmark = pytest.mark.slow
Make = Callable[..., Classroom]


@pytest.fixture
def deck(tmp_path: Path) -> Path:
    path = tmp_path / "sets.pdf"
    path.write_bytes(Pdfs().pages(3))
    return path


def turn(teacher: Person, keys: int = 1) -> None:
    for _ in range(keys):
        step = teacher.ear.parts["slides"]["now"]["step"]
        teacher.key("ArrowRight")
        teacher.hears(lambda ear, step=step: ear.parts["slides"]["now"]["step"] != step)


def write(student: Person, text: str) -> None:
    """By the keyboard alone."""
    student.key("n")
    student.page.get_by_role("textbox").wait_for()
    student.page.keyboard.type(text)
    student.sees("notes.saved")
    student.press("notes.close")


def end(teacher: Person) -> None:
    teacher.press("console.end")
    teacher.press("console.end_yes")


def held(room: Classroom, teacher: Person, mei: Person) -> None:
    """An hour with a starred slide, a note, a quick poll that was shown, and a question."""
    mei.key("s")
    mei.hears(lambda ear: ear.mine.get("notes", {}).get("stars"))
    write(mei, "Sheep & <goats>")
    turn(teacher)
    ask(mei, "Why are there two?")
    teacher.key("q")
    teacher.press("poll.quick_letters")
    mei.hears(lambda ear: any(p["state"] == "open" for p in ear.parts["poll"].values()))
    mei.choose(1)
    mei.hears(lambda ear: ear.mine.get("poll"))


def ask(student: Person, text: str) -> None:
    student.key("a")
    student.page.get_by_role("textbox").fill(text)
    student.press("questions.send")
    student.hears(lambda ear: ear.mine.get("questions", {}).get("asked"))


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_what_a_student_wrote_and_did_is_in_the_notebook_and_nobody_elses(
    classroom: Make, deck: Path, tmp_path: Path, lang: str
) -> None:
    room = classroom(lang)
    teacher = room.begin(deck)
    mei = room.person("mei", "phone" if lang == "en" else "desk")
    mei.join("Mei", "room")
    held(room, teacher, mei)
    room.check("notes", "mei")
    assert "goats" not in str(teacher.ear.parts)
    book = open_book(room, mei)
    book.get_by_text("Sheep & <goats>").wait_for()
    book.get_by_text("Why are there two?").wait_for()
    assert book.locator(".step").count() == 3, "two slides and the poll; the third slide was not shown"
    assert book.get_by_text(room.say("poll.you_said", answer="B")).count() == 1
    assert book.get_by_text(room.say("notes.starred")).count() == 1
    assert book.locator(".step img").first.evaluate("e => e.decode().then(() => e.naturalWidth)") > 600
    mei.check("notebook")
    keep_as_file(room, mei, tmp_path)


def open_book(room: Classroom, student: Person) -> Page:
    student.page.goto(f"{room.server.url}/notebook/{room.lesson}")
    student.page.locator(".step").first.wait_for()
    return student.page


def keep_as_file(room: Classroom, student: Person, folder: Path) -> None:
    """The file is read in a browser without any network, and by one that runs no script."""
    with student.page.expect_download() as download:
        student.press("notebook.one_file")
    path = folder / download.value.suggested_filename
    download.value.save_as(path)
    student.sees("notebook.saved")
    text = path.read_text()
    assert not re.search(r"<script|<link|(src|href)=\"(?!data:|#)", text), "it needs nothing but itself"
    context = room.browser.new_context(java_script_enabled=False, offline=True)
    page = context.new_page()
    page.goto(path.as_uri())
    page.get_by_text("Sheep & <goats>").wait_for()
    box = page.locator(".slide img").first.bounding_box()
    assert box is not None
    assert box["width"] > 200
    assert page.get_by_role("button").count() == 0
    context.close()


def test_ink_is_drawing_and_the_print_is_light_and_without_buttons(classroom: Make, deck: Path) -> None:
    room = classroom()
    teacher = room.begin(deck)
    mei = room.person("mei", "desk", scheme="dark")
    mei.join("Mei", "room")
    step = teacher.ear.parts["slides"]["now"]["step"]
    draw(teacher, step)
    mei.page.goto(f"{room.server.url}/notebook/{room.lesson}")
    ink = mei.page.locator(".slide svg path")
    ink.wait_for(state="attached")
    assert (ink.get_attribute("d") or "").startswith("M")
    mei.page.emulate_media(media="print", color_scheme="dark")
    assert mei.page.evaluate("getComputedStyle(document.querySelector('.keep')).display") == "none"
    assert mei.page.evaluate("getComputedStyle(document.querySelector('.step')).breakInside") == "avoid"
    ground = mei.page.evaluate("getComputedStyle(document.documentElement).getPropertyValue('--ink')")
    assert ground.strip() == "#1c1b19", "paper is light"
    pdf = mei.page.pdf(format="A4", prefer_css_page_size=True)
    assert pdf.startswith(b"%PDF")
    if room.shots:
        (room.shots / "notebook.pdf").write_bytes(pdf)


def draw(teacher: Person, step: str) -> None:
    """A stroke with the pen over the stage."""
    teacher.key("p")
    box = teacher.page.locator(".ink[data-on]").bounding_box()
    assert box is not None
    mouse = teacher.page.mouse
    mouse.move(box["x"] + 100, box["y"] + 100)
    mouse.down()
    for n in range(1, 6):
        mouse.move(box["x"] + 100 + 30 * n, box["y"] + 100 + 10 * n)
    mouse.up()
    teacher.hears(lambda ear: ear.parts.get(f"ink/{step}", {}).get("strokes"))


@pytest.fixture
def hour(tmp_path: Path) -> Iterator[tuple[Server, str, dict[str, Any], str]]:
    """A server with a whole lesson that was held; the lesson, its student's own, and a cookie of that student."""
    data = tmp_path / "held"
    lesson = run(data, 1, 12, 0, 6, 3, ended=True)[0]
    folder = Folder(data)
    held = replay(kinds(), map(kinds().fact, open_reader(str(folder.log)).rows(lesson)))
    one = next(m.id for m in held.people.students() if both_rounds(held.mine(m.id)))
    seals = Seals(folder.secret(), folder.teacher_key())
    server = Server(data).start()
    yield server, lesson, held.mine(one), seals.seal("member", lesson, one, seconds=3600)
    server.stop()


def both_rounds(mine: dict[str, Any]) -> list[str]:
    return [id for id, own in mine.get("peer", {}).items() if {"1", "2"} <= own.get("answers", {}).keys()]


def test_a_whole_hour_is_there_with_both_rounds_beside_the_right_answer(
    chromium: Browser, hour: tuple[Server, str, dict[str, Any], str]
) -> None:
    server, lesson, mine, cookie = hour
    shots = os.environ.get("SHOTS")
    room = Classroom(chromium, server, "en", Path(shots) if shots else None)
    mei = room.person("mei", "desk")
    mei.context.add_cookies([{"name": member_cookie(lesson), "value": cookie, "url": server.url}])
    mei.page.goto(f"{server.url}/notebook/{lesson}")
    mei.page.locator(".step").first.wait_for()
    peers = mei.page.locator("div.peer")
    twice = peers.filter(has_text=room.say("peer.round", n=2)).filter(has_text=room.say("peer.round", n=1))
    said = mei.page.locator("div.peer p.own").filter(has_text=room.say("peer.you_said", answer="")).count()
    assert said == sum(len(own["answers"]) for own in mine["peer"].values())
    assert twice.count() >= 1
    assert twice.first.get_by_text(room.say("peer.right_is", answer="")).count() == 1
    assert mei.page.locator(".slide svg path").count() > 0
    pdf = mei.page.pdf(prefer_css_page_size=True)
    pages = pypdfium2.PdfDocument(pdf)
    printed = "".join("".join(page.get_textpage().get_text_range().split()) for page in pages)
    options = [text for text in twice.first.locator(".what").all_inner_texts() if text.strip()]
    assert options
    assert all("".join(text.split(",")[0].split()) in printed for text in options), "results are on paper, too"
    if shots:
        mei.page.screenshot(path=Path(shots) / "hour.png", full_page=True)
        Path(shots, "hour.pdf").write_bytes(pdf)
    mei.check("hour")
    room.close()


def test_a_note_is_kept_while_the_line_is_away_and_by_a_page_that_goes(classroom: Make, deck: Path) -> None:
    room = classroom()
    room.begin(deck)
    mei = room.person("mei", "phone")
    mei.join("Mei", "room")
    mei.expects_cuts = True
    mei.key("n")
    mei.page.get_by_role("textbox").fill("before the tunnel")
    mei.page.goto("about:blank")  # at once: the edit was not settled by a pause
    mei.page.goto(f"{room.server.url}/j/{room.code}")
    mei.hears(lambda ear: "before the tunnel" in str(ear.mine))
    room.server.stop()
    mei.page.locator("[data-link=away]").wait_for()
    mei.key("n")
    field = mei.page.get_by_role("textbox")
    assert field.input_value() == "before the tunnel"
    field.fill("in the tunnel")
    field.blur()
    mei.sees("notes.kept")
    room.server.start()
    mei.hears(lambda ear: "in the tunnel" in str(ear.mine))
    mei.sees("notes.saved")


def test_after_the_end_the_code_leads_to_the_notebook_and_a_link_opens_it_too(classroom: Make, deck: Path) -> None:
    room = classroom("zh")
    teacher = room.begin(deck)
    mei = room.person("mei", "phone")
    mei.join("梅", "remote")
    write(mei, "装填因子")
    end(teacher)
    mei.page.get_by_role("link", name=room.say("student.notebook")).wait_for()
    mei.check("ended")
    mei.expects_cuts = True  # the code answers 410: it has ended
    mei.page.goto(f"{room.server.url}/j/{room.code}")
    mei.page.get_by_role("link", name=room.say("student.notebook")).click()
    mei.page.get_by_text("装填因子").wait_for()
    mei.press("notebook.to_myself")
    field = mei.page.get_by_label(room.say("notebook.link"))
    field.wait_for()
    link = field.input_value()
    mail = mei.page.get_by_role("link", name=room.say("notebook.mail")).get_attribute("href") or ""
    assert mail.startswith("mailto:?subject=")
    assert link in unquote(mail)
    home = room.person("home", "desk")
    home.page.goto(link)
    home.page.get_by_text("装填因子").wait_for()
    assert home.page.url == f"{room.server.url}/notebook/{room.lesson}"
    assert home.page.evaluate("document.referrer") == ""
    home.check("notebook-by-link")
    assert mei.page.locator("a[href^='/replay/']").count() > 0
    assert home.page.locator("a[href^='/replay/'], a[href^='/search']").count() == 0, "it is the notebook and no more"
    assert home.button("notebook.to_myself").count() == 0
    mei.press("notebook.renew")
    mei.sees("notebook.renewed")
    home.expects_cuts = True
    home.page.reload()
    home.page.get_by_role("heading", name=room.say("notebook.unread")).wait_for()
