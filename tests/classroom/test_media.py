"""Voice and picture in browsers with microphones and cameras of their own: what is sent, when, and by whom never."""

from __future__ import annotations

import json
import os
import statistics
from collections.abc import Callable
from pathlib import Path

import pytest

from mingtang.live.media.objects import Kind
from tests.classroom.listener import Listener, Object, apart, beeps, flashes, lasts
from tests.classroom.people import Classroom, Person
from tests.classroom.test_stage import pair
from tests.server import ROOT

pytestmark = pytest.mark.slow
Make = Callable[..., Classroom]
SOUNDS = {"microphone", "screen_sound"}


def tracks(person: Person) -> dict[str, int]:
    """The open tracks of the lesson, by source."""
    return {track["source"]: int(no) for no, track in person.ear.parts["media"]["tracks"].items()}


def devices(person: Person) -> int:
    """How many microphones, cameras and screens this page holds open."""
    return int(person.page.evaluate("window.__tracks.filter(one => one.readyState === 'live').length"))


def go_on_stage(teacher: Person) -> None:
    teacher.key("s")
    teacher.press("media.enter_staff")
    teacher.button("send.microphone_on").first.wait_for()


def pass_the_check(person: Person, go: str) -> None:
    """Two seconds of listening, then the word that somebody is heard."""
    check = person.page.locator(".check")
    check.get_by_role("heading", name=person.say("send.check")).wait_for()
    check.get_by_text(person.say("send.check_heard")).wait_for()
    check.get_by_role("button", name=person.say(go)).click()


def numbers(objects: list[Object]) -> list[int]:
    return [one.head.seq for one in objects if one.head.kind is not Kind.configuration]


def late(name: str, objects: list[Object]) -> float:
    """By how many ms the clock that is shown is late, as those see it who get the objects."""
    return statistics.median(apart(beeps(objects) if name in SOUNDS else flashes(objects))[-4:])


def test_a_teacher_is_heard_and_seen_in_step_and_the_room_stays_silent(studio: Make, pdf: Path) -> None:
    room = studio()
    teacher = room.begin(pdf)
    teacher.page.evaluate("window.__clock = 'loud'")
    ada, mei = room.person("ada", "desk"), room.person("mei", "phone", "dark")
    ada.join("Ada", "remote")
    fetched: list[str] = []
    mei.page.on("request", lambda request: fetched.append(request.url))
    mei.join("Mei", "room")
    go_on_stage(teacher)
    teacher.press("send.microphone_on")
    pass_the_check(teacher, "send.check_go")
    teacher.sees("send.heard")
    teacher.press("send.camera_on")
    teacher.press("send.screen_on")
    wanted = {"microphone", "camera", "screen", "screen_sound"}
    ada.hears(lambda ear: wanted <= set(tracks(ada)))
    sent_in_step(ada, wanted)
    room.check("sending", "teacher", "mei")
    teacher.press("send.screen_off")
    ada.hears(lambda ear: set(tracks(ada)) == {"microphone", "camera", "camera_small"})
    assert devices(teacher) == 2
    not_decoded_by_somebody(ada)
    lent_to_the_wall(room, teacher, ada)
    teacher.press("media.leave")
    ada.hears(lambda ear: not tracks(ada))
    teacher.until("() => window.__tracks.every(one => one.readyState === 'ended')")
    assert mei.used() == set(), "a page in the room has touched a device or a sound"
    assert (mei.ear.media_lines, [url for url in fetched if url.endswith(tuple(media_chunks()))]) == (0, [])


def not_decoded_by_somebody(ada: Person) -> None:
    """The camera goes on in another codec, as a track of its own."""
    before = tracks(ada)["camera"]
    codec = ada.ear.parts["media"]["tracks"][str(before)]["codec"]
    ear = Listener(ada, "student")
    ear.see(before)
    ear.until(lambda: ear.of(before))
    ear.cannot(before, codec)
    ada.hears(lambda ear: tracks(ada).get("camera", before) != before)
    after = tracks(ada)["camera"]
    assert ada.ear.parts["media"]["tracks"][str(after)]["codec"] != codec
    ear.see(after)
    ear.until(lambda: len(ear.of(after)) > 5)
    ear.close()


def lent_to_the_wall(room: Classroom, teacher: Person, ada: Person) -> None:
    """The wall's computer, which has been allowed before, hears for the room as soon as it is asked, and no longer."""
    wall = room.person("wall", "wall")
    wall.context.grant_permissions(["microphone", "camera"], origin=room.server.url)
    pair(wall, teacher)
    assert wall.used() == set()
    device = teacher.page.get_by_label(room.say("media.device"))
    device.select_option(label=room.say("media.device_wall"))
    ada.hears(lambda ear: {"room_microphone", "room_camera"} <= set(tracks(ada)))
    there = tracks(ada)
    ear = Listener(ada, "student")
    ear.see(there["room_microphone"], there["room_camera"])
    ear.until(lambda: all(lasts(ear.of(there[name])) > 500 for name in ("room_microphone", "room_camera")))
    ear.close()
    room.check("hears the room", "wall")
    device.select_option("")
    ada.hears(lambda ear: not {"room_microphone", "room_camera"} & set(tracks(ada)))
    wall.until("() => window.__tracks.every(one => one.readyState === 'ended')")


def sent_in_step(ada: Person, wanted: set[str]) -> None:
    """Every object of every track, in order; picture and sound of one moment carry one time."""
    there = tracks(ada)
    ear = Listener(ada, "student")
    ear.see(*there.values())
    ear.until(lambda: all(lasts(ear.of(there[name])) > 5_200 for name in wanted))
    ear.close()
    clocks = {}
    for name in wanted:
        objects = ear.of(there[name])
        assert objects[0].head.kind is Kind.configuration, name
        assert numbers(objects) == [*range(objects[1].head.seq, objects[1].head.seq + len(numbers(objects)))], name
        clocks[name] = late(name, objects)
        if name in SOUNDS:
            assert {one.head.span for one in objects[-20:]} <= {0, 20}, "two sounds are sent in short pieces"
        else:
            assert {one.head.layer for one in objects} == {0, 1}, "half of the pictures can be left out"
    assert max(clocks.values()) - min(clocks.values()) <= 60, clocks


def media_chunks() -> set[str]:
    """The files of the built bundle that only voice and picture need."""
    static = Path(os.environ.get("MINGTANG_STATIC") or ROOT / "src" / "mingtang" / "web" / "static")
    manifest = json.loads((static / ".vite" / "manifest.json").read_text())
    named = {Path(one["file"]).name for key, one in manifest.items() if key.startswith("media/")}
    workers = {one.name for one in (static / "assets").iterdir() if one.name.startswith(("worker-", "decode-", "tap."))}
    assert any(name.startswith("Send") for name in named)
    assert workers
    return named | workers


# A student on the stage, in the hand


UNPLUG = """() => window.__tracks.filter(one => one.kind === 'audio' && one.readyState === 'live').forEach(one => {
  one.stop();
  one.dispatchEvent(new Event('ended'));
})"""
NONE_LEFT = "() => { navigator.mediaDevices.enumerateDevices = async () => [] }"
DENIED = "() => { navigator.mediaDevices.getUserMedia = async () => { throw new DOMException('', 'NotAllowedError') } }"
HEARD = "window.__tracks.some(one => one.kind === 'audio' && one.readyState === 'live' && one.enabled)"


@pytest.mark.parametrize("lang", ["zh"])
def test_a_student_is_checked_speaks_is_muted_and_loses_his_microphone(studio: Make, pdf: Path, lang: str) -> None:
    room = studio(lang)
    teacher = room.begin(pdf)
    bo = room.person("bo", "phone")
    bo.page.add_init_script("delete window.MediaStreamTrackProcessor")
    bo.join("Bo", "remote")
    room.person("ada", "desk").join("Ada", "remote")
    bo.press("hands.raise")
    teacher.hears(lambda ear: "Bo" in str(ear.parts["hands"]))
    teacher.key("i")
    bo.sees("media.invited")
    checked_before_he_comes(room, bo)
    heard_when_he_wants(room, teacher, bo)
    chosen(bo)
    unplugged(room, bo)


def checked_before_he_comes(room: Classroom, bo: Person) -> None:
    bo.press("send.check")
    bo.sees("send.check_heard")
    room.check("checked", "bo")
    pass_the_check(bo, "send.check_done")
    bo.until("() => window.__tracks.every(one => one.readyState === 'ended')")
    assert not bo.ear.parts["media"]["tracks"], "nobody else has heard the check"
    bo.press("media.enter")


def heard_when_he_wants(room: Classroom, teacher: Person, bo: Person) -> None:
    bo.press("send.microphone_on")
    bo.sees("send.heard")
    bo.press("send.camera_on")
    teacher.hears(lambda ear: {"microphone", "camera"} <= set(tracks(teacher)))
    there = tracks(teacher)
    ear = Listener(room.people["ada"], "student")
    ear.see(*there.values())
    ear.until(lambda: all(lasts(ear.of(no)) > 500 for no in there.values()))
    ear.close()
    room.check("on air", "bo")
    bo.key("u")
    bo.sees("send.muted")
    teacher.hears(lambda ear: any(place.get("quiet") for place in ear.parts["media"]["stage"].values()))
    assert not bo.page.evaluate(HEARD)
    bo.page.keyboard.down("u")
    bo.sees("send.heard")
    bo.page.wait_for_function("at => performance.now() > at", arg=bo.page.evaluate("performance.now() + 450"))
    bo.page.keyboard.up("u")
    bo.sees("send.muted")
    bo.press("send.unmute")
    bo.sees("send.heard")
    teacher.key("s")
    teacher.press("media.ask_quiet_of", name="Bo")
    bo.press("media.quiet_on")
    bo.sees("send.muted")
    bo.press("send.unmute")
    bo.sees("send.heard")
    teacher.press("media.ask_quiet_of", name="Bo")
    teacher.press("media.mute_of", name="Bo")
    bo.sees("media.was_silenced")
    bo.until(f"() => !({HEARD})")
    teacher.press("media.unmute_of", name="Bo")
    bo.until(f"() => {HEARD}")


def chosen(bo: Person) -> None:
    """Another microphone takes over at once, and is the one for the next time, too."""
    bo.press("send.devices")
    bo.page.get_by_label(bo.say("send.microphone"), exact=True).select_option(label="Fake Audio Input 2")
    bo.until("() => window.__tracks.some(one => one.readyState === 'live' && one.label === 'Fake Audio Input 2')")
    bo.press("send.devices")
    kept = "localStorage.getItem('mingtang.device.microphone')"
    used = "window.__tracks.find(one => one.readyState === 'live' && one.kind === 'audio').getSettings().deviceId"
    assert bo.page.evaluate(kept) == bo.page.evaluate(used)


def unplugged(room: Classroom, bo: Person) -> None:
    """The next microphone goes on in the same track; without another the stage stays, and a sentence says why."""
    before = tracks(bo)["microphone"]
    bo.page.evaluate(UNPLUG)
    bo.page.get_by_text(bo.say("send.switched", name="Fake Audio Input 1")).wait_for()
    assert tracks(bo)["microphone"] == before
    bo.page.evaluate(NONE_LEFT)
    bo.page.evaluate(UNPLUG)
    bo.sees("send.unplugged_microphone")
    bo.hears(lambda ear: set(tracks(bo)) == {"camera", "camera_small"})
    assert "place" in bo.ear.mine["media"]
    bo.page.evaluate(DENIED)
    bo.press("send.microphone_on")
    bo.sees("able.forbidden")
    room.check("without a microphone", "bo")
