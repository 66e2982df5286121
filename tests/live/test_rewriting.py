"""A log written anew while its lesson runs: everybody sees what is true now, and nothing that was asked is lost."""

from __future__ import annotations

import asyncio
import json

import pytest

from mingtang.core.erasing import erase
from mingtang.core.lesson import replay
from mingtang.core.member import Role
from mingtang.stores import StoreFailed
from tests.live.nodes import many
from tests.live.stage import KINDS, LESSON


async def erasing(stage, member: str) -> None:
    facts = [KINDS.fact(row) for row in await stage.store.read(LESSON)]
    await stage.store.rewrite(LESSON, [KINDS.row(fact) for fact in erase(KINDS, facts, member)])


async def test_all_screens_are_told_and_hold_the_digest_law(stage):
    teacher, other = await stage.join("t1", "want=roster/list&want=questions/list"), await stage.join("s2")
    gone = await stage.join("s1")
    await gone.do("questions.ask", text="May Adelaide ask?")
    await other.see(lambda c: c.parts["questions"]["items"])
    for client in (teacher, other, gone):
        client.frames.clear()
    await stage.hall.rewrite(LESSON, lambda: erasing(stage, "s1"))
    for client in (teacher, other, gone):
        await client.until(lambda f: f["t"] == "hello")
    lesson = replay(KINDS, (KINDS.fact(row) for row in await stage.store.read(LESSON)))
    for client, role in ((teacher, Role.teacher), (other, Role.student), (gone, Role.student)):
        seen = json.loads(json.dumps({part: lesson.view(role, part) for part in client.parts}))
        assert client.parts == seen
        assert "Adelaide" not in json.dumps([client.parts, client.mine], ensure_ascii=False)
    assert gone.you["name"] != "Name 2"


async def test_who_was_away_gets_everything_though_the_log_has_not_grown(stage):
    teacher, student = await stage.join("t1"), await stage.join("s2")
    await teacher.do("lesson.rename", title="Meanwhile")
    await student.see(lambda c: c.parts["lesson"]["title"] == "Meanwhile")
    await student.socket.close()
    await stage.hall.look(LESSON)
    await stage.hall.rewrite(LESSON, lambda: erasing(stage, "s1"))
    back = await stage.join("s2", f"back={student.seq}")
    assert back.frames[0]["t"] == "hello"


async def test_what_is_asked_meanwhile_waits_and_is_then_done_once(stage):
    begun, go_on = asyncio.Event(), asyncio.Event()

    async def slow() -> None:
        begun.set()
        await go_on.wait()
        await erasing(stage, "s1")

    student = await stage.join("s2")
    change = asyncio.create_task(stage.hall.rewrite(LESSON, slow))
    await begun.wait()
    head = await stage.store.head(LESSON)
    asked = await student.ask("questions.ask", text="And now?")
    go_on.set()
    await change
    answer = await student.until(lambda f: f["t"] in {"ok", "no"} and f.get("id") == asked)
    assert answer["t"] == "ok"
    assert [r.kind for r in await stage.store.read(LESSON, head)].count("questions.asked") == 1


async def test_a_change_that_fails_is_told_and_the_lesson_goes_on(stage):
    async def failing() -> None:
        raise StoreFailed("The disk is full.")

    teacher = await stage.join("t1")
    with pytest.raises(StoreFailed):
        await stage.hall.rewrite(LESSON, failing)
    assert (await teacher.do("lesson.rename", title="On"))["t"] == "ok"


async def test_screens_at_other_nodes_see_the_log_as_it_is_now():
    async with many(2) as nodes:
        first, second = nodes.stages
        away = await second.join("t1", "want=roster/list")
        student = await first.join("s1")
        await student.do("questions.ask", text="May Adelaide ask?")
        await away.see(lambda c: c.parts["questions"]["items"])
        away.frames.clear()
        await first.hall.rewrite(LESSON, lambda: erasing(first, "s1"))
        await away.until(lambda f: f["t"] == "hello")
        assert "Adelaide" not in json.dumps(away.parts)
        assert len(set(await nodes.digests())) == 1
