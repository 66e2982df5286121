"""Voice and picture where they arrive: at desks elsewhere, live and gone back to, and nowhere at a seat in the room."""

from __future__ import annotations

import statistics
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.classroom.people import Classroom, Person

pytestmark = pytest.mark.slow
Make = Callable[..., Classroom]
HEARD = (Path(__file__).parent / "heard.js").read_text()


# How wide the pictures are that came for each kind of place; a camera is sent small as well, for the tiles.
WIDTHS = """Object.fromEntries([...document.querySelectorAll('.watch canvas')].map(
  one => [one.closest('.large') ? 'large' : 'tile', one.width]))"""


def test_everybody_elsewhere_hears_and_sees_the_lesson_and_a_seat_in_the_room_stays_silent(
    studio: Make, pdf: Path
) -> None:
    room = studio("zh")
    room.script += HEARD
    room.begin(pdf)
    sizes = {"rosa": "desk", "theo": "phone", "mei": "phone"}
    rosa, theo, mei = (room.person(name, size) for name, size in sizes.items())
    for person, seat in ((rosa, "remote"), (theo, "remote"), (mei, "room")):
        person.join(person.name.title(), seat)
    the_teacher_speaks(room)
    the_viewer_chooses(room)
    rosa_goes_back(room)
    assert mei.used() == set(), "the page in the room touched sound"
    assert mei.ear.media_lines == 0
    mei.quiet("at the end")


def beeps(person: Person) -> int:
    return int(person.page.evaluate("__heard.beeps.length"))


def hears_on(person: Person, more: int = 2) -> None:
    """New beeps, from now on."""
    person.until("least => __heard.beeps.length >= least", beeps(person) + more)


def the_teacher_speaks(room: Classroom) -> None:
    teacher, rosa = room.people["teacher"], room.people["rosa"]
    teacher.page.evaluate("window.__clock = 'loud'")
    teacher.key("s")
    teacher.press("media.record")
    teacher.press("media.enter_staff")
    speak(teacher)
    teacher.press("send.camera_on")
    rosa.until("() => __heard.flashes.length > 3 && __heard.beeps.length > 4")
    hears_on(room.people["theo"])
    rosa.sees("watch.speaks")
    found: dict[str, list[float]] = rosa.page.evaluate("__heard")
    apart = [min((flash - beep for flash in found["flashes"]), key=abs) for beep in found["beeps"][-4:]]
    # Generous: the machine may be busy. What sets its picture by its sound is never a third of a second off.
    assert abs(statistics.median(apart)) < 330, f"a flash and its beep came apart by {apart}"


def speak(person: Person) -> None:
    person.press("send.microphone_on")
    person.page.locator(".check").get_by_role("button", name=person.say("send.check_go")).click()
    person.sees("send.heard")


def the_viewer_chooses(room: Classroom) -> None:
    """A screen that is shared is large by itself; what is chosen is large as long as it is there, also tomorrow."""
    teacher, rosa = room.people["teacher"], room.people["rosa"]
    teacher.press("send.screen_on")
    large = rosa.page.locator(".watch .large")
    large.get_by_role("img", name=room.say("watch.large_screen")).wait_for()
    rosa.until(f"() => {WIDTHS}.tile === 320")
    rosa.press("watch.speaker")
    large.get_by_role("img", name=room.say("watch.large_speaker", name=teacher.ear.you["name"])).wait_for()
    rosa.until(f"() => {WIDTHS}.large === 640 && {WIDTHS}.tile === undefined")
    rosa.press("watch.slides")
    large.wait_for(state="detached")
    assert rosa.page.evaluate("localStorage.getItem('mingtang.media.large')") == "slides"
    rosa.check("watching")
    room.people["theo"].check("watching")
    teacher.press("send.screen_off")


def rosa_goes_back(room: Classroom) -> None:
    """Ten seconds, with the voice of that moment; and back to what is live."""
    rosa = room.people["rosa"]
    rosa.page.get_by_role("button", name=room.say("replay.ten")).click()
    rosa.page.locator(".transport").wait_for()
    hears_on(rosa, 3)
    rosa.check("behind")
    rosa.press("replay.to_live")
    hears_on(rosa)
