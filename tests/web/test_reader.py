"""Readings in processes of their own: they answer, they outlive a crash, they end with the server."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from mingtang.core.event import Row
from mingtang.stores import StoreFailed
from mingtang.stores.reading import LogReader
from mingtang.stores.sqlite import SqliteStore
from mingtang.web.reader import Reader, ReadingFailed


def count(log: LogReader, lesson: str) -> tuple[int, int]:
    return len(log.rows(lesson)), os.getpid()


def fail(log: LogReader) -> None:
    raise StoreFailed("no")


def die(log: LogReader, mark: str, times: int) -> str:
    path = Path(mark)
    path.write_text(path.read_text() + "x" if path.exists() else "x")
    if len(path.read_text()) <= times:
        os.kill(os.getpid(), signal.SIGKILL)
    return "alive"


@pytest.fixture
async def reader(tmp_path: Path) -> AsyncIterator[Reader]:
    path = tmp_path / "lessons.db"
    store = await SqliteStore.open(path)
    await store.append("l", 0, [Row(n, 5, "", "", "a.b", 1, b"{}") for n in (1, 2, 3)])
    made = Reader(str(path))
    yield made
    await made.close()
    await store.close()


async def test_a_reading_is_made_in_another_process_that_stays(reader: Reader) -> None:
    rows, pid = await reader.ask("work", count, "l")
    assert rows == 3
    assert pid != os.getpid()
    assert await reader.ask("work", count, "unknown") == (0, pid)


async def test_what_a_reading_raises_is_raised_here(reader: Reader) -> None:
    with pytest.raises(StoreFailed, match="no"):
        await reader.ask("work", fail)


async def test_a_reading_that_dies_once_is_made_again_and_twice_is_told(reader: Reader, tmp_path: Path) -> None:
    assert await reader.ask("work", die, str(tmp_path / "once"), 1) == "alive"
    with pytest.raises(ReadingFailed):
        await reader.ask("work", die, str(tmp_path / "twice"), 2)
    assert (await reader.ask("work", count, "l"))[0] == 3


async def test_its_processes_end_with_the_server(reader: Reader) -> None:
    _, pid = await reader.ask("work", count, "l")
    await reader.close()
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)
    with pytest.raises(ReadingFailed):
        await asyncio.wait_for(reader.ask("work", count, "l"), 5)
