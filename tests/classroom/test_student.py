"""A student's page: silent, large when asked to be, fearless of names, and at its reader's own pace."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.classroom.people import SOUND, Classroom, Person, scripts
from tests.web.conftest import Pdfs

pytestmark = pytest.mark.slow
Make = Callable[..., Classroom]


@pytest.fixture
def room(classroom: Make, tmp_path: Path) -> Classroom:
    """A lesson with a deck of four pages and its teacher."""
    deck = tmp_path / "sets.pdf"
    deck.write_bytes(Pdfs().pages(4))
    made = classroom()
    made.begin(deck)
    return made


def student(room: Classroom, name: str, size: str = "phone", seat: str = "room") -> Person:
    made = room.person(name.lower(), size)
    made.join(name, seat)
    return made


# No page in the room makes a sound

TRY_TO_PLAY = """source => new Promise(done => {
  document.addEventListener('securitypolicyviolation', event => done(event.effectiveDirective), { once: true });
  const player = new Audio(source === 'blob:' ? URL.createObjectURL(new Blob([new Uint8Array(64)])) : source);
  player.addEventListener('canplay', () => done('it played'));
  player.load();
})"""


def test_a_page_in_the_room_cannot_make_a_sound_or_listen(room: Classroom) -> None:
    mei = student(room, "Mei")
    answer = mei.page.goto(f"{room.server.url}/j/{room.code}")
    assert answer is not None
    policy = dict(rule.strip().partition(" ")[::2] for rule in answer.headers["content-security-policy"].split(";"))
    assert policy["default-src"] == "'none'"
    assert policy.get("media-src", "'none'") == "'none'"
    denied = answer.headers["permissions-policy"]
    assert "microphone=()" in denied
    assert "camera=()" in denied
    assert "display-capture=()" in denied
    for source in ("blob:", "data:audio/wav;base64,UklGRg==", f"{room.server.url}/static/sound.mp3"):
        assert mei.page.evaluate(TRY_TO_PLAY, source) == "media-src"
    for device in ("microphone", "camera", "display-capture"):
        assert not mei.page.evaluate("device => document.featurePolicy.allowsFeature(device)", device)


def test_no_script_that_a_page_in_the_room_fetches_knows_how_to_sound(room: Classroom) -> None:
    """Who is remote fetches more when somebody speaks; how a lesson with a stage stays silent here: test_stage."""
    mei = room.person("mei", "phone")
    found = scripts(mei)
    mei.join("Mei", "room")
    room.people["teacher"].key("q")
    room.people["teacher"].press("poll.quick_letters")
    mei.page.locator("label.option").first.wait_for()
    assert any("poll.vote" in text for text in found().values()), "the lesson's own scripts are among them"
    for address, text in found().items():
        assert not SOUND.search(text), address


# Large text and narrow screens

LOST = """() => {
  const lost = [], width = document.documentElement.clientWidth;
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node; (node = texts.nextNode()); ) {
    const range = document.createRange();
    range.selectNodeContents(node);
    if (!node.data.trim() || node.parentElement.closest('.vh, [hidden], script, style')) continue;
    for (const box of range.getClientRects())
      if (box.width > 1 && (box.left < -1 || box.right > width + 1)) lost.push(node.data.trim());
  }
  for (const field of document.querySelectorAll('input[inputmode]'))
    if (field.scrollWidth > field.clientWidth + 1) lost.push(field.value);
  return lost;
}"""


@pytest.mark.parametrize("width", [390, 320])
def test_text_twice_as_large_loses_nothing_on_a_phone(room: Classroom, width: int) -> None:
    teacher, mei = room.people["teacher"], room.person("mei", "phone")
    mei.page.set_viewport_size({"width": width, "height": 844})
    mei.page.goto(f"{room.server.url}/j/{room.code}")
    mei.page.get_by_label(room.say("join.name")).wait_for()
    enlarge(mei)
    nothing_lost(mei, "the door")
    mei.join("Mei", "remote")
    enlarge(mei)
    mei.button("hands.raise").wait_for()
    nothing_lost(mei, "a slide")
    teacher.key("q")
    teacher.press("poll.quick_letters")
    mei.page.locator("label.option").first.wait_for()
    nothing_lost(mei, "voting")
    mei.page.locator("label.option").last.click()
    mei.sees("poll.received")
    for nav in ("questions.ask", "hands.raise"):
        mei.press(nav)
        nothing_lost(mei, nav)
    teacher.hears(lambda ear: "Mei" in str(ear.parts["hands"]))


def enlarge(person: Person) -> None:
    person.page.evaluate("() => document.documentElement.style.setProperty('font-size', '200%', 'important')")


def nothing_lost(person: Person, state: str) -> None:
    wide = person.page.evaluate("() => document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert wide <= 0, f"{state}: {wide} px of sideways scroll"
    assert person.page.evaluate(LOST) == [], state


# Names are text

NAMES = {
    "emoji": ("🦉👩🏽‍🏫 Mei", "🦉👩🏽‍🏫 Mei"),
    "from right to left": ("مريم الفهري", "مريم الفهري"),
    "turned round": ("\u202eieM", "ieM"),
    "markup": ("<img src=x onerror='window.hit=1'>", "<img src=x onerror='window.hit=1'>"),
    "script": ("<script>window.hit=1</script>", "<script>window.hit=1</script>"),
    "template": ("{{name}} ${name} %s", "{{name}} ${name} %s"),
}


def test_any_name_is_shown_as_text_and_runs_nothing(room: Classroom) -> None:
    teacher = room.people["teacher"]
    teacher.button("roster.people").first.click()
    for kind, (typed, shown) in NAMES.items():
        one = room.person(kind, "phone")
        knock(one, typed)
        one.hears(lambda ear, shown=shown: ear.you.get("name") == shown)
        one.page.get_by_text(shown, exact=True).first.wait_for()
        teacher.page.locator("li .name").get_by_text(shown, exact=True).wait_for()
    for person in room.people.values():
        assert person.page.evaluate("() => window.hit") is None
        person.quiet("after the names")


def knock(person: Person, name: str) -> None:
    person.page.goto(f"{person.classroom.server.url}/j/{person.classroom.code}")
    person.page.get_by_label(person.say("join.name")).fill(name)
    person.press("join.go")


def test_a_name_of_ten_thousand_letters_is_refused_in_words(room: Classroom) -> None:
    mei = room.person("mei", "phone")
    mei.expects_cuts = True  # the browser writes each refusal to its console
    mei.page.goto(f"{room.server.url}/j/{room.code}")
    field = mei.page.get_by_label(room.say("join.name"))
    assert field.get_attribute("maxlength") == "60"
    field.evaluate("field => field.removeAttribute('maxlength')")
    for nameless in ("   ", "\u200b\u202e"):
        field.fill(nameless)
        mei.press("join.go")
        mei.sees("join.no_name")
    field.fill("x" * 10_000)
    mei.press("join.go")
    mei.sees("join.name_long", most=60)
    assert mei.page.evaluate("() => document.activeElement.autocomplete") == "name"
    assert room.people["teacher"].ear.parts["roster"]["joined"] == 0


# The reader's own pace

PICTURE = "asset => document.querySelector('.slide img')?.currentSrc.includes(asset)"


def test_the_next_page_is_fetched_before_the_turn(room: Classroom) -> None:
    teacher, mei = room.people["teacher"], room.person("mei", "phone")
    asked: list[str] = []
    mei.page.on("request", lambda request: asked.append(request.url))
    mei.join("Mei", "room")
    following = pages(teacher)
    mei.until(PICTURE, following[0])
    mei.hears(lambda ear: any(following[1] in url for url in asked))
    fetched = [url for url in asked if following[1] in url]
    assert teacher.ear.parts["slides"]["now"]["step"] == steps(teacher)[0]
    teacher.key("ArrowRight")
    mei.until(PICTURE, following[1])
    assert mei.page.evaluate("() => document.querySelector('.slide img').currentSrc") in fetched
    mei.hears(lambda ear: any(following[2] in url for url in asked))


def test_a_reader_may_look_back_and_come_back_to_live(room: Classroom) -> None:
    teacher, mei = room.people["teacher"], student(room, "Mei", "desk", "remote")
    first, second, third, _ = pages(teacher)
    teacher.key("ArrowRight")
    mei.until(PICTURE, second)
    assert mei.button("slides.back_to_live").count() == 0
    mei.press("slides.before")
    mei.until(PICTURE, first)
    mei.sees("slides.slide_n", n=1)
    teacher.key("ArrowRight")
    mei.hears(lambda ear: ear.parts["slides"]["now"]["step"] == steps(teacher)[2])
    assert mei.page.evaluate(PICTURE, first), "the teacher's turn does not pull the reader away"
    mei.press("slides.back_to_live")
    mei.until(PICTURE, third)
    mei.sees("slides.slide_n", n=3)
    assert mei.button("slides.back_to_live").count() == 0
    mei.key("ArrowLeft")
    mei.until(PICTURE, second)
    mei.key("Escape")
    mei.until(PICTURE, third)


def steps(person: Person) -> list[str]:
    known = person.ear.parts["slides"]["steps"]
    return sorted(known, key=lambda one: known[one]["pos"])


def pages(person: Person) -> list[str]:
    """The pictures of the steps, in their order."""
    return [person.ear.parts["slides"]["steps"][one]["asset"] for one in steps(person)]
