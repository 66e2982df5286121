"""What breaks in a real lesson: the network, the server, a laptop. Nothing is lost and nothing counts twice."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.classroom.line import Line
from tests.classroom.people import Classroom, Ear, Person
from tests.server import Server
from tests.web.conftest import Pdfs

pytestmark = pytest.mark.slow
Make = Callable[..., Classroom]


@pytest.fixture
def line(server: Server) -> Iterator[Line]:
    made = Line(server)
    yield made
    made.cut()


@pytest.fixture
def room(classroom: Make, tmp_path: Path) -> Classroom:
    """A lesson with a deck of three pages and its teacher."""
    deck = tmp_path / "sets.pdf"
    deck.write_bytes(Pdfs().pages(3))
    made = classroom()
    made.begin(deck)
    return made


def student(room: Classroom, name: str, size: str = "desk") -> Person:
    made = room.person(name.lower(), size)
    made.join(name, "room")
    return made


def behind(line: Line, room: Classroom, classroom: Make, name: str) -> Person:
    """A student whose way to the server is this line."""
    place = classroom()
    place.server, place.code, place.lesson = line, room.code, room.lesson
    made = room.people[name.lower()] = student(place, name)
    made.expects_cuts = True
    return made


def open_poll(room: Classroom, *voters: Person) -> None:
    teacher = room.people["teacher"]
    teacher.key("q")
    teacher.press("poll.quick_letters")
    for person in voters:
        person.page.get_by_role("radio").first.wait_for()


def vote(person: Person, choice: int) -> None:
    person.choose(choice)


def log(room: Classroom) -> list[dict]:
    told = room.server.cli("log", room.lesson)
    assert told.returncode == 0, told.stderr
    return [json.loads(row) for row in told.stdout.splitlines()]


def votes(room: Classroom) -> Counter[str]:
    """How many votes of each person are in the log."""
    return Counter(row["by"] for row in log(room) if row["kind"] == "poll.voted")


def told(person: Person) -> dict:
    """What this page was told of the one poll."""
    (poll,) = person.ear.parts["poll"].values()
    return dict(poll)


def counts(room: Classroom, *numbers: int) -> None:
    """The teacher sees so many votes for the options that have any."""
    teacher = room.people["teacher"]

    def seen(_: Ear) -> bool:
        (now,) = told(teacher)["rounds"].values()
        return [n for n in now["counts"].values() if n] == list(numbers)

    teacher.hears(seen)


def link(person: Person, state: str) -> None:
    person.until("state => document.querySelector('.lesson')?.dataset.link === state", state)


COUNT_THE_LINE = """text => {
  window.timesSaid = 0;
  let there = false;
  new MutationObserver(() => {
    const now = document.querySelector('.told').innerText.includes(text);
    if (now && !there) window.timesSaid += 1;
    there = now;
  }).observe(document.querySelector('.told'), { childList: true, subtree: true, characterData: true });
}"""


def test_a_vote_given_while_the_network_is_away_is_kept_sent_and_counted_once(
    room: Classroom, classroom: Make, line: Line
) -> None:
    mei, li = behind(line, room, classroom, "Mei"), behind(line, room, classroom, "Li")
    open_poll(room, mei, li)
    mei.page.evaluate(COUNT_THE_LINE, room.say("live.back"))
    line.cut()
    for person in (mei, li):
        link(person, "away")
        person.until("text => document.body.innerText.includes(text)", room.say("live.aged", n=1))
        vote(person, 1)
        person.sees("poll.kept")
        assert person.page.get_by_role("radio").nth(1).is_checked()
    with pytest.raises(Exception, match="ERR_CONNECTION_REFUSED"):
        li.page.reload()
    assert votes(room) == {}
    line.mend()
    mei.sees("live.back")
    mei.sees("poll.received")
    li.page.goto(f"{line.url}/j/{room.code}")
    li.sees("poll.received")
    for person in (mei, li):
        assert person.page.get_by_role("radio").nth(1).is_checked()
    mei.page.get_by_text(room.say("live.back")).wait_for(state="detached")
    assert mei.page.evaluate("() => window.timesSaid") == 1
    assert votes(room) == {mei.ear.you["id"]: 1, li.ear.you["id"]: 1}
    counts(room, 2)
    room.agree("mei", "li")


def test_a_server_that_dies_in_the_middle_of_a_vote_loses_no_vote_and_all_pages_come_back(room: Classroom) -> None:
    teacher = room.people["teacher"]
    voters = [student(room, name) for name in ("Mei", "Li", "Kim")]
    mei, li, kim = voters
    open_poll(room, *voters)
    vote(mei, 0)
    mei.sees("poll.received")
    for person in room.people.values():
        person.expects_cuts = True
        person.page.evaluate("() => { window.notReloaded = true }")
    vote(li, 1)  # on its way: the answer may or may not have been written
    room.server.kill()
    link(kim, "away")
    vote(kim, 2)
    kim.sees("poll.kept")
    room.server.start()
    for choice, person in enumerate(voters):
        person.sees("poll.received")
        assert person.page.get_by_role("radio").nth(choice).is_checked()
    teacher.hears(lambda ear: ear.lines >= 2 and ear.parts["roster"]["here"]["room"] == 3)
    assert all(person.page.evaluate("() => window.notReloaded") for person in room.people.values())
    assert votes(room) == {person.ear.you["id"]: 1 for person in voters}
    counts(room, 1, 1, 1)
    teacher.key("v")
    for person in voters:
        person.sees("poll.over")
    room.agree("mei", "li", "kim")


def test_the_one_who_comes_late_sees_what_the_others_see(room: Classroom) -> None:
    teacher, mei = room.people["teacher"], student(room, "Mei")
    draw(teacher)
    mei.press("questions.ask")
    mei.page.get_by_role("textbox").first.fill("Why 31 and not 32?")
    mei.page.locator("form").get_by_role("button", name=room.say("questions.send"), exact=True).click()
    mei.hears(lambda ear: "Why 31" in str(ear.parts["questions"]))
    step = mei.ear.parts["slides"]["now"]["step"]
    ink = f"ink/{step}"
    mei.hears(lambda ear: len(ear.parts[ink]["strokes"]) == 1)
    late = student(room, "Late", "phone")
    late.hears(lambda ear: ear.parts.get(ink) == mei.ear.parts[ink])
    room.agree("mei", "late")
    open_poll(room, mei, late)
    vote(mei, 1)
    mei.sees("poll.received")
    later = student(room, "Later", "phone")
    later.page.get_by_role("radio").first.wait_for()
    room.agree("mei", "late", "later")
    assert told(later)["state"] == "open"
    assert "counts" not in str(told(later)), "results are hidden until they are shown"


def draw(teacher: Person) -> None:
    """One short line over the stage."""
    teacher.key("p")
    box = teacher.page.locator("canvas").first.bounding_box()
    assert box is not None
    mouse = teacher.page.mouse
    mouse.move(box["x"] + box["width"] * 0.3, box["y"] + box["height"] * 0.3)
    mouse.down()
    for step in range(1, 6):
        mouse.move(box["x"] + box["width"] * (0.3 + step * 0.03), box["y"] + box["height"] * 0.4)
    mouse.up()
    teacher.key("p")


def test_the_teachers_laptop_and_the_walls_computer_may_start_again(room: Classroom) -> None:
    teacher, wall = room.people["teacher"], paired_wall(room)
    mei = student(room, "Mei")
    open_poll(room, mei)
    vote(mei, 0)
    teacher.hears(lambda ear: told(teacher).get("answered") == 1)
    teacher.context.close()
    again = room.person("teacher again", "teacher")
    again.page.goto(room.server.teacher_link())
    again.page.get_by_role("link", name=room.say("home.back")).click()
    again.hears(lambda ear: ear.parts and ear.digest() == teacher.ear.digest())
    again.key("v")
    mei.sees("poll.over")

    cookies = wall.context.cookies()
    wall.context.close()
    back = room.person("wall again", "wall")
    back.context.add_cookies(cookies)
    back.page.goto(f"{room.server.url}/wall")
    back.hears(lambda ear: ear.you.get("role") == "wall")
    again.key("r")
    back.sees("poll.is_shown")
    back.quiet("after its restart")


def paired_wall(room: Classroom) -> Person:
    wall, teacher = room.person("wall", "wall"), room.people["teacher"]
    wall.page.goto(f"{room.server.url}/wall")
    wall.until("() => /[2-9]{4}/.test(document.querySelector('.code').innerText)")
    teacher.press("console.links")
    teacher.page.get_by_label(room.say("console.wall_code")).fill(wall.page.inner_text(".code"))
    teacher.press("console.pair")
    wall.hears(lambda ear: ear.you.get("role") == "wall")
    teacher.press("console.links")
    return wall


def test_two_tabs_of_a_student_are_one_person_with_one_vote(room: Classroom) -> None:
    teacher, mei = room.people["teacher"], student(room, "Mei")
    tab = mei.context.new_page()
    tab.goto(f"{room.server.url}/j/{room.code}")
    open_poll(room, mei)
    tab.locator("input[type=radio]:enabled").nth(2).check(force=True)
    mei.sees("poll.received")
    mei.until("() => document.querySelectorAll('input[type=radio]')[2].checked")
    vote(mei, 1)
    tab.wait_for_function("() => document.querySelectorAll('input[type=radio]')[1].checked")
    tab.get_by_text(room.say("poll.received")).first.wait_for()
    assert teacher.ear.parts["roster"]["joined"] == 1
    assert teacher.ear.parts["roster"]["here"] == {"room": 1, "remote": 0}
    teacher.key("v")
    mei.sees("poll.over")
    assert votes(room) == {mei.ear.you["id"]: 2}, "the vote and its change, both of one person"
    counts(room, 1)


def test_a_student_who_is_sent_out_is_told_so_and_may_be_let_in_again(room: Classroom) -> None:
    teacher, mei = room.people["teacher"], student(room, "Mei")
    li = student(room, "Li")
    teacher.button("roster.people").first.click()
    teacher.page.get_by_role("button", name="Mei", exact=True).click()
    teacher.press("roster.remove")
    mei.sees("student.removed")
    mei.sees("student.removed_how")
    mei.quiet("sent out")
    mei.expects_cuts = True  # the browser writes each refusal to its console
    mei.page.reload()
    mei.press("join.go")
    mei.sees("join.removed")
    teacher.page.get_by_role("button", name=f"{room.say('roster.readmit')} Mei").click()
    teacher.hears(lambda ear: "Mei" in str(ear.parts["roster/list"]["members"]))
    lines = mei.ear.lines
    mei.press("join.go")
    mei.hears(lambda ear: ear.lines > lines and ear.parts.get("lesson"))
    assert teacher.ear.parts["roster"]["joined"] == 2
    room.agree("mei", "li")
    assert li.ear.lines == 1, "the others notice nothing"
