"""Watching a lesson again: in the student's page, as the teacher saw it, and while the lesson goes on."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.classroom.people import Classroom, Person
from tests.web.conftest import Pdfs

pytestmark = pytest.mark.slow
Make = Callable[..., Classroom]

TIME = "() => Number(document.querySelector('.transport input[type=range]').value)"


@pytest.fixture
def room(classroom: Make, tmp_path: Path) -> Classroom:
    """A lesson with a deck of four pages, its teacher, and Mei on her phone."""
    deck = tmp_path / "sets.pdf"
    deck.write_bytes(Pdfs().pages(4))
    made = classroom()
    made.begin(deck)
    made.person("mei", "phone").join("Mei", "room")
    return made


# Each page that comes before the person, however shortly.
NOTE_SLIDES = """() => {
  window.slides = [];
  const note = () => {
    const now = document.querySelector('.slide img')?.alt;
    if (now && now !== window.slides.at(-1)) window.slides.push(now);
  };
  new MutationObserver(note).observe(document.body, { childList: true, subtree: true, attributes: true });
}"""

TELL = """([lesson, kind, data]) => new Promise((done, fail) => {
  const socket = new WebSocket(`${location.origin.replace('http', 'ws')}/live/${lesson}?as=teacher`);
  socket.onmessage = ({ data: text }) => {
    const frame = JSON.parse(text);
    if (frame.t === 'hello') socket.send(JSON.stringify({ t: 'do', id: crypto.randomUUID(), kind, data }));
    if (frame.t === 'ok' || frame.t === 'no') { socket.close(); frame.t === 'ok' ? done() : fail(text); }
  };
})"""


def tell(room: Classroom, wish: str, /, **data: Any) -> None:
    """The teacher does something by another screen of his."""
    room.people["teacher"].page.evaluate(TELL, [room.lesson, wish, data])


def turn(room: Classroom) -> str:
    """The teacher goes on to the next step; its id once it is on the stage."""
    teacher = room.people["teacher"]
    slides = teacher.ear.parts["slides"]
    order = sorted(slides["steps"], key=lambda step: slides["steps"][step]["pos"])
    to = order[order.index(slides["now"]["step"]) + 1]
    tell(room, "slides.turn", to=to)
    teacher.hears(lambda ear: ear.parts["slides"]["now"]["step"] == to)
    return to


QUESTION = {"form": "single", "text": "Which sum is even?", "options": ["1 + 2", "1 + 3"], "right": ["b"]}


def ask(room: Classroom) -> None:
    """A question with a right answer comes on the stage and is open."""
    tell(room, "poll.make", id="p1", question=QUESTION)
    on = room.people["teacher"].ear.parts["slides"]["now"]["step"]
    tell(room, "slides.insert", id="q1", kind="poll", ref="p1", after=on)
    tell(room, "poll.ask", id="p1")
    tell(room, "slides.turn", to="q1")
    tell(room, "poll.open", id="p1")
    room.people["teacher"].hears(lambda ear: ear.parts["slides"]["now"]["step"] == "q1")
    room.people["mei"].page.locator("label.option").first.wait_for()


def end(room: Classroom) -> None:
    room.people["teacher"].press("console.end")
    room.people["teacher"].press("console.end_yes")
    room.people["mei"].page.get_by_text(room.say("student.ended")).wait_for()


def at(person: Person) -> float:
    """Where the replay stands, in seconds."""
    return float(person.page.evaluate(TIME)) / 1000


def watch(room: Classroom, person: Person, more: str = "") -> None:
    person.page.goto(f"{room.server.url}/replay/{room.lesson}{more}")
    person.page.locator(".transport").wait_for()


def slide(person: Person, words: str) -> None:
    """Waits until the page with these words is before the person."""
    person.page.locator(f".slide img[alt='{words}']").wait_for()


@pytest.fixture
def held(room: Classroom) -> Classroom:
    """Two pages, a question that Mei leaves open, something said in writing, and the end."""
    turn(room)
    ask(room)
    tell(room, "poll.close", id="p1")
    tell(room, "captions.type", text="偶数加偶数还是偶数。", took=300)
    turn(room)
    end(room)
    return room


def test_a_lesson_is_watched_again_by_those_who_were_there(held: Classroom) -> None:
    the_student_answers_late(held)
    the_keys_the_steps_and_the_links(held)
    what_was_said_is_there_in_writing(held)
    the_teacher_has_the_console(held)
    a_stranger_is_told_whose_it_is(held)


def the_student_answers_late(held: Classroom) -> None:
    mei = held.people["mei"]
    mei.page.get_by_role("link", name=held.say("student.watch_again")).click()
    mei.page.wait_for_url("**/replay/*")
    slide(mei, "Slide 1")
    held.check("replay-begins", "mei")
    # To the end by key, to the question by its step.
    mei.key("End")
    slide(mei, "Slide 3")
    mei.press("replay.steps")
    mei.page.locator(".chapters button").nth(2).click()
    mei.page.get_by_text("Which sum is even?").first.wait_for()
    # Played from before it, it stops where the question opened, which can then be answered in private.
    mei.key(",")
    slide(mei, "Slide 2")
    mei.key("k")
    mei.choose(0)
    mei.button("replay.play").wait_for()
    mei.sees("replay.only_you")
    held.check("replay-question", "mei")
    mei.press("replay.hand_in")
    mei.sees("replay.handed_in", answer="A · 1 + 2")
    mei.sees("replay.right_is", answer="B · 1 + 3")
    held.check("replay-late", "mei")
    watch(held, mei, "?step=q1")
    mei.sees("replay.right_is", answer="B · 1 + 3")
    assert mei.button("replay.hand_in").count() == 0


def the_keys_the_steps_and_the_links(held: Classroom) -> None:
    mei = held.people["mei"]
    mei.page.set_viewport_size({"width": 1280, "height": 800})
    watch(held, mei, "?step=q1")
    mei.page.get_by_text("Which sum is even?").first.wait_for()
    watch(held, mei, "?at=0")
    mei.sees("replay.before")
    assert at(mei) == 0
    mei.key("?")
    mei.sees("replay.key_tenths")
    mei.key("Escape")
    mei.key(">")
    assert mei.page.get_by_label(held.say("replay.rate")).input_value() == "1.25"
    mei.page.get_by_label(held.say("replay.rate")).select_option("3")
    mei.press("replay.steps")
    mei.page.locator(".chapters button").nth(2).click()
    mei.page.get_by_text("Which sum is even?").first.wait_for()
    mei.key("5")
    mei.key("Home")
    mei.sees("replay.before")
    mei.page.get_by_label(held.say("replay.seek")).focus()
    mei.key("ArrowRight")
    mei.until(f"() => ({TIME})() > 0")
    mei.key("Home")
    mei.page.locator("h1").click()
    mei.key(" ")
    mei.button("replay.pause").wait_for()
    slide(mei, "Slide 1")
    slide(mei, "Slide 2")
    mei.key("k")
    held.check("replay-desk", "mei")


def what_was_said_is_there_in_writing(held: Classroom) -> None:
    """In step in the replay, whole in the notebook, as a file in the report."""
    mei, teacher = held.people["mei"], held.people["teacher"]
    watch(held, mei, "?at=0")
    mei.sees("replay.before")
    assert not mei.button("captions.title").count(), "it was said later"
    mei.key("End")
    mei.press("captions.title")
    mei.page.get_by_role("log").get_by_text("偶数加偶数").wait_for()
    mei.check("replay-captions")
    mei.page.goto(f"{held.server.url}/notebook/{held.lesson}")
    mei.sees("captions.transcript")
    mei.page.get_by_text("偶数加偶数").wait_for()
    teacher.page.goto(f"{held.server.url}/report/{held.lesson}")
    with teacher.page.expect_download() as fetched:
        teacher.page.get_by_role("link", name=held.say("report.captions")).click()
    assert "偶数加偶数还是偶数。" in fetched.value.path().read_text()


def the_teacher_has_the_console(held: Classroom) -> None:
    teacher = held.people["teacher"]
    teacher.page.goto(f"{held.server.url}/teach/{held.lesson}")
    teacher.page.get_by_role("link", name=held.say("console.watch_again")).click()
    teacher.page.locator(".transport").wait_for()
    teacher.page.locator(".rail button").first.wait_for()
    teacher.key("End")
    teacher.until("() => document.querySelectorAll('.rail li').length >= 5")
    held.check("replay", "teacher")
    teacher.press("replay.as_student")
    teacher.page.locator(".lesson.replay").wait_for()
    held.check("replay-as-student", "teacher")


def a_stranger_is_told_whose_it_is(held: Classroom) -> None:
    eve = held.person("eve", "phone")
    eve.expects_cuts = True
    eve.page.goto(f"{held.server.url}/replay/{held.lesson}")
    eve.sees("replay.not_a_member")
    eve.troubles.clear()
    held.check("replay-stranger", "eve")


def test_a_student_goes_back_while_the_lesson_goes_on(room: Classroom) -> None:
    there_and_back(room)
    who_plays_faster_catches_up(room)
    who_comes_late_is_offered_the_beginning_once(room)


def there_and_back(room: Classroom) -> None:
    mei = room.people["mei"]
    turn(room)
    slide(mei, "Slide 2")
    lines = mei.ear.lines
    mei.press("replay.ten")
    mei.page.get_by_text(room.say("replay.to_live")).wait_for()
    # However long that took: held still, and at the step before.
    mei.press("replay.pause")
    step(mei, 0)
    slide(mei, "Slide 1")
    # The lesson goes on: Mei sees the earlier slide, and how far behind that is.
    turn(room)
    mei.hears(
        lambda ear: ear.parts["slides"]["now"]["step"] == room.people["teacher"].ear.parts["slides"]["now"]["step"]
    )
    slide(mei, "Slide 1")
    mei.until("() => /behind/.test(document.querySelector('.behind').innerText)")
    room.check("behind", "mei")
    # To a slide, when the journal has it: the journal follows the lesson.
    step(mei, 1)
    slide(mei, "Slide 2")
    # A question is asked meanwhile: one tap is back, and it is answered live.
    tell(room, "poll.make", id="p1", question=QUESTION)
    tell(room, "poll.open", id="p1")
    mei.sees("replay.open_now")
    mei.press("replay.answer_live")
    slide(mei, "Slide 3")
    mei.choose(1)
    room.people["teacher"].hears(lambda ear: ear.parts["poll"]["p1"].get("answered") == 1)
    assert mei.ear.lines == lines, "the line to the lesson stayed open all the while"
    room.check("live-again", "mei")


def step(person: Person, place: int) -> None:
    """Goes to the step at this place by the list of them."""
    person.press("replay.steps")
    person.page.locator(".chapters button").nth(place).click()


def who_plays_faster_catches_up(room: Classroom) -> None:
    mei = room.people["mei"]
    mei.press("replay.ten")
    mei.page.get_by_label(room.say("replay.rate")).select_option("2")
    assert mei.page.get_by_label(room.say("replay.rate")).locator("option").last.get_attribute("value") == "2"
    mei.page.locator(".behind").wait_for(state="detached")
    slide(mei, "Slide 3")


def who_comes_late_is_offered_the_beginning_once(room: Classroom) -> None:
    turn(room)
    late = room.person("late", "phone")

    def age(socket: Any) -> None:
        """As if the lesson had begun three minutes earlier."""
        server = socket.connect_to_server()

        def older(text: str) -> None:
            frame = json.loads(text)
            if frame["t"] == "hello":
                frame["parts"]["lesson"]["opened"] -= 180_000
            socket.send(json.dumps(frame))

        server.on_message(older)

    late.page.route_web_socket("**/live/*", age)
    late.page.goto(f"{room.server.url}/j/{room.code}")
    late.page.get_by_label(room.say("join.name")).fill("Late")
    late.press("join.go")
    late.page.locator(".offer").wait_for()
    room.check("late", "late")
    late.page.evaluate(NOTE_SLIDES)
    late.press("replay.from_start")
    late.page.locator(".behind").wait_for()
    late.until("() => window.slides.some(one => one !== 'Slide 4')")
    assert late.page.evaluate("window.slides.find(one => one !== 'Slide 4')") == "Slide 1", "it begins at the beginning"
    assert late.page.get_by_label(room.say("replay.rate")).input_value() == "1.5"
    late.page.locator(".behind .pill").click()
    slide(late, "Slide 4")
    late.page.reload()
    slide(late, "Slide 4")
    assert late.page.locator(".offer").count() == 0
