"""What a node does when it cannot know: an append whose answer was lost, a wish that another node may have decided by
now, a screen that has seen more than this node has."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import pytest

from mingtang.buses import asking
from mingtang.buses.asking import Asker
from mingtang.buses.local import Air
from mingtang.live import hall as halls
from mingtang.live import shared
from mingtang.live import task as tasks
from mingtang.live.door import MOST_UNANSWERED
from mingtang.stores import InDoubt
from mingtang.stores.memory import MemoryStore
from tests.live.nodes import many
from tests.live.stage import LESSON, PATIENCE, HeldStore


@pytest.fixture
async def nodes():
    async with many() as made:
        yield made


async def until(what: Callable[[], object]) -> None:
    """For what has no event of its own."""
    async with asyncio.timeout(PATIENCE):
        while not what():  # noqa: ASYNC110
            await asyncio.sleep(0)


@pytest.mark.parametrize("taken", [True, False])
async def test_while_an_append_is_in_doubt_nobody_is_told_and_then_each_wish_is_in_the_log_once(
    nodes, monkeypatch, taken
):
    student = await nodes.stages[0].join("s1")
    assert (await student.do("hands.raise"))["t"] == "ok"
    append = HeldStore.append

    async def lost(self, lesson, expected, rows):
        if taken:
            await MemoryStore.append(self, lesson, expected, rows)
        nodes.store.unreadable = True
        raise InDoubt("The answer was lost.")

    monkeypatch.setattr(HeldStore, "append", lost)
    await student.ask("questions.ask", id_="doubtful", text="Why?")
    await until(lambda: any(wish.cmd == "doubtful" for wish in nodes.task(0)._in_doubt))
    monkeypatch.setattr(HeldStore, "append", append)
    nodes.store.failing = True
    assert (await student.do("roster.name", name="Other"))["code"] == "store_failed", "others are told that it is away"
    assert not [frame for frame in student.frames if frame.get("id") == "doubtful"]
    nodes.store.failing = nodes.store.unreadable = False
    assert (await student.until(lambda f: f.get("id") == "doubtful"))["t"] == "ok"
    assert [row.cmd for row in nodes.store._logs[LESSON]].count("doubtful") == 1


async def test_what_is_said_again_while_the_log_is_away_may_be_kept_and_is_not_refused(nodes, monkeypatch):
    """Another node kept it and died before it answered; this one has not heard of it."""
    monkeypatch.setattr(shared, "LOOK_EVERY_S", float("inf"))
    first, second = await nodes.stages[0].join("s1"), await nodes.stages[1].join("s1")
    nodes.cut()
    assert (await first.do("questions.ask", id_="kept", text="Why?"))["t"] == "ok"
    nodes.store.failing = nodes.store.unreadable = True
    told = {"t": "do", "id": "kept", "kind": "questions.ask", "data": {"text": "Why?"}}
    await second.send({**told, "again": True})
    assert (await second.do("hands.raise"))["code"] == "store_failed"
    assert not [frame for frame in second.frames if frame.get("id") == "kept"]
    nodes.store.failing = nodes.store.unreadable = False
    nodes.task(1).look()
    answer = await second.until(lambda f: f.get("id") == "kept")
    assert (answer["t"], [row.cmd for row in nodes.store._logs[LESSON]].count("kept")) == ("ok", 1)


async def test_what_is_said_again_is_refused_where_the_log_can_be_read_and_not_be_written(nodes, monkeypatch):
    monkeypatch.setattr(shared, "LOOK_EVERY_S", 0.0)
    monkeypatch.setattr(halls, "SWEEP_EVERY_S", 0.01)
    student = await nodes.stages[0].join("s1")
    nodes.store.failing = True
    await student.send({"t": "do", "id": "full", "kind": "questions.ask", "data": {"text": "Why?"}, "again": True})
    assert (await student.until(lambda f: f.get("id") == "full"))["code"] == "store_failed"


async def test_what_one_member_says_again_takes_no_more_memory_than_a_browser_needs(nodes):
    student = await nodes.stages[0].join("s1")
    nodes.store.failing = nodes.store.unreadable = True
    for n in range(MOST_UNANSWERED + 3):
        told = {"t": "do", "id": f"again-{n}", "kind": "questions.ask", "data": {"text": "Why?"}, "again": True}
        await student.send(told)
    refused = [await student.until(lambda f: f.get("code") == "store_failed") for _ in range(3)]
    assert [frame["id"] for frame in refused] == [f"again-{MOST_UNANSWERED + n}" for n in range(3)]
    assert len(nodes.task(0)._in_doubt) == MOST_UNANSWERED


async def test_who_comes_from_further_makes_nothing_be_sent_to_a_crowd_sooner(monkeypatch):
    monkeypatch.setattr(tasks, "FLUSH_EVERY_S", 0.6)
    async with many(1) as nodes:
        teacher = await nodes.stages[0].join("t1")
        task = nodes.task(0)
        await nodes.stages[0].submit("hands.raise", by="s2")
        await nodes.stages[0].submit("hands.raise", by="s3")
        assert task.hub.dirty
        assert task.hub.seq < task.lesson.seq
        shown = task.hub.flushes
        came = [await nodes.stages[0].connect("s1", f"back={task.lesson.seq}") for _ in range(5)]
        for _ in range(20):
            await asyncio.sleep(0)
        assert task.hub.flushes == shown
        for client in came:
            assert (await client.read())["seq"] >= task.lesson.seq
        assert task.hub.flushes <= shown + 2
        await teacher.see(lambda c: c.parts["hands"]["up"]["room"] + c.parts["hands"]["up"]["remote"] == 2)


async def test_s2_who_comes_from_a_node_that_was_further_does_not_go_back(nodes, monkeypatch):
    monkeypatch.setattr(shared, "LOOK_EVERY_S", float("inf"))
    teacher, _ = await nodes.stages[0].join("t1"), await nodes.stages[1].join("s2")
    nodes.cut()
    assert (await teacher.do("lesson.rename", title="Further"))["t"] == "ok"
    await teacher.see(lambda c: c.parts["lesson"]["title"] == "Further")
    assert nodes.task(1).lesson.seq < teacher.seq
    again = await nodes.stages[1].join("t1", f"back={teacher.seq}")
    assert again.frames[0]["seq"] >= teacher.seq
    assert (await nodes.stages[1].join("t1", "back=99999999")).seq >= teacher.seq, "what nobody has seen is no excuse"


async def test_a_wish_of_one_who_went_elsewhere_while_this_node_stood_still_is_not_done(nodes, monkeypatch):
    """It was said again at another node, which refused it: done here afterwards it would be a surprise to everybody."""
    monkeypatch.setattr(shared, "SAID_WITHIN_S", 0.0)
    student = await nodes.stages[0].join("s1")
    nodes.store.read_gate.clear()
    nodes.task(0).look()
    await nodes.store.read_begun.wait()
    await student.ask("questions.ask", id_="stale", text="Why?")
    await until(lambda: nodes.task(0).waiting)
    await student.socket.close()
    door = nodes.halls[0].door(LESSON)
    await until(lambda: all(screen.gone for screen in door._asked["s1", "stale"]))
    nodes.store.read_gate.set()
    assert (await (await nodes.stages[0].join("s1")).do("hands.raise"))["t"] == "ok"
    assert "stale" not in [row.cmd for row in nodes.store._logs[LESSON]]


async def test_a_question_that_was_long_on_its_way_is_not_served():
    served: list[bytes] = []

    async def serve(body: bytes) -> bytes:
        served.append(body)
        return body

    air = Air()
    ways = [air.bus() for _ in range(2)]
    one, two = Asker(ways[0], "one", serve), Asker(ways[1], "two", serve)
    assert await one.ask("two", b"first", 5) == b"first"
    assert served == [b"first"], "the first is asked again, as nobody knows how long it took"
    old = asking._Ask(99, "one", b"late", asyncio.get_running_loop().time() - 2 * asking.LATE_S)
    ways[0].publish("node.two", asking._encode(old))
    assert await one.ask("two", b"second", 5) == b"second"
    assert served == [b"first", b"second"]
    await one.close()
    await two.close()
