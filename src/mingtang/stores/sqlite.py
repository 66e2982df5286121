"""Logs in one SQLite file: WAL, synchronous=FULL, one writer thread, one commit for all that has gathered.

Nothing but the file is truth: the writer's `heads` are only a cache, the primary key (lesson, seq) is the lock."""

from __future__ import annotations

import asyncio
import contextlib
import os
import queue
import sqlite3
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from mingtang.core.event import Row
from mingtang.stores import Conflict, StoreFailed, check_order, checked, checksum

VERSION = 1
MOST_IN_ONE_COMMIT = 2000
REMOVED_AT_ONCE = 2000  # what other lessons append meanwhile waits for no more than that
T = TypeVar("T")

_SCHEMA = """
create table event (
  lesson text not null, seq integer not null, at integer not null, by text not null, cmd text not null,
  kind text not null, version integer not null, data blob not null, sum integer not null,
  primary key (lesson, seq)
) without rowid;
"""
# What brings a file of version N to N + 1; a new program opens every older file.
_MIGRATIONS: dict[int, str] = {0: _SCHEMA}
_INSERT = "insert into event (lesson, seq, at, by, cmd, kind, version, data, sum) values (?,?,?,?,?,?,?,?,?)"
_REWRITE = """update event set version = ?, data = ?, sum = ?
              where lesson = ? and seq = ? and at = ? and by = ? and cmd = ? and kind = ?"""
SELECT = (
    "select seq, at, by, cmd, kind, version, data, sum from event where lesson = ? and seq > ? order by seq limit ?"
)


@dataclass(slots=True)
class _Append:
    lesson: str
    expected: int
    rows: Sequence[Row]
    done: asyncio.Future[None]
    loop: asyncio.AbstractEventLoop


@dataclass(slots=True)
class _Chore:
    """Something else that only the writer may do, in a transaction of its own unless it says otherwise."""

    work: Callable[[sqlite3.Connection], None]
    done: asyncio.Future[None]
    loop: asyncio.AbstractEventLoop


_CLOSE = object()


def connect(path: Path, read_only: bool = False) -> sqlite3.Connection:
    mode = "ro" if read_only else "rwc"
    db = sqlite3.connect(
        f"{path.absolute().as_uri()}?mode={mode}", uri=True, isolation_level=None, check_same_thread=False
    )
    db.execute("pragma busy_timeout = 5000")
    return db


def prepare(db: sqlite3.Connection) -> None:
    """Makes or migrates the tables. Raises StoreFailed for a file from a newer program."""
    db.execute("pragma journal_mode = wal")
    db.execute("pragma synchronous = full")
    version = int(db.execute("pragma user_version").fetchone()[0])
    if version > VERSION:
        raise StoreFailed(
            f"The log file has version {version}, this program reads up to {VERSION}. Use a newer program."
        )
    for step in range(version, VERSION):
        db.executescript(f"begin; {_MIGRATIONS[step]} pragma user_version = {step + 1}; commit;")


class SqliteStore:
    """Use `await SqliteStore.open(path)`. Appends go to the writer thread, reads to one reader thread."""

    def __init__(self, path: Path, writer: sqlite3.Connection, reader: sqlite3.Connection) -> None:
        self.path = path
        self._writer, self._reader = writer, reader
        self._file = _identity(path)
        self._heads: dict[str, int] = {}
        self._wishes: queue.SimpleQueue[Any] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._write, name="log-writer", daemon=True)
        self._pool = ThreadPoolExecutor(1, "log-reader")
        self._closed = False
        self._thread.start()

    @classmethod
    async def open(cls, path: Path) -> SqliteStore:
        """Raises StoreFailed with a sentence when the file cannot be opened or is no log."""

        def opened() -> SqliteStore:
            try:
                writer = connect(path)
                prepare(writer)
                writer.execute("select lesson from event limit 1").fetchone()
                return cls(path, writer, connect(path))
            except sqlite3.DatabaseError as error:
                raise StoreFailed(f"The log file {path} cannot be opened: {error}. Nothing was changed.") from error

        return await asyncio.to_thread(opened)

    async def append(self, lesson: str, expected: int, rows: Sequence[Row]) -> None:
        check_order(expected, rows)
        if self._closed:
            raise StoreFailed("The store is closed.")
        loop = asyncio.get_running_loop()
        wish = _Append(lesson, expected, rows, loop.create_future(), loop)
        self._wishes.put(wish)
        await wish.done

    async def read(self, lesson: str, after: int = 0, limit: int | None = None) -> list[Row]:
        found = await self._ask(
            lambda: self._reader.execute(SELECT, (lesson, after, -1 if limit is None else limit)).fetchall()
        )
        return [checked(lesson, Row(*values), total) for *values, total in found]

    async def head(self, lesson: str) -> int:
        found = await self._ask(lambda: self._head(self._reader, lesson))
        return found

    async def lessons(self) -> list[str]:
        # The first row of each lesson is found by its key; a scan over all rows would take seconds in a big file.
        skip = """with recursive l(name) as (select min(lesson) from event union all
                  select (select min(lesson) from event where lesson > l.name) from l where l.name is not null)
                  select name from l join event on lesson = name and seq = 1 order by at, name"""
        return [str(name) for (name,) in await self._ask(lambda: self._reader.execute(skip).fetchall())]

    async def rewrite(self, lesson: str, rows: Sequence[Row], told: Row | None = None) -> None:
        def rewrite(db: sqlite3.Connection) -> None:
            if told is not None:
                self._tell(db, lesson, told)
            for row in rows:
                values = (row.version, row.data, checksum(lesson, row), lesson, *row[:5])
                if db.execute(_REWRITE, values).rowcount != 1:
                    raise ValueError(f"row {row.seq} is not the one that stands there")

        await self._chore(rewrite)

    def _tell(self, db: sqlite3.Connection, lesson: str, told: Row) -> None:
        self._heads.pop(lesson, None)  # what is written here is not known to be kept
        head = self._head(db, lesson)
        if head != told.seq - 1:
            raise Conflict(f"{lesson} is at {head}, not at {told.seq - 1}")
        db.execute(_INSERT, (lesson, *told, checksum(lesson, told)))

    async def remove(self, lesson: str) -> None:
        last = await self.head(lesson)
        while last > 0:
            last = max(0, last - REMOVED_AT_ONCE)
            await self._chore(lambda db, after=last: self._cut(db, lesson, after))  # type: ignore[misc]

    async def compact(self) -> None:
        def compact(db: sqlite3.Connection) -> None:
            db.execute("commit")
            db.execute("vacuum")
            busy = db.execute("pragma wal_checkpoint(truncate)").fetchone()[0]
            db.execute("begin")
            if busy:
                raise StoreFailed("The log file is being read; what was erased is still in its write-ahead log.")

        await self._chore(compact)

    def _cut(self, db: sqlite3.Connection, lesson: str, after: int) -> None:
        db.execute("delete from event where lesson = ? and seq > ?", (lesson, after))
        self._heads.pop(lesson, None)

    async def _chore(self, work: Callable[[sqlite3.Connection], None]) -> None:
        if self._closed:
            raise StoreFailed("The store is closed.")
        loop = asyncio.get_running_loop()
        chore = _Chore(work, loop.create_future(), loop)
        self._wishes.put(chore)
        await chore.done

    async def close(self) -> None:
        if self._closed:
            return
        self._closed = True
        self._wishes.put(_CLOSE)
        await asyncio.to_thread(self._thread.join)
        self._pool.shutdown()
        self._reader.close()
        self._writer.close()

    async def _ask(self, question: Callable[[], T]) -> T:
        if self._closed:
            raise StoreFailed("The store is closed.")
        try:
            return await asyncio.get_running_loop().run_in_executor(self._pool, question)
        except sqlite3.DatabaseError as error:
            raise StoreFailed(f"The log file {self.path} cannot be read: {error}.") from error

    @staticmethod
    def _head(db: sqlite3.Connection, lesson: str) -> int:
        return int(db.execute("select max(seq) from event where lesson = ?", (lesson,)).fetchone()[0] or 0)

    # The writer thread.

    def _write(self) -> None:
        following: Any = None
        while True:
            first, following = following or self._wishes.get(), None
            if first is _CLOSE:
                return
            if isinstance(first, _Chore):
                _answer([first], [self._do(first)])
                continue
            batch, following = self._gather(first)
            try:
                self._commit(batch)
            except Exception as error:  # the thread must outlive whatever happens: everybody waits for it
                _answer(batch, [StoreFailed(f"The log could not be written: {error}.")] * len(batch))

    def _gather(self, first: _Append) -> tuple[list[_Append], Any]:
        """All appends that came while the last commit was on its way, and what else follows them, if anything does."""
        batch, size = [first], len(first.rows)
        while size < MOST_IN_ONE_COMMIT:
            try:
                wish = self._wishes.get_nowait()
            except queue.Empty:
                break
            if not isinstance(wish, _Append):
                return batch, wish
            batch.append(wish)
            size += len(wish.rows)
        return batch, None

    def _gone(self) -> StoreFailed | None:
        """Into a file that nobody would find again nothing is written: it would be acknowledged and lost."""
        if _identity(self.path) == self._file:
            return None
        return StoreFailed(f"The log file {self.path} was taken away or replaced while the program runs.")

    def _do(self, chore: _Chore) -> Exception | None:
        """What is overwritten or freed is filled with zeros, so that it cannot be found in the file."""
        db = self._writer
        if gone := self._gone():
            return gone
        try:
            db.execute("pragma secure_delete = on")
            db.execute("begin immediate")
            chore.work(db)
            db.execute("commit")
        except Exception as error:  # as above
            with contextlib.suppress(sqlite3.Error):  # what is begun still is rolled back before the next
                db.execute("rollback")
            return (
                error
                if isinstance(error, ValueError | Conflict | StoreFailed)
                else StoreFailed(f"The log could not be written: {error}.")
            )
        finally:
            with contextlib.suppress(sqlite3.Error):
                db.execute("pragma secure_delete = off")
        return None

    def _commit(self, batch: list[_Append]) -> None:
        """One transaction for all; if it fails, one for each, so that nobody suffers for another's rows."""
        if gone := self._gone():
            return _answer(batch, [gone] * len(batch))
        errors = self._try(batch)
        if errors is None:
            errors = [
                e
                for wish in batch
                for e in (self._try([wish]) or [StoreFailed("The log could not be written: is the disk full?")])
            ]
        _answer(batch, errors)

    def _try(self, batch: list[_Append]) -> list[Exception | None] | None:
        """An answer for each append once all is durable, or None when the transaction failed and was rolled back."""
        heads, errors, values = dict[str, int](), list[Exception | None](), list[tuple[Any, ...]]()
        try:
            self._writer.execute("begin immediate")
            for wish in batch:
                head = heads.get(wish.lesson)
                if head is None:
                    head = self._heads.get(wish.lesson)
                if head != wish.expected and wish.lesson not in heads:  # another process may have written meanwhile
                    head = self._head(self._writer, wish.lesson)
                if head != wish.expected:
                    errors.append(Conflict(f"{wish.lesson} is at {head}, not at {wish.expected}"))
                    self._heads.pop(wish.lesson, None)
                    continue
                values += [(wish.lesson, *row, checksum(wish.lesson, row)) for row in wish.rows]
                heads[wish.lesson] = head + len(wish.rows)
                errors.append(None)
            self._writer.executemany(_INSERT, values)
            self._writer.execute("commit")
        except sqlite3.Error as error:
            self._heads.clear()
            if self._writer.in_transaction:
                self._writer.execute("rollback")
            if isinstance(error, sqlite3.IntegrityError) and len(batch) == 1:
                return [Conflict(f"{batch[0].lesson} was written to by another process")]
            return None
        self._heads.update(heads)
        return errors


def _identity(path: Path) -> tuple[int, int] | None:
    try:
        found = os.stat(path)
    except OSError:
        return None
    return found.st_dev, found.st_ino


def _answer(batch: Sequence[_Append | _Chore], errors: list[Exception | None]) -> None:
    """Gives the answers to the event loops, one wake-up a loop."""
    loops: dict[asyncio.AbstractEventLoop, list[tuple[asyncio.Future[None], Exception | None]]] = {}
    for wish, error in zip(batch, errors, strict=True):
        loops.setdefault(wish.loop, []).append((wish.done, error))
    for loop, answers in loops.items():
        try:
            loop.call_soon_threadsafe(_settle, answers)
        except RuntimeError:  # the loop is closed: nobody waits any more
            continue


def _settle(answers: list[tuple[asyncio.Future[None], Exception | None]]) -> None:
    for future, error in answers:
        if future.done():
            continue
        if error is None:
            future.set_result(None)
        else:
            future.set_exception(error)
