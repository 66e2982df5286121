"""Plans over HTTP: written, conflicting, given slides, copied, put away, and begun as lessons."""

from __future__ import annotations

import asyncio
from typing import Any

import httpx
import pytest

from mingtang.web.folder import Folder
from mingtang.web.node import open_node

POLL = {
    "id": "q1",
    "kind": "poll",
    "notes": "Wait.",
    "question": {"form": "single", "text": "Which?", "options": ["One", "Two"], "right": ["b"], "limit": 60},
}
PEER = {"id": "q2", "kind": "peer", "question": {"text": "Why?", "options": ["So", "Or so"], "right": "a"}}
NOTE = {"id": "n1", "kind": "note", "text": "Today: sets.\n\nBring paper."}
BREAK = {"id": "b1", "kind": "break", "text": "Coffee", "seconds": 300}
TIMER = {"id": "t1", "kind": "timer", "seconds": 90}
BOARD = {"id": "w1", "kind": "board"}
ALL = [NOTE, POLL, BREAK, PEER, TIMER, BOARD]

CLOSED = [
    ("GET", "/api/teach/plans"),
    ("POST", "/api/teach/plans"),
    ("GET", "/api/teach/plans/{id}"),
    ("PUT", "/api/teach/plans/{id}"),
    ("DELETE", "/api/teach/plans/{id}"),
    ("GET", "/api/teach/plans/{id}/versions"),
    ("GET", "/api/teach/plans/{id}/versions/1"),
    ("POST", "/api/teach/plans/{id}/duplicate"),
    ("POST", "/api/teach/plans/{id}/restore"),
    ("POST", "/api/teach/plans/{id}/decks"),
    ("GET", "/api/teach/plans/{id}/plan.md"),
    ("PUT", "/api/teach/plans/{id}/plan.md"),
    ("POST", "/api/teach/plans/{id}/lessons"),
]
BODIES = {
    "POST /api/teach/plans": {},
    "PUT /api/teach/plans/{id}": {"base": 1, "title": "Mine", "steps": []},
    "PUT /api/teach/plans/{id}/plan.md": {"base": 1, "text": ""},
    "POST /api/teach/plans/{id}/lessons": {},
}


@pytest.fixture
async def plan(teacher: httpx.AsyncClient) -> dict[str, Any]:
    answer = await teacher.post("/api/teach/plans", json={"title": "Sets", "course": "CS 2", "language": "en"})
    assert answer.status_code == 201, answer.text
    made: dict[str, Any] = answer.json()
    return made


async def write(teacher, plan, steps, **other):
    body = {"base": plan["version"], "title": plan["title"], "course": plan["course"], "steps": steps, **other}
    return await teacher.put(f"/api/teach/plans/{plan['id']}", json=body)


async def with_deck(teacher, node, plan, pdfs, pages=3, name="sets.pdf", **fields):
    form = {"deck": (name, pdfs.pages(pages)), **{key: (None, value) for key, value in fields.items()}}
    answer = await teacher.post(f"/api/teach/plans/{plan['id']}/decks", files=form)
    assert answer.status_code == 201, answer.text
    await node.reading.settled()
    return (await teacher.get(f"/api/teach/plans/{plan['id']}")).json()


@pytest.mark.parametrize(("method", "path"), CLOSED)
async def test_without_the_teachers_link_no_plan_opens(browser, plan, method, path):
    answer = await browser().request(method, path.format(**plan), json=BODIES.get(f"{method} {path}"))
    assert (answer.status_code, answer.json()["code"]) == (401, "teach.no_key")


async def test_what_was_written_is_read_again_and_stands_in_the_list(teacher, plan):
    written = (await write(teacher, plan, ALL, language="zh")).json()
    assert written["version"] == 2
    read = (await teacher.get(f"/api/teach/plans/{plan['id']}")).json()
    assert read == written
    assert [step["id"] for step in read["steps"]] == ["n1", "q1", "b1", "q2", "t1", "w1"]
    (listed,) = (await teacher.get("/api/teach/plans")).json()["plans"]
    told = {name: listed[name] for name in ("title", "course", "language", "version", "steps", "questions", "lessons")}
    assert told == {
        "title": "Sets", "course": "CS 2", "language": "zh", "version": 2, "steps": 6, "questions": 2, "lessons": 0,
    }  # fmt: skip


async def test_the_same_again_is_no_new_version(teacher, plan):
    first = (await write(teacher, plan, ALL)).json()
    assert (await write(teacher, first, first["steps"])).json()["version"] == first["version"]


async def test_of_two_tabs_the_second_is_told_and_overwrites_nothing(teacher, plan):
    theirs = (await write(teacher, plan, [NOTE])).json()
    refused = await write(teacher, plan, [BREAK])
    assert (refused.status_code, refused.json()["code"]) == (409, "plan.conflict")
    assert refused.json()["params"] == {"version": theirs["version"], "updated": theirs["updated"]}
    assert (await teacher.get(f"/api/teach/plans/{plan['id']}")).json()["steps"] == theirs["steps"]


async def test_versions_of_then_stay_what_they_were(teacher, plan):
    second = (await write(teacher, plan, [NOTE])).json()
    await write(teacher, second, [BREAK], title="Maps")
    listed = (await teacher.get(f"/api/teach/plans/{plan['id']}/versions")).json()["versions"]
    assert [(one["version"], one["steps"]) for one in listed] == [(3, 1), (2, 1), (1, 0)]
    then = (await teacher.get(f"/api/teach/plans/{plan['id']}/versions/2")).json()
    assert (then["title"], [step["id"] for step in then["steps"]]) == ("Sets", ["n1"])


@pytest.mark.parametrize(
    ("step", "why"),
    [
        ({**POLL, "id": "x", "question": {**POLL["question"], "options": ["a"]}}, "poll.too_few_options"),
        ({"id": "x", "kind": "poll", "question": {"form": "single", "text": ""}}, "plan.bad_question"),
        ({"id": "x", "kind": "poll"}, "plan.bad_question"),
        ({"id": "x", "kind": "peer", "question": {**PEER["question"], "right": "d"}}, "peer.bad_right"),
        ({"id": "x", "kind": "poem"}, "plan.unknown_kind"),
        ({"id": "x", "kind": "timer"}, "plan.no_seconds"),
        ({"id": "x", "kind": "note", "text": " "}, "plan.no_text"),
        ({"id": "x", "kind": "page"}, "plan.no_page"),
        ({"id": "x", "kind": "page", "page": {"deck": "other", "page": 1}}, "plan.no_page"),
        ({"id": "n1", "kind": "board"}, "plan.same_id"),
    ],
    ids=lambda one: one if isinstance(one, str) else "",
)  # fmt: skip
async def test_a_step_that_no_plan_can_hold_is_named_and_nothing_is_written(teacher, plan, step, why):
    answer = await write(teacher, plan, [NOTE, step])
    assert (answer.status_code, answer.json()["code"]) == (400, "plan.bad_step")
    assert (answer.json()["params"]["step"], answer.json()["params"]["why"]) == (step["id"], why)
    assert (await teacher.get(f"/api/teach/plans/{plan['id']}")).json()["version"] == plan["version"]


async def test_slides_become_steps_behind_the_one_named_and_keep_their_place(teacher, node, plan, pdfs):
    plan = (await write(teacher, plan, [NOTE, BREAK])).json()
    plan = await with_deck(teacher, node, plan, pdfs, after="n1")
    pages = [step["page"] for step in plan["steps"] if step["kind"] == "page"]
    assert [step["kind"] for step in plan["steps"]] == ["note", "page", "page", "page", "break"]
    assert [(page["page"], page["title"]) for page in pages] == [(1, "Slide 1"), (2, "Slide 2"), (3, "Slide 3")]
    (deck,) = plan["decks"]
    assert {name: deck[name] for name in ("name", "pages", "drawn", "state")} == {
        "name": "sets.pdf", "pages": 3, "drawn": 3, "state": "ready",
    }  # fmt: skip
    assert (await teacher.get(f"/assets/{pages[0]['asset']}/640.webp")).status_code == 200
    assert (node.folder.slides / deck["id"] / "file.pdf").exists(), "a plan is a folder: its slides stay"


async def test_two_files_of_one_name_can_be_told_apart(teacher, node, plan, pdfs):
    await with_deck(teacher, node, plan, pdfs, pages=1)
    plan = await with_deck(teacher, node, plan, pdfs, pages=1, name="Sets.pdf")
    assert [deck["name"] for deck in plan["decks"]] == ["sets.pdf", "Sets-2.pdf"]


async def test_a_plan_put_away_leaves_the_list_and_comes_back(teacher, plan):
    assert (await teacher.delete(f"/api/teach/plans/{plan['id']}")).status_code == 204
    assert (await teacher.get("/api/teach/plans")).json()["plans"] == []
    await teacher.post(f"/api/teach/plans/{plan['id']}/restore")
    assert [one["id"] for one in (await teacher.get("/api/teach/plans")).json()["plans"]] == [plan["id"]]


async def test_a_copy_has_the_same_steps_and_slides_and_a_life_of_its_own(teacher, node, plan, pdfs):
    plan = (await write(teacher, plan, [POLL])).json()
    plan = await with_deck(teacher, node, plan, pdfs)
    copy = (await teacher.post(f"/api/teach/plans/{plan['id']}/duplicate")).json()
    assert (copy["title"], copy["version"], copy["steps"]) == ("Sets (copy)", 1, plan["steps"])
    assert [deck["name"] for deck in copy["decks"]] == ["sets.pdf"]
    await write(teacher, copy, [NOTE])
    assert (await teacher.get(f"/api/teach/plans/{plan['id']}")).json() == plan


@pytest.mark.parametrize("path", ["", "/versions", "/versions/1", "/versions/9"])
async def test_a_plan_that_is_not_there_is_told_so(teacher, plan, path):
    unknown = "nothing" if path != "/versions/9" else plan["id"]
    answer = await teacher.get(f"/api/teach/plans/{unknown}{path}")
    assert (answer.status_code, answer.json()["code"].partition(".")[0]) == (404, "plan")


class TestLessons:
    async def begin(self, teacher, plan, **about):
        answer = await teacher.post(f"/api/teach/plans/{plan['id']}/lessons", json=about)
        assert answer.status_code == 201, answer.text
        return answer.json()

    async def test_a_lesson_has_all_that_the_plan_holds(self, teacher, node, plan, pdfs):
        plan = (await write(teacher, plan, ALL)).json()
        plan = await with_deck(teacher, node, plan, pdfs)
        made = await self.begin(teacher, plan, group="Group 2")
        seen = (await node.hall.look(made["id"])).views("teacher")
        steps = sorted(seen["slides"]["steps"].items(), key=lambda one: one[1]["pos"])
        assert [(id, step["kind"]) for id, step in steps] == [(step["id"], step["kind"]) for step in plan["steps"]]
        assert seen["slides"]["now"]["step"] == "n1"
        assert seen["slides"]["cover"] == "code"
        assert seen["slides/notes"]["notes"] == {"q1": "Wait."}
        assert (seen["poll"]["q1"]["text"], seen["peer"]["q2"]["text"]) == ("Which?", "Why?")
        assert dict(steps)["q1"]["ref"] == "q1"
        assert seen["lesson"]["plan"] == {"id": plan["id"], "version": plan["version"], "group": "Group 2"}

    async def test_pages_are_not_drawn_again(self, teacher, node, plan, pdfs):
        plan = await with_deck(teacher, node, plan, pdfs)
        made = await self.begin(teacher, plan)
        steps = (await node.hall.look(made["id"])).views("teacher")["slides"]["steps"].values()
        assert {step["asset"] for step in steps} == {step["page"]["asset"] for step in plan["steps"]}
        assert await node.catalog.decks_in_reading() == []

    async def test_all_of_it_is_kept_in_three_appends_at_most(self, teacher, node, plan, pdfs, monkeypatch):
        many = [{**POLL, "id": f"q{n}"} for n in range(100)]
        plan = (await write(teacher, plan, many)).json()
        appends, append = [], node.hall.store.append

        async def counted(lesson, seq, rows):
            appends.append(len(rows))
            await append(lesson, seq, rows)

        monkeypatch.setattr(node.hall.store, "append", counted)
        await self.begin(teacher, plan)
        assert (len(appends), sum(appends) > 300) == (3, True), appends

    async def test_each_lesson_keeps_the_version_it_was_taught_with(self, teacher, node, plan):
        plan = (await write(teacher, plan, [NOTE])).json()
        first = await self.begin(teacher, plan, group="A")
        plan = (await write(teacher, plan, [NOTE, POLL])).json()
        second = await self.begin(teacher, plan, group="B", title="Sets, again")
        taught = [await node.catalog.plans.taught(made["id"]) for made in (first, second)]
        assert [(one.version, one.group) for one in taught] == [(2, "A"), (3, "B")]
        assert len((await node.hall.look(first["id"])).views("teacher")["slides"]["steps"]) == 1
        assert (await teacher.get("/api/teach/plans")).json()["plans"][0]["lessons"] == 2

    async def test_the_lesson_is_listed_with_the_plans_first_page(self, teacher, node, plan, pdfs):
        plan = await with_deck(teacher, node, plan, pdfs)
        await self.begin(teacher, plan)
        (listed,) = (await teacher.get("/api/teach/lessons")).json()["lessons"]
        assert (listed["asset"], listed["pages"]) == (plan["steps"][0]["page"]["asset"], 3)

    async def test_a_plan_without_steps_begins_an_empty_lesson(self, teacher, node, plan):
        made = await self.begin(teacher, plan)
        assert (await node.hall.look(made["id"])).views("teacher")["slides"]["steps"] == {}


class TestText:
    async def put(self, teacher, plan, text):
        body = {"base": plan["version"], "text": text}
        return await teacher.put(f"/api/teach/plans/{plan['id']}/plan.md", json=body)

    async def text(self, teacher, plan):
        return (await teacher.get(f"/api/teach/plans/{plan['id']}/plan.md")).text

    async def test_the_text_of_a_plan_written_back_is_the_same_plan(self, teacher, node, plan, pdfs):
        plan = (await write(teacher, plan, ALL)).json()
        plan = await with_deck(teacher, node, plan, pdfs)
        text = await self.text(teacher, plan)
        assert "## slide: sets.pdf 2 (Slide 2)" in text
        again = (await self.put(teacher, plan, text)).json()
        assert (again["steps"], again["problems"]) == (plan["steps"], [])

    async def test_mistakes_are_told_and_the_text_is_kept_as_it_was_written(self, teacher, plan):
        text = "## board\n\n\n## pol\n\nWhich?\n"
        written = (await self.put(teacher, plan, text)).json()
        assert [step["kind"] for step in written["steps"]] == ["board", "unread"]
        assert written["problems"] == [
            {"line": 4, "code": "plan.unknown_step", "params": {"name": "pol", "value": "pol"}, "suggestion": "poll"}
        ]
        assert (await teacher.get(f"/api/teach/plans/{plan['id']}")).json() == written
        assert await self.text(teacher, plan) == text

    async def test_what_could_not_be_read_outlives_the_editor_and_is_in_no_lesson(self, teacher, node, plan):
        written = (await self.put(teacher, plan, "## board\n\n## pol\n\nWhich?\n")).json()
        edited = (await write(teacher, written, [NOTE, *written["steps"]])).json()
        assert [problem["code"] for problem in edited["problems"]] == ["plan.unknown_step"]
        assert "## pol\n\nWhich?" in await self.text(teacher, plan)
        made = (await teacher.post(f"/api/teach/plans/{plan['id']}/lessons", json={})).json()
        steps = (await node.hall.look(made["id"])).views("teacher")["slides"]["steps"].values()
        assert sorted(step["kind"] for step in steps) == ["board", "note"]

    async def test_a_question_whose_words_are_changed_in_the_text_keeps_its_id(self, teacher, plan):
        first = (await self.put(teacher, plan, "## poll\n\nWhich is the largest?\n")).json()
        second = (await self.put(teacher, first, "## poll\n\nWhich is the greatest?\n")).json()
        assert second["steps"][0]["id"] == first["steps"][0]["id"]
        assert second["steps"][0]["question"]["text"] == "Which is the greatest?"

    async def test_a_text_of_an_older_version_overwrites_nothing(self, teacher, plan):
        await write(teacher, plan, [NOTE])
        answer = await self.put(teacher, plan, "## board\n")
        assert (answer.status_code, answer.json()["code"]) == (409, "plan.conflict")

    async def test_a_text_without_end_is_refused(self, teacher, plan):
        answer = await self.put(teacher, plan, "x" * 1_000_001)
        assert (answer.status_code, answer.json()["code"]) == (413, "plan.text_too_long")


async def test_an_answer_that_was_lost_and_the_same_written_again_is_no_conflict(teacher, plan):
    first = await write(teacher, plan, [NOTE])
    again = await write(teacher, plan, [NOTE])
    assert (again.status_code, again.json()) == (200, first.json())


async def test_slides_go_on_being_drawn_after_a_restart(settings, teacher, node, plan, pdfs, monkeypatch):
    drawn = asyncio.Event()
    add_page = node.catalog.plans.add_page

    async def first_page(*page):
        await add_page(*page)
        drawn.set()
        await asyncio.Event().wait()

    monkeypatch.setattr(node.catalog.plans, "add_page", first_page)
    form = {"deck": ("sets.pdf", pdfs.pages(3))}
    assert (await teacher.post(f"/api/teach/plans/{plan['id']}/decks", files=form)).status_code == 201
    await drawn.wait()
    waiting = (await teacher.get(f"/api/teach/plans/{plan['id']}")).json()
    assert [bool(step["page"].get("asset")) for step in waiting["steps"]] == [True, False, False]
    refused = await teacher.post(f"/api/teach/plans/{plan['id']}/lessons", json={})
    assert (refused.status_code, refused.json()["params"]) == (409, {"drawn": 1, "pages": 3})
    await node.reading.close()
    await node.hall.close()
    async with open_node(settings, Folder(settings.data), "http://192.0.2.7") as again:
        await again.reading.settled()
        pages = await again.catalog.plans.pages(plan["id"])
        assert [(page.page, page.title) for page in pages] == [(1, "Slide 1"), (2, "Slide 2"), (3, "Slide 3")]
        assert list(again.folder.uploads.iterdir()) == []


async def test_pages_that_can_never_be_drawn_are_left_out_and_it_is_told_why(teacher, node, plan, pdfs, monkeypatch):
    async def full(*page):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(node.catalog.plans, "add_page", full)
    plan = await with_deck(teacher, node, plan, pdfs)
    assert (plan["steps"], plan["decks"][0]["state"], plan["decks"][0]["code"]) == ([], "failed", "deck.disk_full")
