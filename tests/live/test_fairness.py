"""A crowd must not delay the one who steers, and a storm of people coming must not delay itself."""

from __future__ import annotations

import asyncio
import base64
import json
from types import SimpleNamespace

import pytest

from bench.chaos.line import frames
from mingtang.core.event import Fact
from mingtang.core.frame import MemberRenamed
from mingtang.live import task as tasks
from mingtang.live.screen import Screen
from tests.live.stage import LESSON, PATIENCE, Stage


async def test_what_the_teacher_asks_for_goes_before_a_crowd_that_waits(stage: Stage) -> None:
    before = await stage.store.head(LESSON)
    stage.store.gate.clear()
    stage.store.waiting.clear()
    crowd = [asyncio.create_task(stage.submit("pulse.reply", by="s1", v="0"))]
    await stage.store.waiting.wait()
    crowd += [asyncio.create_task(stage.submit("pulse.reply", by=f"s{1 + n % 3}", v=str(n))) for n in range(1, 600)]
    await asyncio.sleep(0)  # all of them have asked
    steering = asyncio.create_task(stage.submit("pulse.beat", by="t1", ts="1", pad="x"))
    await asyncio.sleep(0)
    stage.store.gate.set()
    place = await steering
    assert place == before + 2, "right after what was on its way to the disk"
    assert sorted(await asyncio.gather(*crowd))[-1] == before + 601, "and nothing of the crowd is lost"


async def test_everybodys_own_wishes_stay_in_their_order(stage: Stage) -> None:
    stage.store.gate.clear()
    asked = [asyncio.create_task(stage.submit("pulse.reply", by="s1", v=str(n))) for n in range(300)]
    asked += [asyncio.create_task(stage.submit("pulse.beat", by="t1", ts=str(n), pad="")) for n in range(300)]
    await asyncio.sleep(0)
    stage.store.gate.set()
    places = await asyncio.gather(*asked)
    assert places[:300] == sorted(places[:300])
    assert places[300:] == sorted(places[300:])


async def test_a_large_crowds_counts_come_less_often_but_steering_brings_all_at_once(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    teacher, student = await stage.join("t1"), await stage.join("s1")
    await student.do("pulse.reply", v="first")
    await teacher.see(lambda c: c.parts["pulse"]["replies"] == 1)
    monkeypatch.setattr(tasks, "DELIVERIES_PER_S", 0.01)  # two screens: a flush of counts every 200 s
    for n in range(5):
        assert (await student.do("pulse.reply", v=str(n)))["t"] == "ok"
    await teacher.do("lesson.rename", title="Relations")
    await teacher.see(lambda c: c.parts["lesson"]["title"] == "Relations")
    assert teacher.parts["pulse"]["replies"] == 6
    counted = [f for f in teacher.frames if f["t"] == "patch" and "replies" in f["parts"].get("pulse", {})]
    assert len(counted) == 2


def handshake(member: str) -> bytes:
    key = base64.b64encode(b"0123456789abcdef").decode()
    return (
        f"GET /live/{LESSON}?ticket={member} HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        f"Sec-WebSocket-Key: {key}\r\nSec-WebSocket-Version: 13\r\n\r\n"
    ).encode()


@pytest.mark.parametrize("cut", [3, 9, 40, 120])
async def test_a_handshake_that_comes_in_pieces_is_understood(stage: Stage, cut: int) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", stage.port)
    sent = handshake("s1")
    writer.write(sent[:cut])
    await writer.drain()
    await asyncio.sleep(0.01)  # else both pieces may arrive as one; either way it has to work
    writer.write(sent[cut:])
    async with asyncio.timeout(PATIENCE):
        assert (await reader.readline()).startswith(b"HTTP/1.1 101")
        assert b'"t":"hello"' in await reader.readuntil(b'"parts"')
    writer.close()


async def test_a_plain_request_at_the_sockets_address_is_answered_and_harms_nobody(stage: Stage) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", stage.port)
    writer.write(f"GET /live/{LESSON} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
    async with asyncio.timeout(PATIENCE):
        status = int((await reader.readline()).split()[1])
    assert 400 <= status < 500
    writer.close()
    assert (await (await stage.join("s1")).do("pulse.reply", v="a"))["t"] == "ok"


async def test_nonsense_instead_of_a_request_ends_that_connection_alone(stage: Stage) -> None:
    for nonsense in (b"GET /live/\x00\xff\r\n\r\n", b"GET /live/" + b"x" * 100_000, b"\x16\x03\x01\x02\x00\x01"):
        reader, writer = await asyncio.open_connection("127.0.0.1", stage.port)
        writer.write(nonsense)
        writer.write_eof()
        async with asyncio.timeout(PATIENCE):
            await reader.read()
        writer.close()
    assert (await (await stage.join("s1")).do("pulse.reply", v="a"))["t"] == "ok"


async def test_who_comes_while_something_is_still_to_be_shown_makes_no_flush_for_all(stage: Stage) -> None:
    """In a storm of thousands that come, each would write to all the others. What is mine may be newer in a hello."""
    await stage.join("s2")
    task = (await stage.hall.open(LESSON)).task
    written: list[bytes] = []
    member = task.lesson.people.members["s1"]
    renamed = Fact(task.lesson.seq + 1, task.lesson.at, "", "", MemberRenamed(id="s1", name="Ada"))
    task.hub.mark(task.lesson.fold(renamed))
    flushes = task.hub.flushes
    task.hub.attach(Screen(SimpleNamespace(write=written.append, close=lambda code, reason: None), member, 1, 0.0))
    hello = json.loads(frames(written[0])[0][1])
    assert task.hub.flushes == flushes
    assert (hello["seq"], hello["mine"]["roster"]["name"]) == (renamed.seq - 1, "Ada")


async def test_in_a_large_lesson_answers_are_gathered_for_a_moment_and_what_the_teacher_asks_for_is_not(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    teacher, student = await stage.join("t1"), await stage.join("s1")
    door = stage.hall.door(LESSON)
    assert door is not None
    await student.do("pulse.reply", v="that he has come was written down before this")
    monkeypatch.setattr(tasks, "LARGE", 2)
    monkeypatch.setattr(tasks, "GATHER_S", 1000)
    assert (await student.do("pulse.reply", v="first"))["t"] == "ok"
    waiting = [await student.ask("pulse.reply", v=str(n)) for n in range(5)]
    await student.want("no/where")  # it is answered when all before it have been taken in
    assert (await teacher.do("lesson.rename", title="Relations"))["t"] == "ok"
    assert door.task.waiting == len(waiting)
    monkeypatch.setattr(tasks, "GATHER_S", 0)
    door.task._gather_until = 0.0
    door.task._gathered()
    places = {(await student.until(lambda f, cmd=cmd: f.get("id") == cmd))["seq"] for cmd in waiting}  # type: ignore[misc]
    assert len(places) == len(waiting)
