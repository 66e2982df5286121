"""Every kind of quick poll, from the key to the result on the wall, checked on console, wall and phone."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.classroom.people import Classroom, Person

# The kind, and what the phone types; None where an option is chosen.
KINDS = {"yesno": None, "rating": None, "cloud": "sets, maps", "text": "A set has no order", "number": "42"}


@pytest.mark.slow
@pytest.mark.parametrize("lang", ["en", "zh"])
def test_every_kind_of_poll_can_be_answered_and_shown(
    classroom: Callable[[str], Classroom], pdf: Path, lang: str
) -> None:
    room = classroom(lang)
    teacher = room.begin(pdf)
    mei, wall = room.person("mei", "phone"), room.person("wall", "wall")
    mei.join("Mei", "room")
    pair(room, teacher, wall)
    for kind, typed in KINDS.items():
        teacher.key("q")
        teacher.press(f"poll.quick_{kind}")
        answer(mei, typed)
        mei.sees("poll.received")
        room.check(f"{kind}-open")
        teacher.key("v")
        mei.sees("poll.over")
        teacher.key("r")
        wall.sees("poll.is_shown")
        room.check(f"{kind}-shown")


def answer(mei: Person, typed: str | None) -> None:
    if typed is None:
        mei.choose(1)
        return
    field = mei.page.locator("main input:not([type=radio]):enabled, main textarea:enabled").first
    field.fill(typed)
    mei.press("poll.send")


def pair(room: Classroom, teacher: Person, wall: Person) -> None:
    wall.page.goto(f"{room.server.url}/wall")
    wall.until(r"() => /[2-9]{4}/.test(document.body.innerText.replace(/\s/g, ''))")
    code = wall.page.evaluate(r"() => document.body.innerText.replace(/\s/g, '').match(/[2-9]{4}/)[0]")
    teacher.press("console.links")
    teacher.page.get_by_label(room.say("console.wall_code")).fill(code)
    teacher.press("console.pair")
    teacher.sees("console.paired")
    teacher.press("console.links")
    wall.hears(lambda ear: ear.you.get("role") == "wall")
