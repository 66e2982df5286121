"""The teacher's home and the deck: what is wrong is said in words, what was there stays, a keyboard is enough."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from mingtang.web.decks import office
from tests.classroom.people import Classroom, Person
from tests.web.conftest import Pdfs
from tools.decks import optics

pytestmark = pytest.mark.slow
Make = Callable[..., Classroom]

BAD_FILES = {
    "broken.pdf": (b"%PDF-1.7\n" + b"\x00broken" * 400, "deck.broken"),
    "locked.pdf": (Pdfs().encrypted(), "deck.encrypted"),
    "notes.txt": (b"Looking for 27\n" * 40, "deck.not_pdf"),
    "nothing.pdf": (b"", "deck.not_pdf"),
}


def at_home(room: Classroom) -> Person:
    teacher = room.person("teacher", "teacher")
    teacher.page.goto(room.server.teacher_link())
    teacher.button("home.choose").wait_for()
    return teacher


def sends(teacher: Person, name: str, body: bytes) -> None:
    teacher.page.set_input_files("input[type=file]", {"name": name, "mimeType": "application/pdf", "buffer": body})


def test_a_file_that_cannot_be_a_deck_is_refused_in_words_and_begins_nothing(classroom: Make) -> None:
    room = classroom()
    room.server.lesson("Sorting")
    teacher = at_home(room)
    teacher.page.get_by_role("heading", name="Sorting").wait_for()
    teacher.expects_cuts = True  # the browser writes each refusal to its console
    for name, (body, sentence) in BAD_FILES.items():
        sends(teacher, name, body)
        said = teacher.page.get_by_role("alert")
        said.get_by_text(room.say(sentence), exact=True).wait_for()
        assert said.count() == 1
        assert teacher.page.url == f"{room.server.url}/teach"
    with room.server.teacher() as client:
        assert [one["title"] for one in client.get("/api/teach/lessons").json()["lessons"]] == ["Sorting"]
    teacher.page.reload()
    teacher.page.get_by_role("heading", name="Sorting").wait_for()
    sends(teacher, "trees.pdf", Pdfs().pages(1))
    teacher.page.wait_for_url("**/teach/*")
    teacher.hears(lambda ear: ear.parts.get("slides", {}).get("deck", {}).get("state") == "ready")


@pytest.mark.skipif(not office.find(), reason="libreoffice-impress is not installed")
def test_a_presentation_begins_a_lesson_with_the_speakers_notes_beside_its_pages(classroom: Make) -> None:
    room = classroom()
    teacher = at_home(room)
    assert ".pptx" in str(teacher.page.get_attribute("input[type=file]", "accept"))
    sends(teacher, "光的折射.pptx", optics.make())
    teacher.page.wait_for_url("**/teach/*", timeout=90_000)
    teacher.hears(lambda ear: ear.parts.get("slides", {}).get("deck", {}).get("state") == "ready")
    assert len(pages(teacher)) == optics.PAGES
    noted = "note => [...document.querySelectorAll('textarea')].some(t => t.value === note)"
    teacher.until(noted, optics.SLIDES[0][2])
    teacher.key("ArrowRight")  # takes the code away that the wall waits with
    teacher.hears(lambda ear: not ear.parts["slides"].get("cover"))
    teacher.key("ArrowRight")
    teacher.until(noted, optics.SLIDES[1][2])
    teacher.quiet("on a presentation")


@pytest.mark.parametrize("way", ["/teach?key=wrong", "/teach"])
def test_without_the_private_link_the_page_says_what_is_missing(classroom: Make, way: str) -> None:
    room = classroom()
    room.server.lesson("Sorting")
    stranger = room.person("stranger", "teacher")
    stranger.expects_cuts = True
    stranger.page.goto(room.server.url + way)
    stranger.sees("home.key_title")
    stranger.sees("teach.no_key")
    assert "Sorting" not in stranger.page.inner_text("body")
    assert stranger.page.get_by_role("button", name=room.say("home.board")).count() == 0


def test_an_earlier_lesson_opens_for_reading(classroom: Make, tmp_path: Path) -> None:
    room = classroom()
    deck = tmp_path / "trees.pdf"
    deck.write_bytes(Pdfs().pages(2, text="Tree"))
    teacher = room.begin(deck)
    mei = room.person("mei", "phone")
    mei.join("Mei", "room")
    teacher.key("q")
    teacher.press("poll.quick_letters")
    mei.choose(1)
    mei.sees("poll.received")
    teacher.press("console.end")
    teacher.press("console.end_yes")
    mei.page.get_by_text(room.say("student.ended")).wait_for(timeout=30_000)
    teacher.page.wait_for_url("**/report/*")
    teacher.page.goto(f"{room.server.url}/teach")
    teacher.page.get_by_role("link", name=room.say("home.read_one", title="trees")).click()
    teacher.sees("console.reading")
    assert teacher.button("console.end").count() == 0
    teacher.page.get_by_role("button", name=room.say("roster.people")).click()
    teacher.page.get_by_text("Mei", exact=True).first.wait_for()
    asset = "() => [...document.images].some(i => i.src.includes('/assets/') && i.complete && i.naturalWidth > 0)"
    teacher.until(asset)
    teacher.page.get_by_role("link", name=room.say("console.report")).wait_for()
    teacher.quiet("reading")


def test_a_lesson_on_an_empty_board_begins_with_the_keyboard_alone(classroom: Make) -> None:
    room = classroom()
    teacher = at_home(room)
    teacher.tab_to(f"e => e.innerText?.trim() === {room.say('home.board')!r}")
    teacher.key("Enter")
    teacher.page.wait_for_url("**/teach/*")
    teacher.hears(lambda ear: ear.parts.get("slides", {}).get("now", {}).get("kind") == "board")
    teacher.page.reload()
    teacher.hears(lambda ear: ear.lines == 2 and ear.parts.get("slides"))
    assert len(teacher.ear.parts["slides"]["steps"]) == 1, "a reload makes no second board"
    teacher.tab_to(f"e => e.innerText?.trim().startsWith({room.say('console.question')!r})")
    teacher.key("Enter")
    teacher.sees("console.make")
    teacher.key("Escape")
    teacher.quiet("begun by keys")


def test_a_second_deck_in_mid_lesson_follows_the_first(classroom: Make, tmp_path: Path) -> None:
    room = classroom()
    first, second = tmp_path / "trees.pdf", tmp_path / "graphs.pdf"
    first.write_bytes(Pdfs().pages(2, text="Tree"))
    second.write_bytes(Pdfs().pages(3, text="Graph"))
    teacher, mei = room.begin(first), room.person("mei", "desk")
    mei.join("Mei", "remote")
    on = teacher.ear.parts["slides"]["now"]["step"]
    before = pages(teacher)
    teacher.page.set_input_files("input[type=file]", second)
    teacher.hears(lambda ear: ear.parts["slides"]["deck"]["name"] == "graphs.pdf")
    teacher.hears(lambda ear: ear.parts["slides"]["deck"]["state"] == "ready")
    assert pages(teacher)[:2] == before
    assert len(pages(teacher)) == 5
    assert teacher.ear.parts["slides"]["now"]["step"] == on, "the lesson stays where it is"
    for asset in pages(teacher)[1:]:
        teacher.key("ArrowRight")
        mei.until("asset => document.querySelector('.slide img')?.currentSrc.includes(asset)", asset)
    room.people["mei"].quiet("after the second deck")


def test_a_bad_second_deck_is_told_and_harms_nothing(classroom: Make, tmp_path: Path) -> None:
    room = classroom()
    first = tmp_path / "trees.pdf"
    first.write_bytes(Pdfs().pages(2))
    teacher = room.begin(first)
    teacher.expects_cuts = True
    before = pages(teacher)
    sends(teacher, "notes.txt", b"Looking for 27")
    teacher.sees("deck.not_pdf")
    assert pages(teacher) == before
    teacher.key("ArrowRight")
    teacher.hears(lambda ear: ear.parts["slides"]["steps"][ear.parts["slides"]["now"]["step"]]["asset"] == before[1])


def pages(person: Person) -> list[str]:
    """The pictures of the steps, in their order."""
    known = person.ear.parts["slides"]["steps"].values()
    return [step["asset"] for step in sorted(known, key=lambda step: step["pos"])]
