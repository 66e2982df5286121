"""What only PostgreSQL can suffer: other nodes, its own restart, rows that it does not take."""

from __future__ import annotations

import asyncio
import contextlib
import re
import signal

import psycopg
import pytest

from mingtang.core.event import Row
from mingtang.stores import Conflict, Damaged, InDoubt, StoreFailed
from mingtang.stores.postgres import PostgresStore
from mingtang.stores.reading import open_reader
from mingtang.stores.tables import place_of
from tests.postgres import Postgres


def row(seq: int, data: bytes = b"{}", cmd: str = "c") -> Row:
    return Row(seq, 1000 + seq, "m1", f"{cmd}{seq}", "poll.voted", 1, data)


@pytest.fixture
async def pair(database):
    """Two nodes on one database."""
    address = database()
    stores = await asyncio.gather(PostgresStore.open(address), PostgresStore.open(address))
    yield stores
    for store in stores:
        await store.close()


async def test_of_two_nodes_that_write_to_one_place_exactly_one_wins_and_the_other_goes_on_from_there(pair):
    one, two = pair
    for seq in range(1, 40, 2):
        answers = await asyncio.gather(
            one.append("a", seq - 1, [row(seq, cmd="x")]), two.append("a", seq - 1, [row(seq, cmd="y")]),
            return_exceptions=True,
        )  # fmt: skip
        assert sorted(type(answer) for answer in answers if answer) == [Conflict]
        await two.append("a", seq, [row(seq + 1)])
    assert [r.seq for r in await one.read("a")] == list(range(1, 41))


async def test_two_nodes_that_rewrite_and_append_take_turns_and_each_hears_of_it(pair):
    one, two = pair
    heard = asyncio.Event()
    two.listen(lambda lesson: heard.set() if lesson == "a" else None)
    await one.append("a", 0, [row(1)])
    for seq in range(2, 40, 2):
        blank = row(1, b'{"x":%d}' % seq)
        answers = await asyncio.gather(
            one.rewrite("a", [blank], row(seq)), two.append("a", seq - 1, [row(seq)]), return_exceptions=True
        )
        assert sorted(type(answer) for answer in answers if answer) == [Conflict]
        assert ((await two.read("a"))[0] == blank) == (answers[0] is None)
        heard.clear()
        await one.rewrite("a", [row(1)], row(seq + 1))
        async with asyncio.timeout(10):
            await heard.wait()
    assert [r.seq for r in await two.read("a")] == list(range(1, 40))


async def test_nodes_that_write_to_the_same_lessons_at_once_lose_and_double_nothing(pair):
    async def write(store: PostgresStore, lesson: str, count: int) -> None:
        taken = 0
        while taken < count:
            head = await store.head(lesson)
            try:
                await store.append(lesson, head, [row(head + 1, cmd=f"{id(store)}-{taken}-")])
                taken += 1
            except Conflict:
                continue

    lessons = [f"l{n}" for n in range(6)]
    await asyncio.gather(*(write(store, lesson, 15) for store in pair for lesson in lessons))
    for lesson in lessons:
        rows = await pair[0].read(lesson)
        assert [r.seq for r in rows] == list(range(1, 31))
        assert len({r.cmd.rsplit("-", 1)[0] for r in rows}) == 30


async def test_a_node_hears_which_lesson_another_has_written_to(pair):
    heard: asyncio.Queue[str] = asyncio.Queue()
    pair[1].listen(heard.put_nowait)
    assert await asyncio.wait_for(heard.get(), 10) == "", "from now on nothing is missed, so what was before may be new"
    await asyncio.gather(pair[0].append("a", 0, [row(1)]), pair[0].append("b", 0, [row(1)]))
    assert {await asyncio.wait_for(heard.get(), 10) for _ in range(2)} == {"a", "b"}


async def test_a_row_that_postgresql_does_not_take_fails_alone(pair):
    wishes = [pair[0].append("a", 0, [row(1, cmd="\0")]), *(pair[0].append(f"b{n}", 0, [row(1)]) for n in range(5))]
    answers = await asyncio.gather(*wishes, return_exceptions=True)
    assert isinstance(answers[0], StoreFailed)
    assert answers[1:] == [None] * 5


async def test_a_flipped_bit_is_found_and_named_and_other_lessons_are_whole(pair):
    store = pair[0]
    await store.append("a", 0, [row(1), row(2)])
    await store.append("b", 0, [row(1)])
    with psycopg.connect(store.address) as db:
        db.execute("update event set data = '{ }'::bytea where lesson = 'a' and seq = 2")
    with pytest.raises(Damaged, match="Record 2 of lesson a"):
        await store.read("a")
    assert await store.read("b") == [row(1)]


async def test_a_database_of_a_newer_program_is_left_alone(pair):
    with psycopg.connect(pair[0].address) as db:
        db.execute("update log_version set version = 99")
    with pytest.raises(StoreFailed, match="newer program"):
        await PostgresStore.open(pair[0].address)


async def test_beside_the_server_the_same_rows_are_read(pair):
    await pair[0].append("a", 0, [row(1), row(2), row(3)])
    reader = open_reader(pair[0].address)
    assert reader.rows("a", 1, 1) == [row(2)]
    assert reader.rows("a") == await pair[1].read("a")
    reader.close()


@pytest.mark.slow
async def test_while_postgresql_is_away_appends_are_refused_and_afterwards_all_that_was_taken_is_there():
    server = Postgres().start()
    try:
        store = await PostgresStore.open(server.made("logs"))
        heard: asyncio.Queue[str] = asyncio.Queue()
        store.listen(heard.put_nowait)
        await store.append("a", 0, [row(1)])
        await asyncio.to_thread(server.stop, signal.SIGQUIT)
        with pytest.raises(StoreFailed, match="does not answer"):
            await store.append("a", 1, [row(2)])
        with pytest.raises(StoreFailed, match="does not answer"):
            await store.read("a")
        await asyncio.to_thread(server.start)
        await store.append("a", 1, [row(2)])
        assert [r.seq for r in await store.read("a")] == [1, 2]
        await store.append("b", 0, [row(1)])
        async with asyncio.timeout(20):
            while await heard.get() != "b":  # the ear has come back by itself
                await store.append("b", await store.head("b"), [row(await store.head("b") + 1)])
        await store.close()
    finally:
        await asyncio.to_thread(server.remove)


MARK = b"marked"


class Between:
    """A line to PostgreSQL that breaks when the marked row is written: its question has not arrived, or its answer."""

    def __init__(self, port: int, lost: str) -> None:
        self.port, self.lost = port, lost
        self.late: tuple[asyncio.StreamWriter, bytes] | None = None
        self._waited_for = False

    async def __aenter__(self) -> Between:
        self._server = await asyncio.start_server(self._join, "127.0.0.1", 0)
        self.here = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(self, *told: object) -> None:
        self._server.close()

    async def _join(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        there, back = await asyncio.open_connection("127.0.0.1", self.port)
        with contextlib.suppress(asyncio.CancelledError):
            await asyncio.gather(self._ask(reader, back, writer), self._tell(there, writer))

    async def _ask(
        self, reader: asyncio.StreamReader, back: asyncio.StreamWriter, writer: asyncio.StreamWriter
    ) -> None:
        while data := await reader.read(65536):
            self._waited_for = MARK in data
            if self._waited_for and self.lost == "question":
                self.late = back, data
                return writer.transport.abort()
            back.write(data)

    async def _tell(self, there: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while data := await there.read(65536):
            if self._waited_for:
                return writer.transport.abort()
            writer.write(data)

    def arrive(self) -> None:
        """The question that was lost comes to PostgreSQL after all."""
        if self.late is not None:
            self.late[0].write(self.late[1])


@pytest.mark.parametrize(("lost", "kept"), [("answer", 4), ("question", 3)])
async def test_an_append_whose_answer_was_lost_is_in_doubt_until_the_log_is_read_and_then_it_is_for_good(
    database, lost, kept
):
    address = database()
    port = re.search(r":(\d+)/", address)[1]
    async with Between(int(port), lost) as between:
        store = await PostgresStore.open(address.replace(f":{port}/", f":{between.here}/"))
        for n in range(3):
            await store.append("a", n, [row(n + 1)])
        with pytest.raises(InDoubt):
            await store.append("a", 3, [row(4, cmd=MARK.decode())])
        assert len(await store.read("a")) == kept
        between.arrive()
        await store.append("b", 0, [row(1)])
        assert len(await store.read("a")) == kept
        await store.append("a", kept, [row(kept + 1)])
        await store.close()


async def test_a_password_is_never_said(database):
    address = database().replace("mt@", "mt:s3cret@")
    assert "s3cret" not in place_of(address)
    with pytest.raises(StoreFailed) as told:
        await PostgresStore.open(address.replace("/t", "/nowhere"))
    assert "s3cret" not in str(told.value)
    assert "cannot be opened" in str(told.value)
