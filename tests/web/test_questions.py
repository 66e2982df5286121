"""Questions of other programs come into a plan, all or none of a file, and go out as files that are read the same."""

from __future__ import annotations

import sys

import pytest

from mingtang.web.confined import Bounds
from mingtang.web.questions import intake

GIFT = """
::Sorting::Which is stable?{=Merge sort#well done ~Quicksort}

Two is odd.{F}

Match{=a -> 1 =b -> 2}
"""


@pytest.fixture
async def plan(teacher) -> str:
    made = await teacher.post("/api/teach/plans", json={"title": "排序", "language": "zh"})
    return made.json()["id"]


async def send(teacher, plan, data, name="questions.txt", **fields):
    parts = {key: (None, value) for key, value in fields.items()}
    path = f"/api/teach/plans/{plan}/questions"
    return await teacher.post(path, files={**parts, "file": (name, data, "text/plain")})


async def steps(teacher, plan):
    return (await teacher.get(f"/api/teach/plans/{plan}")).json()["steps"]


async def test_questions_become_steps_in_their_order_and_what_stays_behind_is_named(teacher, node, plan) -> None:
    told = (await send(teacher, plan, GIFT)).json()
    found = await steps(teacher, plan)
    assert [step["id"] for step in found] == told["added"]
    assert [step["question"]["text"] for step in found] == ["Which is stable?", "Two is odd.", "Match\na", "Match\nb"]
    assert (told["version"], found[0]["question"]["right"]) == (2, ["a"])
    assert [(note["where"], note["what"], note["code"]) for note in told["report"]] == [
        ("Sorting", "feedback", "import.feedback"),
        ("Match", "matching", "import.matching"),
    ]
    assert list(node.folder.uploads.iterdir()) == []


async def test_they_stand_behind_the_step_that_is_named(teacher, plan) -> None:
    first, last = (await send(teacher, plan, "One?{T}\n\nThree?{T}")).json()["added"]
    await send(teacher, plan, "Two?{T}", after=first)
    assert [step["question"]["text"] for step in await steps(teacher, plan)] == ["One?", "Two?", "Three?"]
    assert (await steps(teacher, plan))[2]["id"] == last


@pytest.mark.parametrize("ending", ["gift", "txt", "xml"])
async def test_a_file_of_questions_becomes_a_plan_of_its_own_or_none(teacher, plan, ending) -> None:
    await send(teacher, plan, GIFT)
    written = await teacher.get(f"/api/teach/plans/{plan}/questions.{'xml' if ending == 'xml' else 'gift'}")
    files = {"lang": (None, "en"), "file": (f"week_3.{ending}", written.content, "text/plain")}
    told = (await teacher.post("/api/teach/plans/import", files=files)).json()
    view = (await teacher.get(f"/api/teach/plans/{told['plan']}")).json()
    assert (view["title"], len(view["steps"]), told["report"]) == ("week 3", 4, [])
    bad = {"file": (f"bad.{ending}", b"{" * 9, "text/plain")}
    assert (await teacher.post("/api/teach/plans/import", files=bad)).status_code == 422
    assert len((await teacher.get("/api/teach/plans")).json()["plans"]) == 2


@pytest.mark.parametrize("ending", ["gift", "xml"])
async def test_what_goes_out_comes_back_as_the_same_questions(teacher, plan, ending) -> None:
    await send(teacher, plan, GIFT)
    peer = {"text": "Why?", "options": ["so", "not so"], "right": "b"}
    view = (await teacher.get(f"/api/teach/plans/{plan}")).json()
    added = [*view["steps"], {"id": "peer-1", "kind": "peer", "question": peer}]
    body = {"base": view["version"], "title": "T", "language": "zh", "steps": added}
    assert (await teacher.put(f"/api/teach/plans/{plan}", json=body)).status_code == 200
    written = await teacher.get(f"/api/teach/plans/{plan}/questions.{ending}")
    assert "attachment" in written.headers["content-disposition"]
    other = (await teacher.post("/api/teach/plans", json={"title": "again"})).json()["id"]
    assert (await send(teacher, other, written.content)).json()["report"] == []
    before, after = await steps(teacher, plan), await steps(teacher, other)
    assert [(s["kind"], s["question"]) for s in after] == [(s["kind"], s["question"]) for s in before]


async def test_an_export_says_in_the_plans_language_what_it_leaves_out(teacher, plan) -> None:
    rating = {"form": "rating", "text": "今天的课清楚吗？"}
    body = {"base": 1, "title": "T", "language": "zh", "steps": [{"id": "r-1", "kind": "poll", "question": rating}]}
    await teacher.put(f"/api/teach/plans/{plan}", json=body)
    written = (await teacher.get(f"/api/teach/plans/{plan}/questions.gift")).text
    assert written == "// 未导出（这种格式没有对应的题型）： 今天的课清楚吗？\n"


BROKEN = {
    "half of it broken": (b"Fine?{T}\n\nNot fine?{=a", "import.gift_braces"),
    "empty": (b"", "import.empty"),
    "no text": (b"\x00\x01\x02" * 50, "import.not_text"),
    "hostile": (b'<!DOCTYPE q [<!ENTITY a "b">]><quiz>&a;</quiz>', "import.hostile"),
    "too large": (b"Q?{T}\n" * 2_700_000, "import.too_large"),
}


@pytest.mark.parametrize(("data", "code"), BROKEN.values(), ids=BROKEN.keys())
async def test_a_file_that_cannot_be_read_adds_nothing(teacher, node, plan, data, code) -> None:
    answer = await send(teacher, plan, data)
    assert (answer.status_code, answer.json()["code"]) in [(422, code), (413, "deck.too_large")]
    assert await steps(teacher, plan) == []
    assert (await teacher.get(f"/api/teach/plans/{plan}")).json()["version"] == 1
    assert list(node.folder.uploads.iterdir()) == []


@pytest.mark.parametrize("script", ["while True: pass", "bytes(2 << 30)", "import os; os.abort()"])
async def test_a_reader_that_runs_away_or_dies_adds_nothing_and_is_told(teacher, plan, monkeypatch, tmp_path, script):
    (tmp_path / "runaway.py").write_text(script)
    monkeypatch.setattr(intake, "BOUNDS", Bounds(memory_mb=512, seconds=1))
    monkeypatch.setattr(intake, "COMMAND", (sys.executable, str(tmp_path / "runaway.py")))
    answer = await send(teacher, plan, GIFT)
    assert (answer.status_code, answer.json()["code"]) == (422, "import.too_hard")
    assert await steps(teacher, plan) == []


async def test_only_the_teacher_may_bring_questions_in_or_take_them_out(browser, teacher, plan) -> None:
    stranger = browser()
    assert (await send(stranger, plan, GIFT)).status_code == 401
    for ending in ("gift", "xml"):
        assert (await stranger.get(f"/api/teach/plans/{plan}/questions.{ending}")).status_code == 401
    assert (await send(teacher, "nowhere", GIFT)).json()["code"] == "plan.unknown"
    form = await teacher.post(f"/api/teach/plans/{plan}/questions", files={"title": (None, "x")})
    assert form.json()["code"] == "import.no_file"
