"""A person erased from a log while its lesson runs: everybody sees what is true now, at every node, without any hint;
and nothing that was asked is lost."""

from __future__ import annotations

import asyncio
import json

import pytest

from mingtang.core.erasing import ERASED
from mingtang.core.lesson import replay
from mingtang.core.member import Role
from mingtang.core.text import BLANK
from mingtang.live import hall, shared
from mingtang.live.spare import Spare
from mingtang.stores import Conflict, StoreFailed
from mingtang.stores.sqlite import SqliteStore
from tests.live.nodes import many
from tests.live.stage import KINDS, LESSON, HeldStore, erasing, staged


async def test_all_screens_are_told_and_hold_the_digest_law(stage):
    teacher, other = await stage.join("t1", "want=roster/list&want=questions/list"), await stage.join("s2")
    gone = await stage.join("s1")
    await gone.do("questions.ask", text="May Adelaide ask?")
    await other.see(lambda c: c.parts["questions"]["items"])
    for client in (teacher, other, gone):
        client.frames.clear()
    await stage.hall.rewrite(LESSON, lambda: erasing(stage.store, "s1"))
    for client in (teacher, other, gone):
        await client.until(lambda f: f["t"] == "hello")
    lesson = replay(KINDS, (KINDS.fact(row) for row in await stage.store.read(LESSON)))
    for client, role in ((teacher, Role.teacher), (other, Role.student), (gone, Role.student)):
        seen = json.loads(json.dumps({part: lesson.view(role, part) for part in client.parts}))
        assert client.parts == seen
        assert "Adelaide" not in json.dumps([client.parts, client.mine], ensure_ascii=False)
    assert gone.you["name"] != "Name 2"


async def test_who_was_away_while_a_person_was_erased_gets_everything(stage):
    teacher, student = await stage.join("t1"), await stage.join("s2")
    await teacher.do("lesson.rename", title="Meanwhile")
    await student.see(lambda c: c.parts["lesson"]["title"] == "Meanwhile")
    await student.socket.close()
    await stage.hall.look(LESSON)
    await stage.hall.rewrite(LESSON, lambda: erasing(stage.store, "s1"))
    back = await stage.join("s2", f"back={student.seq}")
    assert back.frames[0]["t"] == "hello"


async def test_what_is_asked_meanwhile_waits_and_is_then_done_once(stage):
    begun, go_on = asyncio.Event(), asyncio.Event()

    async def slow() -> None:
        begun.set()
        await go_on.wait()
        await erasing(stage.store, "s1")

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


async def test_screens_at_other_nodes_see_the_log_as_it_is_now_by_a_hint_at_once(monkeypatch):
    deaf(monkeypatch)
    async with many(2) as nodes:
        first, second = nodes.stages
        away = await second.join("t1", "want=roster/list")
        student = await first.join("s1")
        await student.do("questions.ask", text="May Adelaide ask?")
        await away.see(lambda c: c.parts["questions"]["items"])
        away.frames.clear()
        await first.hall.rewrite(LESSON, lambda: erasing(first.store, "s1"))
        await away.until(lambda f: f["t"] == "hello")
        assert "Adelaide" not in json.dumps(away.parts)
        assert len(set(await nodes.digests())) == 1


NAMES = ("Adelaide", "Name 2")


async def asked_at(nodes, text: str = "May Adelaide ask?"):
    """The wall of the last node sees what a student of the first has written."""
    student = await nodes.stages[0].join("s1")
    await student.do("questions.ask", text=text)
    away = await nodes.stages[-1].join("t1", "want=roster/list")
    await away.see(lambda c: c.parts["questions"]["items"])
    away.frames.clear()
    return student, away


def words_of(client) -> list[str]:
    said = json.dumps([client.parts, client.mine, client.you], ensure_ascii=False)
    return [name for name in NAMES if name in said]


async def blanked(client) -> None:
    """The whole state comes again, and the words are not in it."""
    await client.until(lambda f: f["t"] == "hello")
    assert words_of(client) == []


def deaf(monkeypatch) -> None:
    """What is not told by the log is told by nothing: also no node looks by the clock."""
    monkeypatch.setattr(shared, "LOOK_EVERY_S", float("inf"))


@pytest.mark.parametrize("away", ["stays", "writes", "looks"])
async def test_with_the_bus_cut_another_node_finds_it_in_the_log(away, monkeypatch):
    """By the clock, by writing there itself, or because somebody wants to know how things stand."""
    async with many(3) as nodes:
        _, screen = await asked_at(nodes)
        nodes.cut()
        if away == "stays":
            monkeypatch.setattr(shared, "LOOK_EVERY_S", 0.0)
        else:
            deaf(monkeypatch)
        await nodes.halls[0].rewrite(LESSON, lambda: erasing(nodes.store, "s1"))
        if away == "writes":
            await screen.ask("lesson.rename", title="Behind it")
        elif away == "looks":
            assert (await nodes.halls[-1].look(LESSON)).people.name("s1") == BLANK
        await blanked(screen)
        assert len(set(await nodes.digests())) == 1


async def test_what_a_program_beside_the_nodes_erases_is_seen_by_all_of_them():
    """As a command does that goes to the database by itself: no node knows of it."""
    async with many(2) as nodes:
        student, screen = await asked_at(nodes)
        nodes.cut()
        await erasing(nodes.store, "s1")
        await blanked(screen)
        await blanked(student)


async def test_a_lost_hint_costs_nothing_when_any_other_follows(monkeypatch):
    deaf(monkeypatch)
    async with many(2) as nodes:
        student, screen = await asked_at(nodes)
        nodes.air.lose = lambda topic, data: topic.startswith("lesson")
        await nodes.halls[0].rewrite(LESSON, lambda: erasing(nodes.store, "s1"))
        nodes.air.lose = lambda topic, data: False
        assert (await student.do("hands.raise"))["t"] == "ok"
        await blanked(screen)


async def test_who_comes_back_to_another_node_gets_everything_though_nothing_was_told_it(monkeypatch):
    deaf(monkeypatch)
    async with many(2) as nodes:
        _, screen = await asked_at(nodes)
        await screen.socket.close()
        nodes.cut()
        await nodes.halls[0].rewrite(LESSON, lambda: erasing(nodes.store, "s1"))
        nodes.task(1).look()
        back = await nodes.stages[1].join("t1", f"back={screen.seq}&want=roster/list")
        assert back.frames[0]["t"] == "hello"
        assert words_of(back) == []


async def test_a_lesson_that_is_over_is_shown_anew_as_well():
    async with many(2) as nodes:
        await asked_at(nodes)
        await nodes.stages[0].submit("lesson.end", by="t1")
        nodes.cut()
        await nodes.halls[0].rewrite(LESSON, lambda: erasing(nodes.store, "s1"))
        for hall in nodes.halls:
            found = await hall.look(LESSON)
            assert (found.ended, found.people.name("s1")) == (True, BLANK)
        assert len(set(await nodes.digests())) == 1


async def test_of_votes_at_all_nodes_while_a_person_is_erased_none_is_lost_and_none_doubled():
    """Erasing loses its place to votes, computes again, and wins in the end."""
    async with many(3) as nodes:
        teacher = await nodes.stages[2].join("t1")
        question = {"form": "single", "text": "How many?", "options": ["None", "One", "Three"]}
        await teacher.do("poll.make", id="q1", question=question)
        await teacher.do("poll.open", id="q1")
        voters = [await nodes.stages[n].join(m) for n, m in enumerate(("s1", "s2", "s3"))]
        nodes.cut()
        for hall in nodes.halls:
            await hall.look(LESSON)
        conflicts = 0

        async def again() -> None:
            nonlocal conflicts
            while True:
                facts = [KINDS.fact(row) for row in await nodes.store.read(LESSON)]
                await asyncio.sleep(0)  # the others write on meanwhile
                await asyncio.sleep(0)
                try:
                    return await erasing(nodes.store, "s1", facts)
                except Conflict:
                    conflicts += 1

        async def vote(client) -> list[str]:
            done = [f"{client.you['id']}-v{n}" for n in range(20)]
            for n, cmd in enumerate(done):
                assert (await client.do("poll.vote", id_=cmd, id="q1", answer=["abc"[n % 3]]))["t"] == "ok"
            return done

        told = await asyncio.gather(*(vote(c) for c in voters), *(h.rewrite(LESSON, again) for h in nodes.halls[:1]))
        kept = [row.cmd for row in await nodes.store.read(LESSON) if row.cmd]
        assert conflicts > 0, "nobody was in its way: this shows nothing"
        assert len(kept) == len(set(kept))
        assert {cmd for done in told[:3] for cmd in done} <= set(kept)
        assert len(set(await nodes.digests())) == 1
        for client in voters:
            await client.see(lambda c: not words_of(c))


class BetweenChunks(HeldStore):
    """Erases when the lesson is read for the `at`th time, after what is read then was given out."""

    def __init__(self) -> None:
        super().__init__()
        self.at, self.reads = 0, 0

    async def read(self, lesson: str, after: int = 0, limit: int | None = None):
        rows = await super().read(lesson, after, limit)
        self.reads += 1
        if self.reads == self.at:
            self.at = 0
            await erasing(self, "s1")
        return rows


async def long_store() -> tuple[BetweenChunks, int]:
    """A log of several chunks, and how many it is read in."""
    store = BetweenChunks()
    async with staged(store) as stage:
        student = await stage.join("s1")
        await student.do("questions.ask", text="May Adelaide ask?")
        for _ in range(20):
            await student.do("hands.raise")
            await student.do("hands.lower")
    return store, -(-await store.head(LESSON) // CHUNK)


CHUNK = 8


async def test_a_log_that_is_changed_between_two_chunks_of_a_reading_is_read_again(monkeypatch):
    """Before any but the last look, which finds that there is no more."""
    monkeypatch.setattr(hall, "ROWS_AT_ONCE", CHUNK)
    store, chunks = await long_store()
    rows = await store.read(LESSON)
    assert chunks > 3
    for at in range(1, chunks + 2):
        store._logs[LESSON] = list(rows)
        store.reads, store.at = 0, at
        held = hall.Hall(KINDS, store)
        lesson = await held.look(LESSON)
        assert ("Adelaide" in json.dumps(lesson.views(Role.teacher))) == (at > chunks), at
        assert (lesson.people.name("s1") == BLANK) == (at <= chunks), at
        await held.close()


async def test_a_log_without_an_erasing_is_read_once_and_one_with_many_is_read_twice(monkeypatch):
    monkeypatch.setattr(hall, "ROWS_AT_ONCE", CHUNK)
    store, chunks = await long_store()
    held = hall.Hall(KINDS, store)
    store.reads = 0
    await held.look(LESSON)
    assert store.reads == chunks + 1
    await held.close()
    for member in ("s1", "s2", "s3"):
        await erasing(store, member)
    held, store.reads = hall.Hall(KINDS, store), 0
    await held.look(LESSON)
    assert store.reads <= 2 * (chunks + 2)
    await held.close()


async def test_a_spare_that_was_made_of_old_words_is_not_taken(monkeypatch):
    """It is made beside everything else: what stood in its first rows may be blank by now."""
    monkeypatch.setattr(hall, "ROWS_AT_ONCE", CHUNK)
    store, _ = await long_store()
    held = hall.Hall(KINDS, store)
    gate = asyncio.Event()

    async def early():
        made = await held._read(LESSON)
        await gate.wait()
        return made

    spare = Spare(early, store, LESSON)
    spare.wanted(lambda: None)
    while store.reading or not spare._growing:  # noqa: ASYNC110
        await asyncio.sleep(0)
    for _ in range(50):
        await asyncio.sleep(0)
    await erasing(store, "s1")
    gate.set()
    now = await held._read(LESSON)
    await asyncio.wait([spare._growing])
    await spare.settle(now)
    assert not spare.ready_at(now)
    await held.close()


async def test_an_erasing_that_is_broken_off_anywhere_leaves_all_or_nothing(tmp_path):
    """Nothing is ever blank that the log does not tell of, and nothing told that is not blank."""
    store = await SqliteStore.open(tmp_path / "log.db")
    async with staged(HeldStore()) as stage:
        await (await stage.join("s1")).do("questions.ask", text="May Adelaide ask?")
        await store.append(LESSON, 0, await stage.store.read(LESSON))
    before, broken = await store.read(LESSON), 0
    while True:
        left = iter([0] * broken + [1])
        store._writer.set_progress_handler(lambda left=left: next(left, 0), 5)  # every few steps of the engine
        try:
            await erasing(store, "s1")
            break
        except StoreFailed:
            assert await store.read(LESSON) == before
            broken += 1
    after = await store.read(LESSON)
    assert broken > 10
    assert (len(after), after[-1].kind) == (len(before) + 1, ERASED)
    assert b"Adelaide" not in b"".join(row.data for row in after)
    await store.close()
