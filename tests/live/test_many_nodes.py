"""Any node serves any member of a lesson: what is acknowledged is in the log once, and all see the same."""

from __future__ import annotations

import asyncio

import msgspec
import pytest

from mingtang import metrics
from mingtang.activities import kinds
from mingtang.live import company, others, shared
from mingtang.live.others import Here, Left, News, Rewritten, Said, _message
from tests.live.nodes import many
from tests.live.stage import KINDS, LESSON, erasing

QUESTION = {"form": "single", "text": "How many?", "options": ["None", "One", "Three"]}


@pytest.fixture
async def nodes():
    async with many() as made:
        yield made


async def asked(teacher) -> None:
    assert (await teacher.do("poll.make", id="q1", question=QUESTION))["t"] == "ok"
    assert (await teacher.do("poll.open", id="q1"))["t"] == "ok"


def cmds(store) -> list[str]:
    return [row.cmd for row in store._logs[LESSON] if row.cmd]


async def test_what_is_done_at_one_node_is_seen_at_the_others(nodes):
    teacher, student, wall = [await nodes.stages[n].join(m) for n, m in enumerate(("t1", "s1", "w1"))]
    await asked(teacher)
    await student.see(lambda c: "poll" in c.parts and c.parts["poll"])
    assert (await student.do("poll.vote", id="q1", answer=["a"]))["t"] == "ok"
    assert (await teacher.do("lesson.rename", title="Groups"))["t"] == "ok"
    await wall.see(lambda c: c.parts["lesson"]["title"] == "Groups")
    await student.see(lambda c: c.parts["lesson"]["title"] == "Groups")
    assert len(set(await nodes.digests())) == 1


async def test_a_wish_is_handed_to_the_node_that_writes_so_that_nobody_is_in_anothers_way(nodes):
    teacher, student, _ = [await nodes.stages[n].join(m) for n, m in enumerate(("t1", "s1", "w1"))]
    await asked(teacher)
    await student.see(lambda c: "poll" in c.parts)
    writers = [task._writer for task in (nodes.task(0), nodes.task(1))]
    assert writers.count("") == 1
    for n in range(10):
        assert (await student.do("poll.vote", id="q1", answer=["abc"[n % 3]]))["t"] == "ok"
    assert [task._writer for task in (nodes.task(0), nodes.task(1))] == writers


async def test_a_member_let_in_at_one_node_comes_in_at_another_at_once(nodes):
    await nodes.stages[1].join("s1")
    nodes.cut()
    await nodes.stages[0].submit("roster.admit", id="s9", name="New", role="student", seat="room")
    assert (await nodes.stages[1].join("s9")).you["name"] == "New"


async def test_with_the_bus_cut_all_nodes_write_and_nothing_is_lost_or_doubled(nodes):
    clients = [await nodes.stages[n % 3].join(m) for n, m in enumerate(("t1", "s1", "s2", "s3", "a1"))]
    await asked(clients[0])
    nodes.cut()
    for hall in nodes.halls:
        hall.grown("")  # as a poll does
    for client in clients[1:]:
        await client.see(lambda c: "poll" in c.parts and c.parts["poll"])

    async def vote(client) -> list[str]:
        done = []
        for n in range(15):
            cmd = f"{client.you['id']}-v{n}"
            assert (await client.do("poll.vote", id_=cmd, id="q1", answer=["abc"[n % 3]]))["t"] == "ok"
            done.append(cmd)
        return done

    acknowledged = [cmd for done in await asyncio.gather(*(vote(c) for c in clients[1:4])) for cmd in done]
    kept = cmds(nodes.store)
    assert len(kept) == len(set(kept))
    assert set(acknowledged) <= set(kept)
    assert len(set(await nodes.digests())) == 1


async def test_the_same_command_sent_to_two_nodes_is_counted_once(nodes):
    teacher, one, two = [await nodes.stages[n].join(m) for n, m in enumerate(("t1", "s1", "s1"))]
    await asked(teacher)
    nodes.cut()
    for client in (one, two):
        await client.see(lambda c: "poll" in c.parts and c.parts["poll"])
    answers = await asyncio.gather(*(c.do("questions.ask", id_="same", text="Why?") for c in (one, two)))
    assert [a["t"] for a in answers] == ["ok", "ok"]
    assert answers[0]["seq"] == answers[1]["seq"]
    assert cmds(nodes.store).count("same") == 1


async def test_a_refusal_is_given_only_on_the_newest_state(nodes):
    """The poll was opened at another node, whose hint was lost: the vote is taken all the same."""
    teacher, student = await nodes.stages[0].join("t1"), await nodes.stages[1].join("s1")
    nodes.cut()
    await asked(teacher)
    assert (await student.do("poll.vote", id="q1", answer=["a"]))["t"] == "ok"
    assert (await student.do("poll.vote", id="nothing", answer=["a"]))["t"] == "no"


async def test_a_hint_that_was_lost_is_noticed_by_the_next_one(nodes, monkeypatch):
    monkeypatch.setattr(shared, "LOOK_EVERY_S", float("inf"))
    teacher, student = await nodes.stages[0].join("t1"), await nodes.stages[1].join("s1")
    nodes.air.lose = lambda topic, data: topic.startswith("lesson")
    assert (await teacher.do("lesson.rename", title="Lost"))["t"] == "ok"
    nodes.air.lose = lambda topic, data: False
    assert (await teacher.do("lesson.rename", title="Found"))["t"] == "ok"
    await student.see(lambda c: c.parts["lesson"]["title"] == "Found")


async def burst(nodes, clients, answer) -> None:
    """The first wish waits in its append, the others gather behind it."""
    nodes.store.gate.clear()
    nodes.store.waiting.clear()
    await clients[0].ask("poll.vote", id="q1", answer=[answer])
    await asyncio.wait_for(nodes.store.waiting.wait(), 5)
    for client in clients[1:]:
        await client.ask("poll.vote", id="q1", answer=[answer])
    while nodes.task(0).waiting < len(clients) - 1:  # noqa: ASYNC110 — the inbox has no event for it
        await asyncio.sleep(0)
    nodes.store.gate.set()
    for client in clients:
        assert (await client.until(lambda f: f["t"] in {"ok", "no"}))["t"] == "ok"


async def test_a_node_that_ran_ahead_reads_only_what_others_wrote(nodes):
    """Many wishes in one append, and another node was first: the log is not read from its beginning."""
    clients = [await nodes.stages[0].join(m) for m in ("t1", "s1", "s2", "s3")]
    await asked(clients[0])
    other = await nodes.stages[1].join("a1")
    task = nodes.task(0)
    while not task._spare.ready_at(task.lesson):
        for answer in "ab":
            await burst(nodes, clients[1:], answer)
        await task.current()
    nodes.cut()
    assert (await other.do("roster.name", name="First"))["t"] == "ok"
    reads: list[int] = []
    read = nodes.store.read

    async def counted(lesson, after=0, limit=None):
        reads.append(after)
        return await read(lesson, after, limit)

    behind = task.lesson.seq
    nodes.store.read = counted
    lost = metrics.conflicts._value.get()
    await burst(nodes, clients[1:], "c")
    assert metrics.conflicts._value.get() > lost
    assert min(reads) >= behind - 3
    assert len(set(await nodes.digests())) == 1


async def test_a_node_that_ran_ahead_and_hears_that_another_writes_answers_for_nothing_that_is_in_no_log(
    nodes, monkeypatch
):
    """Many wishes are on their way in one append when another node says that it wrote; and it was first."""
    monkeypatch.setattr(others, "ANSWER_WITHIN_S", 0.05)
    clients = [await nodes.stages[0].join(m) for m in ("t1", "s1", "s2", "s3")]
    await asked(clients[0])
    task, append, log = nodes.task(0), nodes.store.append, nodes.store._logs[LESSON]
    while not task._spare.ready_at(task.lesson):
        for answer in "ab":
            await burst(nodes, clients[1:], answer)
        await task.current()
    gate, ahead = asyncio.Event(), asyncio.Event()

    async def held(lesson, expected, rows):
        if len(rows) > 1 and not ahead.is_set():
            ahead.set()
            await gate.wait()
        await append(lesson, expected, rows)

    nodes.store.append = held
    votes = [(client, f"{client.you['id']}-{answer}", answer) for answer in "ac" for client in clients[1:]]
    for client, cmd, answer in votes:
        await client.ask("poll.vote", id_=cmd, id="q1", answer=[answer])
    await asyncio.wait_for(ahead.wait(), 5)
    log.append(log[-1]._replace(seq=len(log) + 1, cmd="of-another"))
    task.hear(News("00000000", log[-1:]))  # of two that write the one with the lesser name goes on
    gate.set()
    for client, cmd, answer in votes:
        assert (await client.do("poll.vote", id_=cmd, id="q1", answer=[answer]))["t"] == "ok"
        assert cmds(nodes.store).count(cmd) == 1, "what is acknowledged is in the log"
    assert len(set(await nodes.digests())) == 1


async def test_while_the_store_is_away_screens_stay_and_wishes_are_refused_and_it_heals_by_itself(nodes):
    teacher, student = await nodes.stages[0].join("t1"), await nodes.stages[1].join("s1")
    nodes.store.failing = nodes.store.unreadable = True
    for client in (teacher, student):
        assert (await client.do("roster.name", name="Other"))["code"] == "store_failed"
    nodes.store.failing = nodes.store.unreadable = False
    assert (await teacher.do("lesson.rename", title="Again"))["t"] == "ok"
    await student.see(lambda c: c.parts["lesson"]["title"] == "Again")
    assert len(set(await nodes.digests())) == 1


async def test_what_is_said_reaches_those_at_other_nodes_who_want_it(nodes):
    teacher, student = await nodes.stages[0].join("t1"), await nodes.stages[1].join("s1")
    await teacher.do("slides.add_board")
    await student.see(lambda c: c.parts.get("slides"))
    await teacher.send({"t": "say", "topic": "slides", "data": {"x": 0.5, "y": 0.5}})
    said = await student.until(lambda f: f["t"] == "said")
    assert said["data"] == {"x": 0.5, "y": 0.5}
    assert said["from"] > 1 << 31, "screens of two nodes are never taken for one another"


def presence_facts(store, member) -> list[str]:
    return [
        r.kind for r in store._logs[LESSON] if r.kind in ("member.came", "member.went") and member.encode() in r.data
    ]


def sweep(nodes, seconds: float) -> None:
    """As if so much time had gone by at every node, in the steps in which halls look."""
    now = asyncio.get_running_loop().time()
    for step in range(int(seconds)):
        for hall in nodes.halls:
            if (door := hall.door(LESSON)) is not None:
                door.sweep(now + step)


async def settled(nodes) -> None:
    await nodes.digests()


async def test_a_member_with_screens_at_two_nodes_comes_once_and_goes_once(nodes, monkeypatch):
    monkeypatch.setattr(company, "SILENT_FOR_S", 1000)  # time is only said to go by: nobody's beat is late
    one, two = await nodes.stages[0].join("s1"), await nodes.stages[1].join("s1")
    await one.see(lambda c: True)
    await settled(nodes)
    await one.socket.close()
    await nodes.stages[0].join("t1")  # what came before it at this node is done
    sweep(nodes, 12)
    await settled(nodes)
    assert presence_facts(nodes.store, "s1") == ["member.came"]
    await two.socket.close()
    await nodes.stages[1].join("t1")
    sweep(nodes, 30)
    await settled(nodes)
    assert presence_facts(nodes.store, "s1") == ["member.came", "member.went"]


async def test_whom_a_dead_node_had_is_said_gone_by_another(nodes):
    await nodes.stages[0].join("t1")
    await nodes.stages[1].join("s1")
    await settled(nodes)
    sweep(nodes, 1)
    await settled(nodes)
    nodes.buses[1].up = False
    nodes.halls[1]._doors[LESSON].sweep = lambda now: None  # as dead as it can be in one process
    sweep(nodes, company.SILENT_FOR_S + 30)
    await settled(nodes)
    assert presence_facts(nodes.store, "s1") == ["member.came", "member.went"]


async def test_one_who_is_wrongly_said_gone_is_said_here_again_by_the_node_that_has_the_screen(nodes):
    await nodes.stages[1].join("s1")
    await settled(nodes)
    await nodes.stages[0].submit("roster.go", id="s1")
    await settled(nodes)
    sweep(nodes, 2)
    await settled(nodes)
    assert presence_facts(nodes.store, "s1") == ["member.came", "member.went", "member.came"]


async def test_an_id_that_a_column_of_text_cannot_hold_is_a_wrong_shape(nodes):
    student = await nodes.stages[0].join("s1")
    answer = await student.do("roster.name", id_="a\0b", name="Mei")
    assert (answer["t"], answer["code"]) == ("no", "bad_shape")


async def test_beside_a_new_program_an_old_one_serves_what_it_knows_and_sends_its_people_on_from_what_it_does_not():
    """The new one knows an activity more. What is done at the old one is in the log once, and its people go on."""
    async with many(2, known=[KINDS, kinds()]) as nodes:
        teacher, student = await nodes.stages[0].join("t1"), await nodes.stages[1].join("s1")
        assert (await teacher.do("lesson.rename", title="Groups"))["t"] == "ok"
        await student.see(lambda c: c.parts["lesson"]["title"] == "Groups")
        assert (await student.do("hands.raise", id_="before"))["t"] == "ok"
        assert not nodes.halls[1].outdated
        assert (await teacher.do("pulse.beat", ts="1", pad=""))["t"] == "ok"
        assert await student.closed() == 1013
        assert nodes.halls[1].outdated
        assert [hall.outdated for hall in nodes.halls] == [False, True]
        assert await (await nodes.stages[1].connect("s1")).closed() == 1013, "it comes back, and elsewhere"
        elsewhere = await nodes.stages[0].join("s1")
        assert (await elsewhere.do("roster.name", id_="after", name="Mei"))["t"] == "ok"
        await elsewhere.see(lambda c: c.mine.get("roster", {}).get("name") == "Mei")
        assert [cmds(nodes.store).count(cmd) for cmd in ("before", "after")] == [1, 1]


async def test_nothing_is_handed_to_a_node_of_another_program():
    """It might take a wish and leave out what it does not know of it."""
    async with many(2, known=[KINDS, kinds()]) as nodes:
        teacher, student = await nodes.stages[1].join("t1"), await nodes.stages[0].join("s1")
        handed = []
        for hall in nodes.halls:
            serve = hall._others.serve
            hall._others.serve = lambda *given, serve=serve: handed.append(given) or serve(*given)
        assert (await teacher.do("lesson.rename", title="Groups"))["t"] == "ok"
        await student.see(lambda c: c.parts["lesson"]["title"] == "Groups")
        assert (await student.do("hands.raise"))["t"] == "ok"
        assert (await teacher.do("lesson.rename", title="Pairs"))["t"] == "ok"
        await student.see(lambda c: c.parts["lesson"]["title"] == "Pairs")
        assert handed == []


def test_messages_of_programs_that_say_less_or_more_are_understood():
    row = [1, 2, "m", "c", "lesson.renamed", 1, b"{}"]
    for told in (["news", "n1", [row]], ["news", "n1", [row], "mark", "of tomorrow"]):
        assert _message(msgspec.msgpack.encode(told)).rows[0].cmd == "c"
    for told, kind in (
        (["rewritten", "n1", "l1"], Rewritten),
        (["said", "n1", "ink", 1, {}], Said),
        (["here", "n1", ["m"], True], Here),
        (["left", "n1", "m"], Left),
    ):
        assert isinstance(_message(msgspec.msgpack.encode(told)), kind)
        assert isinstance(_message(msgspec.msgpack.encode([*told, "of tomorrow"])), kind)


async def test_an_answer_that_is_not_understood_is_none(nodes, monkeypatch):
    """The wish is decided where it was made."""
    teacher, student, _ = [await nodes.stages[n].join(m) for n, m in enumerate(("t1", "s1", "w1"))]
    await asked(teacher)
    await student.see(lambda c: "poll" in c.parts)
    for hall in nodes.halls:
        monkeypatch.setattr(hall._others, "_serve", _of_tomorrow)
        hall._others._asker._serve = _of_tomorrow
    assert (await student.do("poll.vote", id_="once", id="q1", answer=["a"]))["t"] == "ok"
    assert (await teacher.do("lesson.rename", id_="too", title="Groups"))["t"] == "ok"
    assert [cmds(nodes.store).count(cmd) for cmd in ("once", "too")] == [1, 1]


async def _of_tomorrow(body: bytes) -> bytes:
    return msgspec.msgpack.encode([[1, "", None, "more"]])


async def test_an_old_program_sends_its_people_on_also_when_it_finds_an_erasing_before_what_it_does_not_know():
    async with many(2, known=[KINDS, kinds()]) as nodes:
        teacher, student = await nodes.stages[0].join("t1"), await nodes.stages[1].join("s1")
        await settled(nodes)
        nodes.cut()
        await nodes.halls[0].rewrite(LESSON, lambda: erasing(nodes.store, "s2"))
        assert (await teacher.do("pulse.beat", ts="1", pad=""))["t"] == "ok"
        nodes.task(1).look()
        assert await student.closed() == 1013
        assert [hall.outdated for hall in nodes.halls] == [False, True]
        assert await (await nodes.stages[1].connect("s1")).closed() == 1013
