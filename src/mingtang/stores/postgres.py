"""Logs in PostgreSQL, for one node or many: the primary key (lesson, seq) is the lock between them; one commit takes
all that has gathered in this node, and is on disk before anybody is answered. The tables themselves: `tables.py`."""

from __future__ import annotations

import asyncio
import logging
import secrets
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

import psycopg
from psycopg import AsyncConnection, errors

from mingtang.core.event import Row
from mingtang.stores import Conflict, InDoubt, StoreFailed, check_order, checked, checksum
from mingtang.stores.tables import (
    CHANNEL,
    CUT,
    DURABLE,
    END,
    HEAD,
    INSERT,
    LESSONS,
    NEWS_LENGTH,
    REWRITE,
    SELECT,
    conninfo,
    is_doubtful,
    place_of,
    prepare,
)

log = logging.getLogger(__name__)
MOST_IN_ONE_COMMIT = 2000
ANSWER_WITHIN_S = 10.0
AGAIN_AFTER_S = 0.5
REMOVED_AT_ONCE = 20_000
ROWS_REFUSED = (psycopg.IntegrityError, psycopg.DataError)
Db = AsyncConnection[tuple[Any, ...]]
News = Callable[[str], None]
T = TypeVar("T")


@dataclass(slots=True)
class _Append:
    lesson: str
    expected: int
    rows: Sequence[Row]
    done: asyncio.Future[None]


class Line:
    """One connection, made when it is needed and made anew after it broke. Questions go one after another. `doubted`
    are the names of connections that broke while they wrote: what was sent there may still be done."""

    def __init__(self, address: str) -> None:
        self.doubted: set[str] = set()
        self._address = address
        self._name = ""
        self._db: Db | None = None
        self._turn = asyncio.Lock()

    async def ask(self, question: Callable[[Db], Awaitable[T]], writes: bool = False) -> T:
        """Raises StoreFailed when PostgreSQL is away, slow or failing, InDoubt when it may have written all the same;
        what is wrong with rows is the asker's."""
        async with self._turn:
            sent = False
            try:
                async with asyncio.timeout(ANSWER_WITHIN_S):
                    if self._db is None or self._db.closed:
                        self._name = f"mingtang {secrets.token_hex(8)}"
                        self._db = await connect(self._address, self._name)
                    sent = writes
                    return await question(self._db)
            except ROWS_REFUSED:
                raise
            except (psycopg.Error, OSError, TimeoutError) as error:
                failed = InDoubt if sent and is_doubtful(error) else StoreFailed
                await self._drop(failed is InDoubt)
                raise failed(f"PostgreSQL at {place_of(self._address)} does not answer: {_said(error)}") from error
            except asyncio.CancelledError:
                await self._drop(sent)
                raise

    async def _drop(self, doubted: bool = False) -> None:
        """What was under way on it may still be done by the server: nobody may read its answer as another's."""
        db, self._db = self._db, None
        if doubted:
            self.doubted.add(self._name)
        if db is not None:
            await db.close()

    async def close(self) -> None:
        async with self._turn:
            await self._drop()


async def connect(address: str, name: str = "mingtang") -> Db:
    db = await AsyncConnection.connect(conninfo(address), autocommit=True, prepare_threshold=1, application_name=name)
    await db.execute(DURABLE)
    return db


class PostgresStore:
    """Use `await PostgresStore.open(address)`. Appends, reads and news have a connection each."""

    def __init__(self, address: str) -> None:
        self.address = address
        self._write_line, self._read_line = Line(address), Line(address)
        self._heads: dict[str, int] = {}
        self._wishes: list[_Append] = []
        self._bell = asyncio.Event()
        self._closed = False
        self._writer = asyncio.create_task(self._write(), name="log-writer")
        self._ear: asyncio.Task[None] | None = None

    @classmethod
    async def open(cls, address: str) -> PostgresStore:
        """Makes or migrates the tables. Raises StoreFailed with a sentence when they cannot be used."""
        await prepare(address)
        return cls(address)

    async def append(self, lesson: str, expected: int, rows: Sequence[Row]) -> None:
        check_order(expected, rows)
        self._check_open()
        wish = _Append(lesson, expected, rows, asyncio.get_running_loop().create_future())
        self._wishes.append(wish)
        self._bell.set()
        await wish.done

    async def read(self, lesson: str, after: int = 0, limit: int | None = None) -> list[Row]:
        self._check_open()
        found = await self._read(lambda db: _all(db, SELECT, (lesson, after, limit)))
        return [checked(lesson, Row(*values), total) for *values, total in found]

    async def head(self, lesson: str) -> int:
        self._check_open()
        return await self._read(lambda db: _head(db, lesson))

    async def _read(self, question: Callable[[Db], Awaitable[T]]) -> T:
        """What was in doubt before is decided by then."""
        doubted = set(self._write_line.doubted)

        async def ask(db: Db) -> T:
            if doubted and not all(ended for (ended,) in await _all(db, END, (list(doubted),))):
                raise TimeoutError("a broken connection goes on writing")
            self._write_line.doubted -= doubted
            return await question(db)

        return await self._read_line.ask(ask)

    async def lessons(self) -> list[str]:
        self._check_open()
        return [str(name) for (name,) in await self._read_line.ask(lambda db: _all(db, LESSONS, ()))]

    async def rewrite(self, lesson: str, rows: Sequence[Row], told: Row | None = None) -> None:
        self._check_open()
        self._heads.pop(lesson, None)
        try:
            await self._write_line.ask(lambda db: _rewrite(db, lesson, rows, told), writes=True)
        except errors.UniqueViolation as error:
            raise Conflict(f"{lesson} was written to by another node") from error

    async def remove(self, lesson: str) -> None:
        last = await self.head(lesson)
        while last > 0:
            last = max(0, last - REMOVED_AT_ONCE)
            await self._write_line.ask(lambda db, after=last: db.execute(CUT, (lesson, after)))  # type: ignore[misc]
            self._heads.pop(lesson, None)

    async def compact(self) -> None:
        """The server reuses the room then; only its owner may take the table away from everybody (vacuum full)."""
        self._check_open()
        try:
            async with await connect(self.address) as db:
                await db.execute("vacuum event")
        except (psycopg.Error, OSError) as error:
            raise StoreFailed(f"PostgreSQL at {place_of(self.address)} was not vacuumed: {_said(error)}") from error

    async def close(self) -> None:
        if self._closed:
            return
        self._closed = True
        self._bell.set()
        await self._writer
        if self._ear is not None:
            self._ear.cancel()
            await asyncio.gather(self._ear, return_exceptions=True)
        await self._write_line.close()
        await self._read_line.close()

    def _check_open(self) -> None:
        if self._closed:
            raise StoreFailed("The store is closed.")

    # News of what any node has written

    def listen(self, news: News) -> None:
        """As in Telling."""
        self._ear = asyncio.create_task(self._listen(news), name="log-news")

    async def _listen(self, news: News) -> None:
        while True:
            try:
                async with await connect(self.address) as db:
                    await db.execute(f"listen {CHANNEL}")
                    news("")
                    async for heard in db.notifies():
                        for lesson in heard.payload.split(" "):
                            news(lesson)
            except (psycopg.Error, OSError) as error:
                log.debug("no news from PostgreSQL: %s", _said(error))
            await asyncio.sleep(AGAIN_AFTER_S)

    # The writer

    async def _write(self) -> None:
        while not self._closed or self._wishes:
            await self._bell.wait()
            self._bell.clear()
            while self._wishes:
                await self._commit(self._gather())

    def _gather(self) -> list[_Append]:
        """All that came while the last commit was on its way."""
        size = most = 0
        for wish in self._wishes:
            size, most = size + len(wish.rows), most + 1
            if size >= MOST_IN_ONE_COMMIT:
                break
        batch, self._wishes = self._wishes[:most], self._wishes[most:]
        return batch

    async def _commit(self, batch: list[_Append]) -> None:
        """One statement for all; if it was refused, one for each, so that nobody suffers for another's rows."""
        try:
            answers = await self._try(batch)
        except ROWS_REFUSED:
            answers = [error for wish in batch for error in await self._alone(wish)]
        except Exception as error:  # the writer must outlive whatever happens: everybody waits for it
            self._heads.clear()
            failed = error if isinstance(error, StoreFailed) else StoreFailed(f"Rows are not taken: {_said(error)}")
            answers = [failed] * len(batch)
        for wish, found in zip(batch, answers, strict=True):
            if not wish.done.done():
                wish.done.set_result(None) if found is None else wish.done.set_exception(found)

    async def _alone(self, wish: _Append) -> list[Exception | None]:
        try:
            return await self._try([wish])
        except errors.UniqueViolation:
            return [Conflict(f"{wish.lesson} was written to at {wish.expected + 1} by another node")]
        except StoreFailed as failed:
            return [failed]
        except ROWS_REFUSED as refused:
            return [StoreFailed(f"Rows are not taken: {_said(refused)}")]

    async def _try(self, batch: list[_Append]) -> list[Exception | None]:
        """An answer for each append once all is durable. Raises one of ROWS_REFUSED when nothing was taken."""
        heads = await self._write_line.ask(lambda db: self._heads_of(db, batch))
        answers, taken = list[Exception | None](), list[_Append]()
        for wish in batch:
            head = heads[wish.lesson]
            if head == wish.expected:
                heads[wish.lesson] = head + len(wish.rows)
                taken.append(wish)
                answers.append(None)
            else:
                answers.append(Conflict(f"{wish.lesson} is at {head}, not at {wish.expected}"))
        try:
            if taken:
                rows = [(wish.lesson, wish.rows) for wish in taken]
                await self._write_line.ask(lambda db: _insert(db, rows), writes=True)
        except ROWS_REFUSED:
            for wish in batch:
                self._heads.pop(wish.lesson, None)
            raise
        self._heads.update({wish.lesson: heads[wish.lesson] for wish in taken})
        return answers

    async def _heads_of(self, db: Db, batch: list[_Append]) -> dict[str, int]:
        """As remembered where that fits, since the key finds out when it is not so any more; else as it is."""
        heads = dict[str, int]()
        for wish in batch:
            if wish.lesson not in heads:
                known = self._heads.get(wish.lesson)
                heads[wish.lesson] = known if known == wish.expected else await _head(db, wish.lesson)
        return heads


async def _insert(db: Db, batch: Sequence[tuple[str, Sequence[Row]]]) -> None:
    """In the order of lessons: two nodes that write to the same ones wait for each other in one direction only. An
    append of nothing is asked of the server as well: it says whether one of something would be taken."""
    ordered = sorted(batch, key=lambda one: one[0])
    values = [(lesson, *row, checksum(lesson, row)) for lesson, rows in ordered for row in rows]
    columns = [list(column) for column in zip(*values, strict=True)] or [[] for _ in range(9)]
    lessons = " ".join(dict.fromkeys(lesson for lesson, rows in ordered if rows))
    await db.execute(INSERT, (*columns, lessons if len(lessons) < NEWS_LENGTH else ""))


async def _rewrite(db: Db, lesson: str, rows: Sequence[Row], told: Row | None) -> None:
    async with db.transaction():
        if told is not None:
            if (head := await _head(db, lesson)) != told.seq - 1:
                raise Conflict(f"{lesson} is at {head}, not at {told.seq - 1}")
            await _insert(db, [(lesson, [told])])
        for row in rows:
            values = (row.version, row.data, checksum(lesson, row), lesson, *row[:5])
            if (await db.execute(REWRITE, values)).rowcount != 1:
                raise ValueError(f"row {row.seq} is not the one that stands there")


async def _head(db: Db, lesson: str) -> int:
    found = await (await db.execute(HEAD, (lesson,))).fetchone()
    return int(found[0]) if found else 0


async def _all(db: Db, question: str, values: tuple[Any, ...]) -> list[tuple[Any, ...]]:
    return await (await db.execute(question, values, binary=True)).fetchall()


def _said(error: BaseException) -> str:
    return " ".join(str(error).split()) or type(error).__name__
