"""The stage as people see it: a remote hand is invited, comes, is muted; recording is marked everywhere; groups."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.classroom.people import SOUND, Classroom, Person, scripts

pytestmark = pytest.mark.slow
Make = Callable[..., Classroom]
ROWS = """(() => { const band = document.querySelector('.captions div');
  return band.clientHeight / parseFloat(getComputedStyle(band).lineHeight) })()"""


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_a_remote_hand_comes_on_the_stage_and_everybody_sees_what_goes_on(
    classroom: Make, pdf: Path, lang: str
) -> None:
    room = classroom(lang)
    teacher = room.begin(pdf)
    mei, ann = room.person("mei", "phone"), room.person("ann", "desk", "dark")
    fetched = scripts(ann)
    mei.join("Mei", "remote")
    ann.join("Ann", "room")
    wall = room.person("wall", "wall")
    pair(wall, teacher)
    invited_and_recorded(room)
    muted_and_taken_down(room)
    captioned(room)
    in_groups(room)
    for address, text in fetched().items():
        assert not SOUND.search(text), f"a page in the room fetched {address}"


def pair(wall: Person, teacher: Person) -> None:
    wall.page.goto(f"{wall.classroom.server.url}/wall")
    wall.until(r"() => /[2-9]{4}/.test(document.body.innerText.replace(/\s/g, ''))")
    code = wall.page.evaluate(r"() => document.body.innerText.replace(/\s/g, '').match(/[2-9]{4}/)[0]")
    teacher.press("console.links")
    teacher.page.get_by_label(teacher.say("console.wall_code")).fill(code)
    teacher.press("console.pair")
    teacher.sees("console.paired")
    teacher.press("console.links")
    wall.hears(lambda ear: ear.you.get("role") == "wall")


def invited_and_recorded(room: Classroom) -> None:
    """A remote hand is asked onto the stage, recording is seen by all, and who comes may say no to it."""
    teacher, mei, ann, wall = (room.people[name] for name in ("teacher", "mei", "ann", "wall"))
    mei.press("hands.raise")
    teacher.hears(lambda ear: "Mei" in str(ear.parts["hands"]))
    teacher.key("s")
    teacher.page.get_by_role("region", name=room.say("media.stage")).wait_for()
    teacher.press("media.record")
    for person in (mei, ann):
        person.sees("media.recording")
    for person in (wall, teacher):
        person.sees("media.recording_short")
    mei.press("replay.ten")
    mei.sees("replay.to_live")
    teacher.key("i")
    may_speak(mei)
    mei.sees("media.invited_recorded")
    mei.sees("media.recording")
    room.check("invited", "mei", "teacher")
    mei.tab_to(f"e => e.textContent.trim() === {room.say('media.enter_unrecorded')!r}")
    mei.key("Enter")
    mei.sees("media.on_stage")
    assert not mei.button("replay.to_live").count(), "who is heard is with the others"
    ann.sees("media.speak_here", names="Mei")
    wall.sees("media.voices", n=1)
    mei.button("hands.raise").wait_for()
    for person, raised in ((wall, "hands.distance"), (teacher, "hands.queue")):
        assert room.say(raised) not in person.page.inner_text("body"), "who is on the stage waits no longer"
    assert not teacher.ear.parts["hands"]["line"]
    assert "Mei" not in wall.page.inner_text("body")
    teacher.sees("media.is_unrecorded")
    mei.sees("media.not_consented")
    mei.press("media.consent_give")
    mei.sees("media.consented")
    room.check("on stage")
    teacher.key("b")
    wall.hears(lambda ear: ear.parts["slides"]["cover"] == "black")
    wall.sees("media.recording_short")
    wall.check("black")
    teacher.key("b")


def may_speak(person: Person) -> None:
    """A page that was served before its reader joined from afar is loaded anew for the stage: it is waited for."""
    person.until("() => document.featurePolicy.allowsFeature('microphone')")


def muted_and_taken_down(room: Classroom) -> None:
    """Asked first, then muted; taken down; a device is lent."""
    teacher, mei, wall = (room.people[name] for name in ("teacher", "mei", "wall"))
    teacher.press("media.ask_quiet_of", name="Mei")
    mei.sees("media.asked_quiet")
    mei.press("media.quiet_on")
    teacher.sees("media.is_quiet")
    teacher.press("media.mute_of", name="Mei")
    mei.sees("media.was_silenced")
    room.check("muted", "mei", "teacher")
    teacher.press("media.unmute_of", name="Mei")
    teacher.press("media.remove_of", name="Mei")
    mei.hears(lambda ear: "place" not in ear.mine.get("media", {}))
    device = teacher.page.get_by_label(room.say("media.device"))
    device.select_option(index=1)
    wall.sees("media.room_hears")
    room.check("lent", "wall")
    device.select_option("")
    wall.hears(lambda ear: "media" not in ear.mine)
    teacher.press("media.record_end")
    teacher.key("s")


def captioned(room: Classroom) -> None:
    """Typed line by line at the desk: read on the phone by who wants it, in the room as well, and on the wall."""
    teacher, mei, ann, wall = (room.people[name] for name in ("teacher", "mei", "ann", "wall"))
    assert not ann.page.get_by_text(room.say("captions.title")).count(), "nothing of it before a line is there"
    teacher.key("x")
    field = teacher.page.get_by_label(room.say("captions.say"))
    for text in ("A hash function turns a key into a plaice.", "不要找，直接算。"):
        field.fill(text)
        field.press("Enter")
    mei.press("captions.title")
    mei.page.get_by_role("log").get_by_text("不要找，直接算。").wait_for()
    assert mei.page.get_by_role("log").get_attribute("aria-live") == "polite", "he asked for it"
    assert not ann.page.get_by_role("log").count(), "she did not"
    ann.tab_to(f"e => e.textContent.trim() === {room.say('captions.title')!r}")
    ann.key("Enter")
    ann.page.get_by_role("log").get_by_text("plaice").wait_for()
    teacher.press("captions.correct_of", text="A hash function turns a key into a plaice.")
    teacher.page.keyboard.press("End")
    teacher.page.keyboard.type("!")
    teacher.key("Enter")
    ann.page.get_by_role("log").get_by_text("plaice.!").wait_for()
    teacher.press("captions.on_wall")
    wall.page.get_by_role("complementary", name=room.say("captions.title")).get_by_text("直接算").wait_for()
    assert not under(wall, ".captions", ".slide"), "nothing lies over a slide"
    assert wall.page.evaluate(ROWS) == pytest.approx(2, abs=0.02), "a row is there or not, and never half"
    room.check("captions")
    teacher.press("captions.remove_of", text="不要找，直接算。")
    ann.hears(lambda ear: set(ear.parts["captions"]["lines"]) == {"1"})
    teacher.press("captions.on_wall")
    wall.page.locator(".captions").wait_for(state="detached")
    mei.page.reload()
    mei.page.get_by_role("log").get_by_text("plaice").wait_for()
    mei.press("captions.title")
    mei.page.get_by_role("log").wait_for(state="detached")
    teacher.press("captions.close")


def under(person: Person, upper: str, lower: str) -> bool:
    """Whether the one lies over the other."""
    told = person.page.evaluate(
        "([a, b]) => [a, b].map((one) => document.querySelector(one).getBoundingClientRect())", [upper, lower]
    )
    one, other = told
    beside = one["left"] >= other["right"] - 1 or one["right"] <= other["left"] + 1
    return not (beside or one["top"] >= other["bottom"] - 1 or one["bottom"] <= other["top"] + 1)


def in_groups(room: Classroom) -> None:
    """Formed, called from, visited, closed."""
    teacher, mei, ann, wall = (room.people[name] for name in ("teacher", "mei", "ann", "wall"))
    teacher.key("g")
    teacher.page.get_by_label(room.say("groups.size")).fill("2")
    teacher.press("groups.form")
    mei.sees("groups.yours", n=1)
    mei.page.get_by_role("region", name=room.say("groups.name")).get_by_text("Ann").wait_for()
    ann.sees("groups.parted")
    wall.sees("groups.on_wall", n=1)
    ann.press("groups.call")
    teacher.press("groups.go_called", n=1)
    ann.sees("groups.visited")
    mei.press("media.enter_group")
    mei.sees("media.on_stage_group")
    room.check("groups")
    teacher.press("groups.to_all")
    teacher.press("groups.close")
    mei.hears(lambda ear: not ear.parts["groups"])
    assert not mei.page.get_by_text(room.say("media.on_stage_group")).count()
    teacher.key("g")
