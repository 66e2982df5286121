"""Leaving, coming back, falling behind, faults of the store: nothing is lost and nobody else notices."""

import asyncio
import json
import time

import pytest

from mingtang.core.event import Refused, Row
from mingtang.core.lesson import replay
from mingtang.core.member import Role
from mingtang.live.clock import system_clock
from mingtang.live.presence import GRACE_AFTER_START_S, GRACE_S, Presence
from mingtang.stores.memory import MemoryStore
from tests.live.stage import KINDS, LESSON, HeldStore, staged


async def test_b1_who_comes_back_soon_gets_only_what_was_missed(stage):
    teacher, student = await stage.join("t1"), await stage.join("s1")
    await student.socket.close()
    await teacher.do("lesson.rename", title="Meanwhile")
    await teacher.see(lambda c: c.parts["lesson"]["title"] == "Meanwhile")
    back = await stage.join("s1", f"back={student.seq}")
    assert back.frames[0]["t"] == "again"
    back.parts = student.parts
    await back.see(lambda c: c.parts["lesson"]["title"] == "Meanwhile")
    rows = await stage.store.read(LESSON)
    lesson = replay(KINDS, (KINDS.fact(r) for r in rows[: back.seq]))
    standing = {p: v for p, v in lesson.views(Role.student).items() if "/" not in p}
    assert back.parts == json.loads(json.dumps(standing))


async def test_b1_who_comes_back_late_gets_the_whole_state(stage):
    assert (await stage.join("s1", "back=1")).frames[0]["t"] == "hello"
    assert (await stage.join("s1", "back=99999999")).frames[0]["t"] == "hello"
    assert (await stage.join("s1", "back=-1")).frames[0]["t"] == "hello"


async def test_b1_a_wanted_part_nobody_kept_is_sent_whole(stage):
    assistant, teacher = await stage.join("a1"), await stage.join("t1", "want=roster/list")
    seq = teacher.seq
    await teacher.socket.close()
    await assistant.do("lesson.rename", title="Meanwhile")
    back = await stage.join("t1", f"back={seq}&want=roster/list")
    assert back.frames[0]["t"] == "hello"
    assert "members" in back.parts["roster/list"]


async def test_b3_who_does_not_read_is_passed_over_and_catches_up_and_others_do_not_wait(stage):
    teacher, other = await stage.join("t1"), await stage.join("s2")
    deaf = await stage.connect("s1", max_queue=1, write_limit=1024)
    screens = stage.hall.door(LESSON).task.hub.screens
    await teacher.see(lambda c: c.parts["roster"]["here"]["room"] + c.parts["roster"]["here"]["remote"] >= 2)
    n = 0
    while not any(s.behind_since for s in screens["s1"]):
        n += 1
        assert n < 4000, "the screen that does not read was never found to be behind"
        await stage.submit("pulse.beat", by="t1", ts=str(n), pad="x" * 20_000)
    for more in range(50):
        await stage.submit("pulse.beat", by="t1", ts=str(n + more), pad="x" * 20_000)
    n += 49
    await other.see(lambda c: c.parts["pulse"]["ts"] == str(n))
    await stage.submit("pulse.beat", by="t1", ts="last", pad="y")
    await deaf.see(lambda c: c.parts.get("pulse", {}).get("ts") == "last")
    assert sum(f["t"] == "patch" for f in deaf.frames) < n
    assert any(f["t"] in {"again", "hello"} for f in deaf.frames[1:])


async def test_b5_a_server_that_stops_says_so_and_the_lesson_goes_on_after_it():
    store = HeldStore()
    async with staged(store) as stage:
        teacher, student = await stage.join("t1"), await stage.join("s1")
        await teacher.do("lesson.rename", title="Before")
        await stage.hall.close()
        assert await student.closed() == 1012
    store._closed = False
    async with staged(store) as stage:
        assert (await stage.join("s1")).parts["lesson"]["title"] == "Before"


async def test_a_store_that_fails_refuses_shows_nothing_and_heals(stage):
    teacher, student = await stage.join("t1"), await stage.join("s1")
    stage.store.failing = True
    assert (await teacher.do("lesson.rename", title="Lost?"))["code"] == "store_failed"
    assert (await student.do("pulse.reply", id_="c9", v="x"))["code"] == "store_failed"
    assert (await stage.join("s2")).parts["lesson"]["title"] == "Sets"
    stage.store.failing = False
    assert (await student.do("pulse.reply", id_="c9", v="x"))["t"] == "ok"
    assert (await teacher.do("lesson.rename", title="Found"))["t"] == "ok"
    await student.see(lambda c: c.parts["lesson"]["title"] == "Found")
    assert not any("Lost?" in json.dumps(f) for f in student.frames)


async def test_a_store_that_is_gone_for_a_while_heals_by_itself(stage):
    teacher = await stage.join("t1")
    stage.store.failing = stage.store.unreadable = True
    assert (await teacher.do("lesson.rename", title="Lost?"))["code"] == "store_failed"
    late = await stage.connect("s2")
    stage.store.failing = stage.store.unreadable = False
    hello = await late.until(lambda f: f["t"] == "hello")
    assert hello["parts"]["lesson"]["title"] == "Sets"
    assert (await teacher.do("lesson.rename", title="Found"))["t"] == "ok"


async def test_while_a_lesson_heals_nobody_else_reads_its_log_into_it(stage):
    teacher = await stage.join("t1")
    await teacher.do("lesson.rename", title="Before")
    store = stage.store
    store.failing = store.unreadable = True
    assert (await teacher.do("lesson.rename", title="Lost?"))["code"] == "store_failed"
    store.read_gate.clear()
    store.read_begun.clear()
    store.failing = store.unreadable = False
    await store.read_begun.wait()  # it heals by itself, and is in the middle of reading
    store.most_reading = 0
    asked = await teacher.ask("lesson.rename", title="Found")
    await teacher.ask("nonsense.kind")  # answered by the door at once: what was asked before it has arrived
    await teacher.until(lambda f: f.get("code") == "unknown_kind")
    for _ in range(20):
        await asyncio.sleep(0)
    assert store.most_reading == 0, "a second reading began beside the first"
    store.read_gate.set()
    assert (await teacher.until(lambda f: f.get("id") == asked))["t"] == "ok"
    await teacher.see(lambda c: c.parts["lesson"]["title"] == "Found")


async def test_what_pages_read_is_never_ahead_of_the_log(stage):
    stage.store.gate.clear()
    stage.store.waiting.clear()
    end = asyncio.create_task(stage.submit("lesson.end"))

    async def ended() -> bool:
        return (await stage.hall.look(LESSON)).ended

    looks = [asyncio.create_task(ended()) for _ in range(3)]
    stage.store.failing = True
    await stage.store.waiting.wait()
    stage.store.gate.set()
    with pytest.raises(Refused):
        await end
    for look in looks:
        assert not await look


async def test_when_another_writer_was_first_the_command_is_decided_again(stage):
    teacher, student = await stage.join("t1"), await stage.join("s1")
    await teacher.see(lambda c: sum(c.parts["roster"]["here"].values()) == 1)  # its coming is written
    head = await stage.store.head(LESSON)
    foreign = Row(head + 1, 5, "", "", "lesson.renamed", 1, b'{"kind":"lesson.renamed","title":"Elsewhere"}')
    await MemoryStore.append(stage.store, LESSON, head, [foreign])  # not by this hall
    answer = await teacher.do("pulse.beat", ts="1", pad="x")
    assert answer["t"] == "ok"
    assert answer["seq"] > head + 1
    assert (await stage.store.read(LESSON))[head] == foreign
    await student.see(lambda c: c.parts["lesson"]["title"] == "Elsewhere" and c.parts["pulse"]["ts"] == "1")


async def test_a_log_that_cannot_be_read_closes_this_lesson_with_a_code_and_no_other(stage):
    await stage.hall.create("l2", title="Broken", code="345678")
    await MemoryStore.append(stage.store, "l3", 0, [Row(1, 5, "", "", "unheard.of", 1, b"{}")])
    assert await (await stage.connect("s1", lesson="l3")).closed() == 1013
    assert (await (await stage.join("s1")).do("pulse.reply", v="x"))["t"] == "ok"


async def test_t3_a_clock_that_jumps_back_never_takes_a_lesson_back():
    times = iter([1000, 5000, 2000, 9000, 1])
    last = [1]

    def clock() -> int:
        last[0] = next(times, last[0])
        return last[0]

    async with staged(clock=clock) as stage:
        await stage.submit("lesson.rename", title="x")
        ats = [r.at for r in await stage.store.read(LESSON)]
        assert ats == sorted(ats)


@pytest.mark.skipif(not hasattr(time, "CLOCK_BOOTTIME"), reason="on Linux alone the two are told apart")
def test_t3_the_clock_has_gone_on_while_the_machine_slept(monkeypatch):
    real, slept = time.clock_gettime_ns, [0]
    monkeypatch.setattr(time, "clock_gettime_ns", lambda which: real(which) + (which == time.CLOCK_BOOTTIME) * slept[0])
    clock = system_clock()
    before = clock()
    slept[0] = 3600 * 10**9
    assert 0 <= clock() - before - 3_600_000 < 60_000


async def test_t1_the_order_of_the_log_is_the_order_all_see(stage):
    clients = [await stage.join(m) for m in ("t1", "s1", "s2", "w1")]
    await asyncio.gather(
        *(stage.submit("pulse.beat", by=by, ts=f"{by}{n}", pad="x") for n in range(40) for by in ("t1", "a1"))
    )
    order = [json.loads(r.data)["ts"] for r in await stage.store.read(LESSON) if r.kind == "pulse.beaten"]
    for client in clients:
        await client.see(lambda c: c.parts["pulse"]["ts"] == order[-1])
        seen = [f["parts"]["pulse"]["ts"] for f in client.frames if f["t"] == "patch" and "pulse" in f["parts"]]
        places = [order.index(ts) for ts in seen]
        assert places == sorted(places)


# Presence


@pytest.fixture
def noted():
    said: list[tuple[str, str]] = []
    return Presence(lambda m: said.append(("come", m)), lambda m: said.append(("go", m))), said


def test_b4_two_screens_of_one_person_are_one_presence(noted):
    presence, said = noted
    presence.arrived("s1")
    presence.arrived("s1")
    presence.left("s1", 0)
    presence.sweep(1000)
    assert said == [("come", "s1")]
    presence.left("s1", 1000)
    presence.sweep(1000 + GRACE_S)
    presence.sweep(2000)
    assert said == [("come", "s1"), ("go", "s1")]


def test_b4_a_short_absence_is_not_told(noted):
    presence, said = noted
    presence.arrived("s1")
    presence.left("s1", 0)
    presence.sweep(GRACE_S - 1)
    presence.arrived("s1")
    presence.sweep(1000)
    assert ("go", "s1") not in said


def test_b4_after_a_restart_those_who_return_were_never_gone_and_the_others_go_once(noted):
    presence, said = noted
    presence.expect(["s1", "s2"], 0)
    presence.arrived("s1")
    presence.sweep(GRACE_AFTER_START_S)
    assert said == [("come", "s1"), ("go", "s2")]
    assert not presence.empty


async def test_b4_who_is_let_in_again_within_the_time_of_grace_is_here(stage):
    teacher = await stage.join("t1")
    await (await stage.join("s1")).do("pulse.reply", v="x")
    await teacher.do("roster.remove", id="s1")
    await teacher.do("roster.readmit", id="s1")
    await stage.join("s1")
    await teacher.see(lambda c: sum(c.parts["roster"]["here"].values()) == 1)


def test_b4_what_could_not_be_written_is_said_again_as_it_is_by_then(noted):
    presence, said = noted
    presence.arrived("s1")
    presence.failed("s1")
    presence.sweep(1)
    assert said == [("come", "s1"), ("come", "s1")]
    presence.left("s1", 1)
    presence.sweep(1 + GRACE_S)
    presence.failed("s1")
    presence.sweep(2 + GRACE_S)
    assert said[2:] == [("go", "s1"), ("go", "s1")]
    assert presence.empty


async def test_b4_who_comes_while_the_disk_is_full_is_here_when_it_is_not(stage):
    teacher = await stage.join("t1")
    await teacher.do("lesson.rename", title="Before")
    stage.store.failing = True
    student = await stage.join("s1")
    assert (await student.do("pulse.reply", v="x"))["code"] == "store_failed"
    stage.store.failing = False
    await teacher.see(lambda c: sum(c.parts["roster"]["here"].values()) == 1)


async def test_b4_coming_is_a_fact_of_the_log_once(stage):
    teacher = await stage.join("t1")
    await stage.join("s1")
    await stage.join("s1")
    await stage.join("s2")
    await teacher.see(lambda c: sum(c.parts["roster"]["here"].values()) == 2)
    came = [r for r in await stage.store.read(LESSON) if r.kind == "member.came"]
    assert sorted(json.loads(r.data)["id"] for r in came) == ["s1", "s2", "t1"]
