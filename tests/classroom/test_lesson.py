"""A whole lesson with every activity: a teacher, a wall, a phone in the room, a remote desk, one with keys only."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.classroom.people import Classroom, Person

Make = Callable[[str], Classroom]


@pytest.mark.slow
@pytest.mark.parametrize("lang", ["en", "zh"])
def test_a_whole_lesson_in_three_kinds_of_browser(classroom: Make, pdf: Path, lang: str) -> None:
    room = classroom(lang)
    teacher = room.begin(pdf, waits=True)
    wall = pair_the_wall(room)
    mei, li, kim = (room.person("mei", "phone"), room.person("li", "desk"), room.person("kim", "desk"))
    mei.join("Mei", "room")
    li.join("Li", "remote")
    kim.join("Kim", "remote", by_keyboard=True)
    teacher.hears(lambda ear: ear.parts["roster"]["joined"] == 3)
    room.check("joined")
    teacher.key("ArrowRight")
    covered(room, "")

    turn_and_draw(room, teacher, wall)
    quick_poll(room, teacher)
    peer_instruction(room, teacher)
    questions(room, teacher)
    hands_and_pace(room, teacher)
    attendance_timer_and_call(room, teacher)
    the_late_one_is_where_the_others_are(room)
    the_end(room, teacher)


def pair_the_wall(room: Classroom) -> Person:
    wall, teacher = room.person("wall", "wall"), room.people["teacher"]
    wall.page.goto(f"{room.server.url}/wall")
    wall.sees("wall.pair")
    wall.until(r"() => /[2-9]{4}/.test(document.body.innerText.replace(/\s/g, ''))")
    wall.check("pairing")
    code = wall.page.evaluate(r"() => document.body.innerText.replace(/\s/g, '').match(/[2-9]{4}/)[0]")
    teacher.press("console.links")
    teacher.check("links")
    teacher.page.get_by_label(room.say("console.wall_code")).fill(code)
    teacher.press("console.pair")
    teacher.sees("console.paired")
    teacher.press("console.links")
    wall.hears(lambda ear: ear.you.get("role") == "wall")
    return wall


def turn_and_draw(room: Classroom, teacher: Person, wall: Person) -> None:
    on_stage = teacher.ear.parts["slides"]["now"]["step"]
    teacher.key("ArrowRight")
    teacher.hears(lambda ear: ear.parts["slides"]["now"]["step"] != on_stage)
    step = teacher.ear.parts["slides"]["now"]["step"]
    asset = teacher.ear.parts["slides"]["steps"][step]["asset"]
    for person in room.people.values():
        person.until("asset => [...document.images].some(i => i.src.includes(asset) && i.complete)", asset)
    teacher.key("p")
    stroke(teacher, 0.3, 0.3)
    part = f"ink/{step}"
    for name in ("wall", "mei", "li", "teacher"):
        room.people[name].hears(lambda ear: len(ear.parts.get(part, {}).get("strokes", {})) == 1)
    stroke(teacher, 0.5, 0.5)
    wall.hears(lambda ear: len(ear.parts[part]["strokes"]) == 2)
    teacher.key("z")
    wall.hears(lambda ear: len(ear.parts[part]["strokes"]) == 1)
    teacher.key("p")
    room.check("ink", "teacher", "wall", "mei")
    for key, cover, seen in (("b", "black", ("teacher", "wall", "mei")), ("j", "code", ("teacher", "wall"))):
        teacher.key(key)
        covered(room, cover)
        room.check(cover, *seen)
        teacher.key(key)
        covered(room, "")


def covered(room: Classroom, cover: str) -> None:
    for name in ("wall", "teacher"):
        room.people[name].hears(lambda ear: ear.parts["slides"]["cover"] == cover)


def stroke(person: Person, x: float, y: float) -> None:
    """A short line drawn with the mouse over the stage, from (x, y) in shares of it."""
    box = person.page.locator("canvas").first.bounding_box()
    assert box is not None
    mouse = person.page.mouse
    mouse.move(box["x"] + x * box["width"], box["y"] + y * box["height"])
    mouse.down()
    for step in range(1, 9):
        mouse.move(box["x"] + (x + step * 0.02) * box["width"], box["y"] + (y + (step % 3) * 0.02) * box["height"])
    mouse.up()


def quick_poll(room: Classroom, teacher: Person) -> None:
    mei, li, kim = (room.people[n] for n in ("mei", "li", "kim"))
    teacher.key("q")
    room.check("quick", "teacher")
    teacher.press("poll.quick_letters")
    mei.page.get_by_role("radio").first.wait_for()
    room.check("voting")
    mei.choose(1)
    mei.sees("poll.received")
    li.choose(2)
    li.sees("poll.received")
    kim.tab_to("e => e.type === 'radio' && !e.disabled")
    kim.key("Space")
    kim.sees("poll.received")
    kim.key("ArrowDown")
    teacher.hears(lambda ear: "3" in str(ear.parts["poll"]))
    room.check("voted")
    for person in (mei, li, kim, room.people["wall"]):
        assert "counts" not in str(person.ear.parts["poll"]), "results are hidden until they are shown"
    teacher.key("v")
    mei.sees("poll.over")
    teacher.key("r")
    room.people["wall"].sees("poll.is_shown")
    room.check("results")


def peer_instruction(room: Classroom, teacher: Person) -> None:
    mei, li, kim = (room.people[n] for n in ("mei", "li", "kim"))
    teacher.press("console.question")
    teacher.page.get_by_role("tab", name=room.say("peer.make")).or_(
        teacher.page.get_by_role("button", name=room.say("peer.make"))
    ).or_(teacher.page.get_by_text(room.say("peer.make"))).first.click()
    room.check("making", "teacher")
    form = teacher.page.locator("form.editor").filter(has=teacher.page.get_by_text(room.say("peer.mark_how"))).last
    form.get_by_label(room.say("peer.asks")).fill("Looking for 27: how many keys are compared?")
    for letter, option in (("A", "None"), ("B", "Three")):
        form.get_by_label(room.say("peer.option", letter=letter), exact=True).fill(option)
    form.get_by_role("radio", name=room.say("peer.mark_option", letter="B")).check(force=True)
    form.get_by_role("button", name=room.say("peer.ask_now")).click()
    for person, choice in ((mei, 0), (li, 1), (kim, 0)):
        person.choose(choice)
        person.sees("peer.received")
    room.check("peer-vote")
    teacher.key("v")
    teacher.page.get_by_text("33").first.wait_for()
    room.check("peer-decide", "teacher", "mei", "wall")
    teacher.page.get_by_role("button", name=room.say("peer.do_discuss", time="2:00")).click()
    li.page.get_by_label(room.say("peer.write_to", name="Mei")).or_(li.page.get_by_role("textbox")).first.wait_for()
    room.check("peer-talk")
    li.page.get_by_role("textbox").first.fill("All of them have to be checked")
    li.key("Enter")
    for person in (mei, li, kim):  # three of them are one group
        person.page.get_by_text("All of them have to be checked").first.wait_for()
    teacher.press("peer.stop")
    teacher.press("peer.vote_again")
    for person in (mei, li, kim):
        person.choose(1)
        person.sees("peer.received")
    teacher.key("v")
    teacher.key("r")
    room.people["wall"].sees("peer.is_shown")
    room.check("peer-shown")


def questions(room: Classroom, teacher: Person) -> None:
    mei, li = room.people["mei"], room.people["li"]
    mei.press("questions.ask")
    mei.check("asking")
    mei.page.get_by_role("textbox").first.fill("Why 31 and not 32?")
    mei.page.locator("form").get_by_role("button", name=room.say("questions.send"), exact=True).click()
    li.page.get_by_text("Why 31 and not 32?").first.wait_for()
    li.page.get_by_role("button", name=room.say("questions.me_too", n=0)).first.click()
    teacher.hears(lambda ear: "'votes': 1" in str(ear.parts["questions"]) or "1" in str(ear.parts["questions"]))
    room.check("asked", "teacher", "mei", "li")
    teacher.button("questions.count", n=1).first.click()
    teacher.page.get_by_text("Why 31 and not 32?").first.wait_for()
    teacher.page.locator("button[data-row]").first.click()
    teacher.button("questions.show").first.wait_for()
    teacher.check("judging")
    teacher.press("questions.show")
    room.people["wall"].page.get_by_text("Why 31 and not 32?").first.wait_for()
    room.check("question-shown", "wall", "teacher")
    teacher.press("questions.answered_now")
    teacher.key("Escape")


def hands_and_pace(room: Classroom, teacher: Person) -> None:
    mei, li = room.people["mei"], room.people["li"]
    li.press("hands.raise")
    room.people["wall"].sees("hands.distance")
    mei.press("hands.raise")
    teacher.hears(lambda ear: "Mei" in str(ear.parts["hands"]) and "Li" in str(ear.parts["hands"]))
    room.check("hands")
    teacher.key("h")
    li.sees("hands.floor_mine")
    room.check("floor", "teacher", "li", "wall")
    teacher.key("h")
    mei.press("pace.lost")
    teacher.sees("pace.lost_count", n=1)
    room.check("lost", "teacher", "mei")


def attendance_timer_and_call(room: Classroom, teacher: Person) -> None:
    mei, wall = room.people["mei"], room.people["wall"]
    teacher.button("attendance.name").first.click()
    teacher.check("attendance")
    teacher.press("attendance.start")
    wall.hears(lambda ear: "code" in ear.parts.get("attendance", {}))
    room.check("attendance-open", "wall", "mei", "li", "teacher")
    mei.page.get_by_label(room.say("attendance.code")).fill(str(wall.ear.parts["attendance"]["code"]))
    mei.press("attendance.send")
    mei.sees("attendance.proved")
    teacher.press("attendance.stop")
    teacher.key("Escape")
    teacher.key("t")
    teacher.check("timer")
    teacher.button("timer.minutes", n=2).first.click()
    mei.hears(lambda ear: bool(ear.parts["timer"]))
    room.check("timing", "teacher", "wall", "mei")
    teacher.key("Escape")
    teacher.key("c")
    teacher.hears(lambda ear: bool(ear.parts["call"].get("now") or ear.parts["call"].get("current")))
    room.check("called")


def the_late_one_is_where_the_others_are(room: Classroom) -> None:
    late = room.person("late", "phone")
    late.join("Late", "remote")
    room.agree("late", "mei", "li", "kim")
    late.check("late")


def the_end(room: Classroom, teacher: Person) -> None:
    teacher.press("console.end")
    teacher.check("ending")
    teacher.press("console.end_yes")
    for name in ("mei", "li", "kim", "late"):
        room.people[name].page.get_by_text(room.say("student.ended")).first.wait_for(timeout=30_000)
    room.people["wall"].page.get_by_text(room.say("wall.ended")).first.wait_for()
    teacher.page.wait_for_url("**/report/*")
    teacher.page.get_by_role("heading", name=room.say("report.here")).wait_for(timeout=30_000)
    room.check("ended")
    teacher.page.goto(f"{room.server.url}/teach")
    teacher.page.get_by_text("hash-tables").first.wait_for()
    teacher.check("home-after")
    digest = room.server.cli("digest", room.lesson)
    assert digest.returncode == 0
