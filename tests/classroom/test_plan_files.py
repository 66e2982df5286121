"""What comes into a plan and goes out of it, in real browsers: slides, questions, the text, the bank."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.classroom.people import Classroom, Person
from tests.classroom.preparing import Preparing
from tests.web.conftest import Pdfs

pytestmark = pytest.mark.slow
Make = Callable[..., Classroom]

GIFT = """\
::Q1:: Which search halves the rest? {=Binary search #it does ~Linear search ~%50%Hashing}

::Q2:: 二叉树的根有几个父节点？ {#0}
"""


def brings(person: Person, where: str, name: str, body: bytes) -> None:
    """`where`: slides, questions (both on a plan) or plan (at home)."""
    file = {"name": name, "mimeType": "application/octet-stream", "buffer": body}
    person.page.set_input_files(f"input[data-for={where}]", file)


def at_home(room: Classroom) -> Person:
    teacher = room.person("teacher", "teacher")
    teacher.page.goto(room.server.teacher_link())
    teacher.button("home.plan_new").wait_for()
    return teacher


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_slides_become_a_plan_that_home_lists_copies_deletes_and_brings_back(classroom: Make, lang: str) -> None:
    room = classroom(lang)
    teacher = at_home(room)
    teacher.sees("home.plan_none")
    brings(teacher, "plan", "Trees_and_graphs.pdf", Pdfs().pages(3))
    teacher.page.wait_for_url("**/teach/plans/*")
    plan = Preparing(teacher)
    plan.count(3)
    expect(teacher.page.locator(".rail img")).to_have_count(3)
    plan.choose(2)
    plan.add("note")
    plan.field("plan.note_text").fill("Between the pages")
    plan.is_saved()
    assert plan.kinds() == ["page", "page", "note", "page"]
    brings(teacher, "slides", "more.pdf", Pdfs().pages(2))
    plan.count(6)
    expect(teacher.page.locator(".rail img")).to_have_count(5)
    plan.is_saved()
    assert plan.kinds() == ["page", "page", "note", "page", "page", "page"]
    teacher.check("plan-slides")
    teacher.page.goto(f"{room.server.url}/teach")
    listed(room, teacher)


def listed(room: Classroom, teacher: Person) -> None:
    rows = teacher.page.locator(".plans li")
    expect(rows).to_have_count(1)
    teacher.press("home.plan_copy_one", title="Trees and graphs")
    expect(rows).to_have_count(2)
    teacher.check("home-plans")
    teacher.press("home.plan_delete_one", title="Trees and graphs")
    expect(rows).to_have_count(1)
    teacher.press("home.undo")
    expect(rows).to_have_count(2)
    teacher.press("home.plan_start_one", title="Trees and graphs")
    teacher.page.wait_for_url(lambda url: not url.endswith("/teach"))
    teacher.hears(lambda ear: len(ear.parts.get("slides", {}).get("steps", {})) == 6)


def test_questions_from_a_file_come_after_the_selected_step_and_what_was_left_is_named(classroom: Make) -> None:
    room = classroom()
    plan = Preparing.new(room)
    plan.add("board")
    plan.add("timer")
    plan.is_saved()
    plan.choose(1)
    brings(plan.person, "questions", "quiz.gift", GIFT.encode())
    plan.count(4)
    plan.sees_report(2)
    plan.page.locator(".report li").first.wait_for()
    expect(plan.page.locator(".report")).to_contain_text("Q1")
    plan.person.check("plan-report")
    assert plan.kinds() == ["board", "poll", "poll", "timer"]
    plan.choose(2)
    expect(plan.field("poll.asks")).to_have_value("Which search halves the rest?")
    brings(plan.person, "questions", "broken.xml", b"<quiz><question")
    plan.page.get_by_role("alert").wait_for()
    plan.count(4)
    plan.person.troubles.clear()  # the browser writes the refusal to its console
    takes_out(plan)
    in_the_bank(room, plan)


def takes_out(plan: Preparing) -> None:
    """Every file of the export menu is there."""
    plan.person.press("plan.export")
    plan.person.check("plan-export")
    got = {}
    for kind in ("folder", "text", "gift", "moodle"):
        with plan.page.expect_download() as began:
            plan.page.get_by_role("link", name=plan.say(f"plan.export_{kind}")).click()
        got[kind] = began.value.path().read_bytes()
    assert "plan.md" in zipfile.ZipFile(io.BytesIO(got["folder"])).namelist()
    assert "Which search halves the rest?" in got["text"].decode()
    assert "Which search halves the rest?" in got["gift"].decode()
    assert b"<quiz>" in got["moodle"]


def in_the_bank(room: Classroom, plan: Preparing) -> None:
    page, person = plan.page, plan.person
    page.goto(f"{room.server.url}/teach/bank")
    found = page.locator("article .asks")
    expect(found).to_have_count(2)
    search = page.get_by_role("searchbox")
    search.fill("树")
    expect(found).to_have_count(1)
    expect(found).to_contain_text("二叉树")
    search.fill("halves")
    expect(found).to_contain_text("Which search")
    person.press("bank.not_asked")
    person.sees("bank.never")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url) if "/bank?" in request.url else None)
    person.check("bank")
    assert asked == [], "who only reads asks the server nothing"
    search.fill("")
    expect(found).to_have_count(2)
    page.get_by_role("combobox", name=person.say("bank.form")).select_option("number")
    expect(found).to_have_count(1)
    page.get_by_role("combobox", name=person.say("bank.into")).select_option(index=1)
    person.press("bank.insert")
    person.sees("bank.put", text="二叉树的根有几个父节点？")
    page.locator(".into a").click()
    page.wait_for_url("**/teach/plans/*")
    plan.count(5)
    person.press("plan.from_bank")
    page.get_by_role("searchbox").fill("halves")
    expect(found).to_have_count(1)  # the list of before stands until the answer is there
    expect(found).to_contain_text("Which search")
    person.check("plan-bank")
    person.press("bank.insert")
    plan.count(6)
    plan.is_saved()
    assert len({step["id"] for step in plan.stored()["steps"]}) == 6


def test_the_plan_as_text_is_seen_and_changed_with_mistakes_by_line(classroom: Make) -> None:
    room = classroom()
    plan = Preparing.new(room)
    plan.ask("poll", "Which?", ["This", "That"], "A")
    plan.is_saved()
    plan.person.press("plan.text_short")
    text = plan.page.get_by_role("textbox", name=plan.say("plan.text"))
    expect(text).to_have_value(re.compile("Which\\?"))
    plan.person.check("plan-text")
    text.fill(text.input_value() + "\n## pol\n\nIs this a poll?\n\n## note\n\nOnce more\n")
    plan.page.reload()
    plan.person.press("plan.text_short")
    expect(text).to_have_value(re.compile("Once more"))
    plan.person.press("plan.text_save")
    problem = plan.page.locator(".problems li")
    expect(problem).to_contain_text(plan.say("plan.meant", text="poll"))
    plan.person.check("plan-problems")
    problem.get_by_role("button").click()
    marked = "() => { const t = document.activeElement; return t.value.slice(t.selectionStart, t.selectionEnd) }"
    assert plan.page.evaluate(marked) == "## pol"
    text.fill(text.input_value().replace("## pol\n", "## poll\nform: text\n"))
    plan.person.press("plan.text_save")
    problem.wait_for(state="detached")
    plan.person.press("plan.text_done")
    plan.count(3)
    assert plan.kinds() == ["poll", "poll", "note"]
