"""Plans in real browsers: written, saved by themselves, never lost, never overwritten, previewed, taught."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.classroom.people import Classroom
from tests.classroom.preparing import Preparing

pytestmark = pytest.mark.slow
Make = Callable[..., Classroom]


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_a_plan_is_written_looked_at_and_taught(classroom: Make, lang: str) -> None:
    room = classroom(lang)
    plan = Preparing.new(room)
    if lang == "en":
        plan.person.check("plan-empty")
    plan.page.get_by_label(room.say("plan.title")).fill("Hash 桶")
    plan.page.get_by_label(room.say("plan.course"), exact=True).fill("CS101")
    plan.add("note")
    plan.field("plan.note_text").fill("Welcome 你好")
    plan.ask("poll", "Which is fastest?", ["List", "Tree", "Table"], "C")
    plan.ask("peer", "How many keys are compared?", ["None", "One", "Three"], "C")
    plan.field("plan.notes").fill("A full minute, in silence.")
    plan.add("break")
    plan.is_saved()
    plan.person.check("plan-written")
    every_kind_of_poll_has_its_form(plan)
    reordered_by_keyboard_and_mouse(plan)
    as_they_will_see_it(plan)
    plan.page.reload()
    plan.is_saved()
    plan.count(4)
    stored = plan.stored()
    assert (stored["title"], stored["course"]) == ("Hash 桶", "CS101")
    assert sorted(step["kind"] for step in stored["steps"]) == ["break", "note", "peer", "poll"]
    peer = next(step for step in stored["steps"] if step["kind"] == "peer")
    assert (peer["question"]["right"], peer["notes"]) == ("c", "A full minute, in silence.")
    begun_from_the_plan(plan)


def every_kind_of_poll_has_its_form(plan: Preparing) -> None:
    plan.add("poll")
    plan.field("poll.asks").fill("How high?")
    form = plan.page.get_by_role("combobox", name=plan.say("poll.form"))
    for kind in ("multiple", "truefalse", "text", "cloud", "rating", "number"):
        form.select_option(kind)
    if plan.person.classroom.lang == "en":
        plan.person.check("plan-number")
    plan.field("poll.right_answer").fill("8848,86")
    plan.field("poll.tolerance").fill("0.5")
    plan.is_saved()
    number = next(step for step in plan.stored()["steps"] if (step.get("question") or {}).get("form") == "number")
    assert (number["question"]["right"], number["question"]["tolerance"]) == (8848.86, 0.5)
    plan.person.press("plan.duplicate")
    plan.count(6)
    plan.person.press("plan.remove")
    plan.count(5)
    plan.person.press("plan.remove")
    plan.count(4)
    plan.is_saved()


def reordered_by_keyboard_and_mouse(plan: Preparing) -> None:
    plan.choose(1)
    plan.person.key("ArrowDown")
    plan.chosen(2)
    plan.person.key("Alt+ArrowUp")
    plan.chosen(1)
    name, of = "Which is fastest?", 4
    plan.page.get_by_text(plan.say("plan.moved", name=name, n=1, of=of), exact=True).wait_for()
    plan.is_saved()
    assert plan.kinds() == ["poll", "note", "peer", "break"]
    plan.step(4).drag_to(plan.step(1), target_position={"x": 60, "y": 4})
    expect(plan.step(1)).to_contain_text(plan.say("plan.kind_break"))
    plan.is_saved()
    assert plan.kinds() == ["break", "poll", "note", "peer"]
    plan.step(1).get_by_role("button").focus()
    plan.person.key("Delete")
    plan.count(3)
    plan.person.key("Control+z")
    plan.count(4)
    plan.person.key("Control+z")
    expect(plan.step(4)).to_contain_text(plan.say("plan.kind_break"))
    plan.person.key("Control+Shift+Z")
    expect(plan.step(1)).to_contain_text(plan.say("plan.kind_break"))
    plan.page.get_by_role("button", name=plan.say("plan.undo"), exact=True).click()
    plan.page.get_by_role("button", name=plan.say("plan.redo"), exact=True).click()
    plan.is_saved()
    assert plan.kinds() == ["break", "poll", "note", "peer"]


def as_they_will_see_it(plan: Preparing) -> None:
    plan.choose(4)
    wall = plan.preview("wall")
    wall.get_by_role("heading", name="How many keys are compared?").wait_for()
    wall.get_by_text("Three", exact=True).wait_for()
    phone = plan.preview("student")
    phone.locator("legend").get_by_text("How many keys are compared?").wait_for()
    phone.get_by_role("radio").nth(1).check(force=True)
    plan.person.check("plan-phone")
    plan.choose(3)
    phone.get_by_text("Welcome 你好").first.wait_for()
    plan.preview("wall").get_by_text("Welcome 你好").first.wait_for()
    plan.choose(1)
    plan.preview("wall").get_by_role("heading", name=plan.say("timer.break")).wait_for()
    plan.choose(2)
    plan.field("poll.asks").fill("Which is the fastest now?")
    plan.preview("wall").get_by_text("Which is the fastest now?").first.wait_for()


def begun_from_the_plan(plan: Preparing) -> None:
    plan.page.locator("header").get_by_role("button", name=plan.say("plan.start")).click()
    plan.page.get_by_label(plan.say("plan.group")).fill("Class 2")
    plan.person.check("plan-start")
    plan.person.press("plan.begin")
    plan.page.wait_for_url(lambda url: "/plans/" not in url)
    plan.person.hears(lambda ear: len(ear.parts.get("slides", {}).get("steps", {})) == 4)
    assert plan.person.ear.parts["lesson"]["title"] == "Hash 桶"


def test_two_windows_on_one_plan_never_overwrite_each_other(classroom: Make) -> None:
    room = classroom()
    one = Preparing.new(room)
    for words in ("Alpha", "Beta"):
        one.add("note")
        one.field("plan.note_text").fill(words)
    one.is_saved()
    two = Preparing.open(room, "second", one.plan)
    two.count(2)
    one.choose(1)
    one.field("plan.note_text").fill("Alpha, changed here")
    one.is_saved()
    two.choose(2)
    two.field("plan.note_text").fill("Beta, changed there")
    clash = two.page.get_by_role("alert")
    clash.get_by_text(room.say("plan.clash_how")).wait_for()
    two.is_not_saved()
    assert [step["text"] for step in one.stored()["steps"]] == ["Alpha, changed here", "Beta"]
    refused(two)
    two.person.check("plan-clash")
    two.person.press("plan.take_theirs")
    two.is_saved()
    expect(two.step(1)).to_contain_text("Alpha, changed here")
    two.choose(2)
    two.field("plan.note_text").fill("Beta, once more")
    one.choose(1)
    two.is_saved()
    one.field("plan.note_text").fill("Alpha, a last time")
    one.person.press("plan.keep_mine")
    refused(one)
    one.page.wait_for_function("title => document.title.includes(title)", arg=room.say("plan.mine_titled", title=""))
    assert one.plan != two.plan
    assert [step["text"] for step in one.stored()["steps"]] == ["Alpha, a last time", "Beta"]
    assert [step["text"] for step in two.stored()["steps"]] == ["Alpha, changed here", "Beta, once more"]


def refused(window: Preparing) -> None:
    """The browser writes to its console that the server refused an older version, and nothing else."""
    troubles, window.person.troubles = window.person.troubles, []
    assert troubles
    assert [one for one in troubles if "409" not in one] == []


def test_what_is_added_in_two_windows_is_kept_of_both(classroom: Make) -> None:
    room = classroom()
    one = Preparing.new(room)
    one.add("board")
    one.is_saved()
    two = Preparing.open(room, "second", one.plan)
    two.count(1)
    two.add("timer")
    two.is_saved()
    one.add("break")
    one.page.get_by_text(room.say("plan.arrived", n=1)).wait_for()
    refused(one)
    one.is_saved()
    assert sorted(one.kinds()) == ["board", "break", "timer"]


def test_nothing_typed_is_lost_while_the_server_is_away(classroom: Make) -> None:
    room = classroom()
    plan = Preparing.new(room)
    plan.ask("poll", "Which?", ["This", "That"], "A")
    plan.is_saved()
    plan.person.expects_cuts = True
    plan.person.context.set_offline(True)
    plan.field("plan.notes").fill("On the train")
    plan.is_not_saved()
    plan.page.get_by_text(room.say("plan.kept_here")).wait_for()
    plan.person.context.set_offline(False)
    plan.is_saved()
    assert plan.stored()["steps"][0]["notes"] == "On the train"
    plan.person.context.set_offline(True)
    plan.field("plan.notes").fill("In the tunnel")
    plan.add("peer")
    plan.field("peer.asks").fill("Half a question")
    plan.is_not_saved()
    plan.person.check("plan-away")
    address = plan.page.url
    plan.page.goto("about:blank")
    plan.person.context.set_offline(False)
    plan.page.goto(address)
    plan.count(2)
    plan.is_saved()
    assert [step["notes"] for step in plan.stored()["steps"]] == ["In the tunnel"]
    a_question_is_completed(plan)


def a_question_is_completed(plan: Preparing) -> None:
    """Until it is, the server has not got it, and the state says so."""
    left = plan.page.get_by_text(plan.say("plan.saved_but", n=1))
    left.wait_for()
    plan.choose(2)
    expect(plan.field("peer.asks")).to_have_value("Half a question")
    plan.option("peer", "A", "Yes")
    plan.option("peer", "B", "No")
    plan.mark("peer", "A")
    left.wait_for(state="detached")
    plan.is_saved()
    assert plan.kinds() == ["poll", "peer"]


def test_a_phone_shows_the_list_or_one_step(classroom: Make) -> None:
    room = classroom("zh")
    plan = Preparing.new(room, size="phone")
    plan.ask("poll", "哪个最快？", ["链表", "散列表"], "B")
    plan.is_saved()
    plan.person.check("plan-phone-step")
    plan.person.press("plan.all_steps")
    expect(plan.field("poll.asks")).to_be_hidden()
    plan.person.check("plan-phone-list")
    plan.add("note")
    plan.field("plan.note_text").fill("先自己想一分钟")
    plan.person.press("plan.up")
    plan.person.press("plan.all_steps")
    plan.choose(2)
    expect(plan.field("poll.asks")).to_have_value("哪个最快？")
    plan.is_saved()
    assert plan.kinds() == ["note", "poll"]


def test_a_keyboard_is_enough_to_prepare_and_begin(classroom: Make) -> None:
    room = classroom()
    plan = Preparing.new(room)
    person, page = plan.person, plan.page
    press = "e => e.matches('button') && e.textContent.trim() === "
    person.tab_to(f"{press}'{plan.kind('peer')}'")
    person.key("Enter")
    for words in ("Who is right?", "A", "Ada", "B", "Bob"):
        if len(words) == 1:
            person.tab_to(f"e => e.getAttribute('aria-label') === '{room.say('peer.option', letter=words)}'")
        else:
            page.keyboard.type(words)
    person.tab_to("e => e.type === 'radio'")
    person.key("Space")
    plan.is_saved()
    person.tab_to("e => e.matches('.rail button')")
    person.key("Delete")
    plan.count(0)
    person.tab_to(f"{press}'{room.say('plan.undo')}'")
    person.key("Enter")
    plan.count(1)
    plan.is_saved()
    person.tab_to(f"{press}'{room.say('plan.start')}'")
    person.key("Enter")
    person.tab_to("e => e.matches('.drawer input')")
    page.keyboard.type("Class 3")
    person.key("Enter")
    page.wait_for_url(lambda url: "/plans/" not in url)
    person.hears(lambda ear: "slides" in ear.parts)
    assert [step["kind"] for step in person.ear.parts["slides"]["steps"].values()] == ["peer"]
