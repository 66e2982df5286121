"""The report in a browser: it says what the log says, by keyboard, in the hand, in the dark, on paper."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pypdfium2 as pdfium
import pytest
from playwright.sync_api import Browser

from bench.school import folder, recorded
from mingtang.readings.video.canvas import SPEAKER
from tests.classroom.people import Classroom, Person
from tests.readings.filmed import counted, flashes
from tests.server import Server
from tools.recorded import Shot

pytestmark = pytest.mark.slow
STUDENTS = 40


@pytest.fixture(scope="module")
def held(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Server, list[str]]]:
    """A taught hour in English, one in Chinese, one that nobody came to and nothing was shown in, one that goes on,
    one with voice and picture."""
    data = tmp_path_factory.mktemp("held") / "data"
    ids = folder.run(data, lessons=2, students=STUDENTS, events=0, slides=6, seed=1, ended=True)
    ids += folder.run(data, lessons=1, students=0, events=0, slides=0, seed=3, ended=True)
    ids += folder.run(data, lessons=1, students=6, events=0, slides=2, seed=4, ended=False)
    ids.append(recorded.run(data, 3, Shot("vp8", 160, 90, 10), seed=9).lesson)
    server = Server(data).start()
    yield server, ids
    server.stop()


@pytest.fixture
def classroom(chromium: Browser, held: tuple[Server, list[str]]) -> Iterator[Any]:
    made: list[Classroom] = []

    def make(lang: str = "en") -> Classroom:
        made.append(Classroom(chromium, held[0], lang))
        return made[-1]

    yield make
    for one in made:
        one.close()


def opens(room: Classroom, lesson: str, size: str = "desk") -> Person:
    teacher = room.person("teacher", size)
    teacher.page.goto(room.server.teacher_link())
    teacher.page.goto(f"{room.server.url}/report/{lesson}")
    teacher.page.get_by_role("heading", level=1).wait_for()
    teacher.page.get_by_role("heading", name=room.say("report.here")).wait_for()
    return teacher


def report_of(room: Classroom, lesson: str) -> dict[str, Any]:
    with room.server.teacher() as client:
        return dict(client.get(f"/api/teach/lessons/{lesson}/report").json())


def test_the_page_says_the_numbers_of_the_log(classroom: Any, held: tuple[Server, list[str]]) -> None:
    room, lesson = classroom(), held[1][0]
    teacher, told = opens(room, lesson), report_of(room, lesson)
    facts = teacher.page.locator("dl.facts dd").all_inner_texts()
    head = told["headline"]
    assert facts[0] == str(head["took_part"])
    assert facts[1].split()[0] == str(round(100 * head["answered"] / head["expected"]))
    assert facts[3:] == [str(head["floor"]), str(head["asked"])]
    shown = teacher.page.locator(".items > li").all_inner_texts()
    for one, text in zip(told["questions"], shown, strict=True):
        assert one["text"] in text
        for round_ in one["rounds"]:
            if "share" in round_:
                assert f"{round(100 * round_['share'] + 1e-9)}" in text
    lost = [int(text) for text in teacher.page.locator(".fog i span").all_inner_texts() if text]
    assert lost == [page["lost"] for page in told["pages"] if page["lost"]]
    assert told["digest"][:4] in teacher.page.inner_text("footer")
    teacher.page.get_by_role("link", name=room.say("report.file")).wait_for()
    teacher.page.get_by_role("link", name=room.say("report.replay")).wait_for()
    printed = room.server.cli("report", lesson, "--json")
    assert json.loads(printed.stdout) == told


@pytest.mark.parametrize(("lang", "size"), [("en", "desk"), ("zh", "phone")])
def test_it_is_accessible_in_every_state(classroom: Any, held: tuple[Server, list[str]], lang: str, size: str) -> None:
    room = classroom(lang)
    teacher = opens(room, held[1][0 if lang == "zh" else 1], size)
    teacher.check("report")
    for opened in ("header .from > summary", ".items > li:nth-child(3) > details > summary", ".sheet-of > summary"):
        teacher.page.locator(opened).first.click()
    teacher.page.get_by_role("button", name=room.say("report.copy")).wait_for()
    teacher.page.locator("table.people button").first.click()
    teacher.check("report, opened")
    body = teacher.page.inner_text("body")
    assert "report." not in body.replace("mingtang report", "")
    assert "undefined" not in body
    assert "NaN" not in body


def test_with_the_keyboard_alone_a_question_is_opened_and_a_table_copied(
    classroom: Any, held: tuple[Server, list[str]]
) -> None:
    room, lesson = classroom(), held[1][1]
    teacher = opens(room, lesson)
    teacher.context.grant_permissions(["clipboard-read", "clipboard-write"])
    teacher.tab_to("e => e.matches('.items > li > details > summary')")
    teacher.key("Enter")
    teacher.page.locator(".items details[open] dl").first.wait_for()
    teacher.tab_to("e => e.matches('.sheet-of > summary') && e.closest('section').querySelector('.items')")
    teacher.key("Enter")
    teacher.page.get_by_role("button", name=room.say("report.copy")).wait_for()
    teacher.tab_to(f"e => e.innerText?.trim() === {room.say('report.copy')!r}")
    teacher.key("Enter")
    teacher.page.get_by_role("button", name=room.say("report.copied")).wait_for()
    copied = teacher.page.evaluate("navigator.clipboard.readText()")
    with room.server.teacher() as client:
        got = client.get(f"/api/teach/lessons/{lesson}/report/questions.csv?lang=en").content.decode("utf-8-sig")
    assert copied.replace("\r\n", "\n").split("\n") == ["\t".join(row) for row in csv.reader(io.StringIO(got))]
    teacher.quiet("copied")


def test_on_paper_it_is_light_and_leaves_nobody_out(
    classroom: Any, held: tuple[Server, list[str]], tmp_path: Path
) -> None:
    room, lesson = classroom(), held[1][0]
    teacher = opens(room, lesson)
    teacher.page.emulate_media(color_scheme="dark")
    dark = teacher.page.evaluate("getComputedStyle(document.body).backgroundColor")
    paper = tmp_path / "report.pdf"
    teacher.page.evaluate("dispatchEvent(new Event('beforeprint'))")
    teacher.page.pdf(path=paper, prefer_css_page_size=True, print_background=True)
    document = pdfium.PdfDocument(paper)
    assert [round(side) for side in document[0].get_size()] == [595, 842]  # A4, in points
    text = "\n".join(page.get_textpage().get_text_range() for page in document)
    for person in report_of(room, lesson)["people"]:
        assert person["name"] in text
    assert room.say("report.copy") not in text
    teacher.page.emulate_media(media="print", color_scheme="dark")
    light = teacher.page.evaluate("getComputedStyle(document.documentElement).getPropertyValue('--ink').trim()")
    assert (light, dark) == ("#1c1b19", "rgb(33, 31, 28)")


def test_a_lesson_without_anybody_or_anything_has_a_report_all_the_same(
    classroom: Any, held: tuple[Server, list[str]]
) -> None:
    room = classroom()
    teacher = opens(room, held[1][2])
    for key in ("report.no_asked", "report.no_hands", "report.nobody"):
        teacher.sees(key)
    teacher.check("nobody")
    body = teacher.page.inner_text("body")
    assert "NaN" not in body
    assert "Infinity" not in body


def test_while_the_lesson_goes_on_it_says_so_far_and_leads_back(classroom: Any, held: tuple[Server, list[str]]) -> None:
    room, lesson = classroom(), held[1][3]
    teacher = opens(room, lesson)
    teacher.sees("report.so_far")
    teacher.page.get_by_role("link", name=room.say("report.console")).click()
    teacher.page.wait_for_url(f"**/teach/{lesson}")
    teacher.button("console.end").wait_for()
    teacher.quiet("running")


def test_who_is_no_staff_is_told_so_and_sees_no_number(classroom: Any, held: tuple[Server, list[str]]) -> None:
    room = classroom()
    stranger = room.person("stranger", "phone")
    stranger.expects_cuts = True
    stranger.page.goto(f"{room.server.url}/report/{held[1][0]}")
    stranger.sees("report.unread")
    stranger.page.get_by_role("alert").get_by_text(room.say("teach.no_key")).wait_for()
    assert stranger.page.locator("dl.facts").count() == 0


def test_a_video_is_made_and_fetched_and_so_are_the_recorded_tracks(
    classroom: Any, held: tuple[Server, list[str]], tmp_path: Path
) -> None:
    room = classroom()
    teacher = opens(room, held[1][4], "phone")
    teacher.tab_to(f"e => e.innerText?.trim() === {room.say('report.video_make', kind='MP4')!r}")
    teacher.key("Enter")
    film = teacher.page.get_by_role("region", name=room.say("report.video"), exact=True)
    film.get_by_role("progressbar").wait_for()
    ready = film.get_by_role("link", name="MP4")
    ready.first.wait_for(timeout=60_000)
    with teacher.page.expect_download() as download:
        ready.first.click()
    download.value.save_as(tmp_path / "got.mp4")
    assert len(flashes(tmp_path / "got.mp4", (SPEAKER.x + 4, SPEAKER.y + 4))) == 3
    film.locator("summary").click()
    teacher.check("video")
    with teacher.page.expect_download() as download:
        film.get_by_role("link", name="2-picture-camera.webm").click()
    download.value.save_as(tmp_path / "got.webm")
    assert counted(tmp_path / "got.webm")["video"] == 30
