"""The question bank: questions are found by any part of their words, have versions, and know when they were asked."""

from __future__ import annotations

import pytest

from mingtang.core.member import Role, Seat
from mingtang.web.commands import command
from mingtang.web.lessons import admit

STACK = {"form": "single", "text": "栈的特点是什么？", "options": ["后进先出", "先进先出", "Café"], "right": ["a"]}
PRIME = {"form": "multiple", "text": "Which are PRIME?", "options": ["2", "4", "5"], "right": ["a", "c"]}
PEER = {"text": "Is n² ever 2?", "options": ["yes", "no"], "right": "b"}


def step(id, question, kind="poll"):
    return {"id": id, "kind": kind, "question": question}


async def write(teacher, plan, steps, title="Week 3", course="CS101"):
    base = (await teacher.get(f"/api/teach/plans/{plan}")).json()["version"]
    body = {"base": base, "title": title, "course": course, "language": "zh", "steps": steps}
    answer = await teacher.put(f"/api/teach/plans/{plan}", json=body)
    assert answer.status_code == 200, answer.text
    return answer.json()["version"]


@pytest.fixture
async def plan(teacher) -> str:
    made = (await teacher.post("/api/teach/plans", json={"title": "x"})).json()["id"]
    await write(teacher, made, [step("stack", STACK), step("prime", PRIME), step("peer", PEER, "peer")])
    return made


async def found(teacher, **asked) -> list[str]:
    told = (await teacher.get("/api/teach/bank", params=asked)).json()
    return [one["step"] for one in told["questions"]]


@pytest.mark.parametrize(
    ("words", "steps"),
    [
        ("栈", ["stack"]),
        ("先出", ["stack"]),
        ("特点 先进", ["stack"]),
        ("prime", ["prime"]),
        ("WHICH prim", ["prime"]),
        ("ｐｒｉｍｅ", ["prime"]),
        ("cafe", ["stack"]),
        ("n2", ["peer"]),
        ("栈 prime", []),
        ("100%", []),
        ("_", []),
        ("", ["stack", "prime", "peer"]),
    ],
)
async def test_a_question_is_found_by_any_part_of_its_words_in_either_language(teacher, plan, words, steps) -> None:
    assert await found(teacher, q=words) == steps


async def test_courses_forms_and_a_limit_narrow_the_search(teacher, plan) -> None:
    assert await found(teacher, course="CS101", form="peer") == ["peer"]
    assert await found(teacher, course="MA102") == []
    assert await found(teacher, limit=1) == ["stack"]
    for wrong in ({"limit": 0}, {"limit": 1000}, {"q": "x" * 400}):
        assert (await teacher.get("/api/teach/bank", params=wrong)).status_code == 400


async def test_a_question_taken_out_or_put_away_is_found_no_more_and_comes_back_with_its_plan(teacher, plan) -> None:
    await write(teacher, plan, [step("prime", PRIME)])
    assert await found(teacher) == ["prime"]
    await teacher.delete(f"/api/teach/plans/{plan}")
    assert await found(teacher) == []
    await teacher.post(f"/api/teach/plans/{plan}/restore")
    assert await found(teacher) == ["prime"]
    assert (await teacher.get(f"/api/teach/bank/{plan}/stack")).json()["text"] == STACK["text"]


async def test_each_way_a_question_was_put_is_a_version_and_moving_it_is_none(teacher, plan) -> None:
    await write(teacher, plan, [step("prime", PRIME), step("stack", STACK)])
    changed = await write(teacher, plan, [step("stack", {**STACK, "text": "栈有什么特点？"}), step("prime", PRIME)])
    told = (await teacher.get(f"/api/teach/bank/{plan}/stack")).json()
    assert (told["version"], told["versions"], told["plan_title"]) == (changed, 2, "Week 3")
    assert [(one["version"], one["question"]["text"]) for one in told["history"]] == [
        (changed, "栈有什么特点？"),
        (2, STACK["text"]),
    ]
    assert (await teacher.get(f"/api/teach/bank/{plan}/prime")).json()["versions"] == 1
    assert (await teacher.get(f"/api/teach/bank/{plan}/nothing")).json()["code"] == "bank.unknown"


async def do(node, lesson, kind, by=None, **fields):
    await node.hall.submit(lesson, command(node.hall.kinds, kind, **fields), **({"by": by} if by else {}))


async def teach(teacher, node, plan, votes, again=(), group="1 班"):
    """A lesson from the plan in which students vote on the first question, perhaps twice; then it ends."""
    made = (await teacher.post(f"/api/teach/plans/{plan}/lessons", json={"group": group})).json()["id"]
    for n in range(len(votes)):
        await admit(node, made, f"student-{n}", f"S{n}", Role.student, Seat.room)
    for number, round in enumerate((votes, again)):
        if round:
            await do(node, made, "poll.again" if number else "poll.open", id="stack")
        for n, answer in enumerate(round):
            await do(node, made, "poll.vote", by=f"student-{n}", id="stack", answer=[answer])
    await do(node, made, "poll.close", id="stack")
    await do(node, made, "lesson.end")
    return made


async def read(teacher, node, path="/api/teach/bank"):
    """Once all that has ended is in the index: an answer does not wait long for it."""
    await teacher.get(path)
    await node.histories.settled()
    return (await teacher.get(path)).json()


async def test_each_time_it_was_asked_is_told_with_group_shares_gain_and_what_misled(teacher, node, plan) -> None:
    first = await teach(teacher, node, plan, "abbc", again="aabb")
    second = await teach(teacher, node, plan, "aab", group="2 班")
    times = (await read(teacher, node, f"/api/teach/bank/{plan}/stack"))["asked"]
    assert [(one["lesson"], one["group"], one["answers"]) for one in times] == [(second, "2 班", 3), (first, "1 班", 4)]
    assert times[0]["p1"] == pytest.approx(0.6667)
    assert "p2" not in times[0]
    assert (times[1]["p1"], times[1]["p2"], times[1]["gain"]) == (0.25, 0.5, pytest.approx(0.3333))
    assert times[1]["distractors"] == [
        {"key": "b", "text": "先进先出", "n1": 2, "n2": 2},
        {"key": "c", "text": "Café", "n1": 1, "n2": 0},
    ]
    assert times[1]["title"] == "Week 3"
    assert times[0]["at"] >= times[1]["at"] > 0


async def test_a_question_that_was_not_put_and_a_lesson_that_goes_on_have_no_history(teacher, node, plan) -> None:
    await teach(teacher, node, plan, "ab")
    await teacher.post(f"/api/teach/plans/{plan}/lessons", json={})
    told = {one["step"]: one for one in (await read(teacher, node))["questions"]}
    assert (len(told["stack"]["asked"]), "asked" in told["prime"]) == (1, False)


async def test_the_index_can_be_thrown_away_and_says_the_same_again(teacher, node, plan) -> None:
    await teach(teacher, node, plan, "aab", again="aaa")
    before = await read(teacher, node, f"/api/teach/bank/{plan}/stack")
    await node.catalog.bank.empty()
    assert await read(teacher, node, f"/api/teach/bank/{plan}/stack") == before
    assert len(before["asked"]) == 1


async def test_a_copied_plan_begins_a_history_of_its_own(teacher, node, plan) -> None:
    await teach(teacher, node, plan, "ab")
    copy = (await teacher.post(f"/api/teach/plans/{plan}/duplicate")).json()["id"]
    assert "asked" not in await read(teacher, node, f"/api/teach/bank/{copy}/stack")


async def test_the_bank_is_the_teachers_alone(browser, plan) -> None:
    stranger = browser()
    for path in ("/api/teach/bank", f"/api/teach/bank/{plan}/stack"):
        assert (await stranger.get(path)).status_code == 401
