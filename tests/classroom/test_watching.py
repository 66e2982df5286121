"""Voice and picture where they arrive: at three desks elsewhere, on the wall that is the room's device, and nowhere at
a seat in the room. One lesson from the first word over a rewind, a slow line, a reload and a server killed in
mid-sentence to its replay and its file."""

from __future__ import annotations

import itertools
import statistics
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.classroom.line import Line
from tests.classroom.people import Classroom, Person
from tests.classroom.test_stage import may_speak, pair
from tests.readings import filmed
from tests.server import Server

pytestmark = pytest.mark.slow
Make = Callable[..., Classroom]
HEARD = (Path(__file__).parent / "heard.js").read_text()
# Six pages and their encoders on the machine's few cores: what is waited for comes, but not at once.
PATIENCE_MS = 60_000
# Whatever a test asks of a page counts as a touch there.
UNTOUCHED = "Object.defineProperty(navigator, 'userActivation', { value: { hasBeenActive: false, isActive: false } })"
SLOW = "网速或设备较慢"
AWAY_MS = 5_000
NARROW = 6_000  # bytes a second: the voice, and hardly a picture

CONTEXTS = "__used.filter(one => one === 'AudioContext').length"

# How wide the pictures are that came for each kind of place; a camera is sent small as well, for the tiles.
WIDTHS = """Object.fromEntries([...document.querySelectorAll('.watch canvas')].map(
  one => [one.closest('.large') ? 'large' : 'tile', one.width]))"""


@pytest.fixture
def line(server: Server) -> Iterator[Line]:
    made = Line(server)
    yield made
    made.cut()


def test_everybody_elsewhere_hears_and_sees_the_lesson_and_a_seat_in_the_room_stays_silent(
    studio: Make, line: Line, pdf: Path, tmp_path: Path
) -> None:
    room = studio("zh")
    room.script += f"window.__calm = true; {HEARD}"
    gather(room, studio("en"), studio("zh"), line, pdf)
    the_teacher_speaks(room)
    begun = time.time()
    the_viewer_chooses(room)
    where_there_is_no_sound_it_is_read(room)
    rosa_goes_back(room)
    rosas_network_goes(room)
    theo_has_a_slow_line(room, line)
    lin_reloads(room)
    a_remote_hand_is_heard(room)
    the_server_is_killed(room)
    slides_wait_for_nobody(room)
    lasted = time.time() - begun
    the_lesson_is_played_again(room)
    what_was_recorded_is_a_file(room, tmp_path, lasted)
    mei = room.people["mei"]
    assert mei.used() == set(), "the page in the room touched sound"
    assert mei.ear.media_lines == 0
    mei.quiet("at the end")


def gather(room: Classroom, english: Classroom, behind: Classroom, line: Line, pdf: Path) -> None:
    """A teacher and a wall, three students elsewhere, one of them behind a line of his own, and one in the room."""
    teacher = room.begin(pdf)
    behind.server = line  # type: ignore[assignment]
    for place in (english, behind):
        place.script, place.code, place.lesson = room.script, room.code, room.lesson
    for place, name, size, seat in (
        (room, "rosa", "desk", "remote"),
        (behind, "theo", "phone", "remote"),
        (english, "lin", "desk", "remote"),
        (english, "mei", "phone", "room"),
    ):
        person = room.people[name] = place.person(name, size, "dark" if name in ("theo", "lin") else "light")
        person.page.set_default_timeout(PATIENCE_MS)
        person.join(name.title(), seat)
    pair(room.person("wall", "wall"), teacher)
    teacher.page.set_default_timeout(PATIENCE_MS)


def beeps(person: Person) -> int:
    return int(person.page.evaluate("__heard.beeps.length"))


def hears_on(person: Person, more: int = 2) -> None:
    """New beeps, from now on."""
    person.until("least => __heard.beeps.length >= least", beeps(person) + more)


def by_keyboard(person: Person, key: str) -> None:
    words = person.say(key)
    person.tab_to(f"e => (e.getAttribute('aria-label') ?? e.textContent).trim().startsWith({words!r})", most=100)
    person.key("Enter")


def the_teacher_speaks(room: Classroom) -> None:
    """Nobody touches a mouse, and everybody elsewhere hears and sees it, together."""
    teacher, rosa = room.people["teacher"], room.people["rosa"]
    teacher.page.evaluate("window.__clock = 'loud'")
    teacher.key("s")
    teacher.button("media.record").wait_for()
    for key in ("media.record", "media.enter_staff"):
        by_keyboard(teacher, key)
    speak(teacher)
    teacher.button("send.camera_on").wait_for()
    by_keyboard(teacher, "send.camera_on")
    rosa.until("() => __heard.flashes.length > 3 && __heard.beeps.length > 4")
    for name in ("theo", "lin"):
        hears_on(room.people[name])
    rosa.sees("watch.speaks")
    found: dict[str, list[float]] = rosa.page.evaluate("__heard")
    apart = [min((flash - beep for flash in found["flashes"]), key=abs) for beep in found["beeps"][-4:]]
    # Generous: the machine may be busy. What sets its picture by its sound is never a third of a second off.
    assert abs(statistics.median(apart)) < 330, f"a flash and its beep came apart by {apart}"


def speak(person: Person) -> None:
    person.button("send.microphone_on").wait_for()
    by_keyboard(person, "send.microphone_on")
    go = person.page.locator(".check").get_by_role("button", name=person.say("send.check_go"))
    go.focus()
    person.key("Enter")
    person.sees("send.heard")


def the_viewer_chooses(room: Classroom) -> None:
    """A screen that is shared is large by itself; what is chosen is large as long as it is there, also tomorrow."""
    teacher, rosa, theo = (room.people[name] for name in ("teacher", "rosa", "theo"))
    large = rosa.page.locator(".watch .large")
    rosa.until(f"() => {WIDTHS}.tile === 320")
    rosa.press("watch.speaker")
    large.get_by_role("img", name=room.say("watch.large_speaker", name=teacher.ear.you["name"])).wait_for()
    rosa.until(f"() => {WIDTHS}.large === 640 && {WIDTHS}.tile === undefined")
    teacher.press("send.screen_on")
    theo.page.locator(".watch .large").get_by_role("img", name=room.say("watch.large_screen")).wait_for()
    assert large.get_by_role("img", name=room.say("watch.large_speaker", name=teacher.ear.you["name"])).count()
    with rosa.context.expect_page() as opened:
        rosa.press("watch.aside")
    aside = opened.value
    aside.wait_for_function("() => document.querySelector('canvas')?.width === 640")
    rosa.press("watch.slides")
    large.wait_for(state="detached")
    rosa.until(f"() => {WIDTHS}.tile === 320")
    with aside.expect_event("close"):  # who speaks stood beside the slides until now
        rosa.press("watch.aside")
    assert rosa.page.evaluate("localStorage.getItem('mingtang.media.large')") == "slides"
    rosa.check("watching")
    teacher.check("sending")
    teacher.press("send.screen_off")


def where_there_is_no_sound_it_is_read(room: Classroom) -> None:
    """The lowest rung shows captions by itself; nobody asked for them to be read aloud."""
    teacher, rosa = room.people["teacher"], room.people["rosa"]
    teacher.key("x")
    field = teacher.page.get_by_label(room.say("captions.say"))
    field.fill("不要找，直接算。")
    field.press("Enter")
    panel = teacher.page.get_by_role("region", name=room.say("captions.title"))
    panel.get_by_role("button", name=room.say("captions.close")).click()  # the stage beside it stays
    rosa.button("captions.title").wait_for()
    assert not rosa.page.get_by_role("log").count()
    rung = rosa.page.locator(".watch .controls select")
    rung.select_option("slides_captions")
    rosa.page.get_by_role("log").get_by_text("直接算").wait_for()
    assert rosa.page.get_by_role("log").get_attribute("aria-live") == "off"
    assert room.say("watch.rung_with_captions") in rosa.page.locator("[data-rung=slides_captions]").inner_text()
    rung.select_option("full")
    rosa.page.get_by_role("log").wait_for(state="detached")


def rosa_goes_back(room: Classroom) -> None:
    """Ten seconds, with voice and picture; then faster until it is live again, without a leap in what is heard."""
    rosa = room.people["rosa"]
    rosa.page.get_by_role("button", name=room.say("replay.ten")).click()
    rosa.page.locator(".transport").wait_for()
    hears_on(rosa, 3)
    rosa.check("behind")
    rosa.page.locator(".transport select").select_option("2")
    rosa.page.evaluate("__heard.beeps.length = 0")
    rosa.page.locator(".transport").wait_for(state="detached")
    hears_on(rosa, 6)
    heard = rosa.page.evaluate("__heard.beeps")
    apart = [after - before for before, after in itertools.pairwise(heard)]
    assert all(one < 1_700 for one in apart), f"a second is missing: {apart}"
    assert all(one > 150 for one in apart), f"it leapt: {apart}"


def rosas_network_goes(room: Classroom) -> None:
    """For five seconds. The voice goes on by itself, once, and with the others: what she missed is not made up for."""
    teacher, rosa, lin = (room.people[name] for name in ("teacher", "rosa", "lin"))
    contexts = rosa.page.evaluate(CONTEXTS)
    teacher.page.evaluate("window.__clock = 'silent'")
    rosa.expects_cuts = True
    rosa.context.set_offline(True)
    rosa.page.evaluate("window.__since = performance.now()")
    rosa.sees("live.away")
    rosa.until("ms => performance.now() > window.__since + ms", AWAY_MS)
    for person in (rosa, lin):
        person.page.evaluate("__heard.beeps.length = 0")
    teacher.page.evaluate("window.__clock = 'loud'")
    rosa.context.set_offline(False)
    for person in (lin, rosa):
        person.until("() => __heard.beeps.length > 2")
    heard = {person.name: person.page.evaluate("__heard.beeps") for person in (lin, rosa)}
    behind = heard["rosa"][0] - heard["lin"][0]
    assert behind < AWAY_MS / 2, f"she hears what was said while she was away: {behind} ms after the others"
    apart = [after - before for before, after in itertools.pairwise(heard["rosa"])]
    assert statistics.median(apart) > 700, f"she hears it twice: {apart}"
    assert rosa.page.evaluate(CONTEXTS) == contexts
    assert sum(not line.is_closed() for line in rosa.ear.media) == 1, "one line of voice and picture, and no other"
    for told in (
        rosa.page.get_by_text(rosa.say("live.away"), exact=True),
        rosa.page.get_by_text(rosa.say("watch.away")),
    ):
        told.first.wait_for(state="detached")
    rosa.page.locator(".transport").wait_for(state="detached")
    rosa.expects_cuts = False


def rung(person: Person) -> str:
    return str(person.page.locator("[data-rung]").get_attribute("data-rung"))


def theo_has_a_slow_line(room: Classroom, line: Line) -> None:
    """One tap saves data: no pictures, and the voice goes on. So it does by itself where the line is too narrow."""
    theo = room.people["theo"]
    theo.check("watching")
    theo.press("watch.save")
    theo.page.locator(".watch canvas").first.wait_for(state="detached")
    assert rung(theo) == "slides_sound"
    hears_on(theo)
    line.narrow(NARROW)
    theo.press("watch.save")
    theo.until("words => document.querySelector('.watch .line').innerText.includes(words)", SLOW)
    hears_on(theo, 3)
    assert rung(theo) in ("no_cameras", "slides_sound"), "a slow line took the voice away"
    theo.check("a slow line")
    line.narrow(None)


def lin_reloads(room: Classroom) -> None:
    """A page that nobody has touched may not sound; it says so, and one tap is enough."""
    lin = room.people["lin"]
    lin.context.add_init_script(UNTOUCHED)
    lin.page.reload()
    hear = lin.button("watch.hear")
    hear.wait_for()
    lin.until("() => __heard.flashes.length > 1")
    assert beeps(lin) == 0
    lin.check("before a tap")
    hear.click()
    hears_on(lin)
    hear.wait_for(state="detached")


def a_remote_hand_is_heard(room: Classroom) -> None:
    """By all who are elsewhere and, from one place, by the room."""
    teacher, rosa, lin, wall = (room.people[name] for name in ("teacher", "rosa", "lin", "wall"))
    wall.page.evaluate("window.__clock = 'silent'")
    teacher.page.get_by_label(room.say("media.device")).select_option(index=1)
    wall.sees("media.room_hears")
    wall.page.locator(".watch").wait_for(state="attached")
    wall.page.mouse.click(5, 5)
    by_keyboard(rosa, "hands.raise")
    teacher.hears(lambda ear: "Rosa" in str(ear.parts["hands"]))
    teacher.page.evaluate("document.activeElement.blur()")
    teacher.key("i")
    may_speak(rosa)
    rosa.button("media.enter_consenting").wait_for()
    rosa.page.evaluate("window.__clock = 'loud'")
    by_keyboard(rosa, "media.enter_consenting")
    teacher.page.locator(".send").get_by_role("button", name=room.say("send.mute")).click()
    speak(rosa)
    for name in ("theo", "lin", "wall"):
        hears_on(room.people[name], 3)
    lin.page.locator(".tile[data-speaking]", has_text="Rosa").wait_for()
    assert "Rosa" not in wall.page.inner_text("body")
    assert wall.page.locator(".watch .tile").count() == 1, "who sits before the wall needs no place on it"
    for person in (lin, rosa, wall, teacher):
        person.check("a hand on the stage")


def the_server_is_killed(room: Classroom) -> None:
    """In mid-sentence; nobody does anything, and it goes on."""
    lines = {person.name: person.ear.lines for person in room.people.values()}
    for person in room.people.values():
        person.expects_cuts = True
    room.server.kill()
    room.server.start()
    for name in ("theo", "lin", "wall"):
        hears_on(room.people[name], 3)
    for person in room.people.values():
        person.hears(lambda ear, before=lines[person.name]: ear.lines > before)
        person.expects_cuts = False


def slides_wait_for_nobody(room: Classroom) -> None:
    """Slides go on with the voice, and where every track is dead as well."""
    teacher, theo, mei = (room.people[name] for name in ("teacher", "theo", "mei"))
    theo.page.locator(".watch select").select_option("slides_captions")
    theo.page.locator(".watch canvas").first.wait_for(state="detached")
    before = teacher.ear.parts["slides"]["now"]["step"]
    teacher.page.evaluate("document.activeElement.blur()")
    teacher.key("ArrowRight")
    for person in (theo, mei):
        person.hears(lambda ear: ear.parts["slides"]["now"]["step"] != before)
    silent = beeps(theo)
    hears_on(room.people["lin"], 2)
    assert beeps(theo) <= silent + 1


def the_lesson_is_played_again(room: Classroom) -> None:
    """From the files, by the same way, also at another speed."""
    teacher, lin = room.people["teacher"], room.people["lin"]
    teacher.press("console.end")
    teacher.press("console.end_yes")
    lin.sees("student.ended")
    lin.page.goto(f"{room.server.url}/replay/{room.lesson}?at=20")
    lin.page.locator(".watch").wait_for()
    lin.page.locator(".transport .play").click()
    hears_on(lin, 3)
    lin.page.locator(".watch canvas").first.wait_for()
    flashes: Any = lin.page.evaluate("__heard.flashes.length")
    lin.page.locator(".transport select").select_option("2")
    hears_on(lin, 3)
    lin.until("least => __heard.flashes.length > least", flashes)
    lin.check("played again")


def what_was_recorded_is_a_file(room: Classroom, folder: Path, lasted: float) -> None:
    """FFmpeg opens what the teacher's browser sent: as long as it was recorded, a flash with each beep."""
    teacher = room.people["teacher"]
    address = f"{room.server.url}/api/teach/lessons/{room.lesson}/tracks"
    offered = teacher.page.request.get(address).json()
    camera = max((one for one in offered if one["source"] == "camera"), key=lambda one: one["ms"])
    file = folder / camera["files"][0]
    file.write_bytes(teacher.page.request.get(f"{address}/{file.name}").body())
    heard = filmed.beeps(file)
    pairs = [min((flash - beep for flash in filmed.flashes(file, (5, 60))), key=abs) for beep in heard]
    assert len(pairs) >= 5
    assert abs(statistics.median(pairs)) <= 0.1, f"in the file a flash and its beep came apart by {pairs}"
    apart = [after - before for before, after in itertools.pairwise(heard)]
    assert abs(statistics.median(apart) - 1) <= 0.05, f"what beeped every second beeps in the file after {apart}"
    shown = filmed.times(file, "video")
    took = shown[-1] - shown[0]
    assert took * 1000 > camera["ms"] - 1500  # beside what is told, it has the time in which the server was away
    assert lasted - 5 < took < lasted + 60
