"""Several processes at one port: any of them serves any member, and one that dies is begun anew."""

from __future__ import annotations

import asyncio
import os
import signal
from pathlib import Path

import pytest

from tests.chaos.test_nodes import teachers_cookie
from tests.chaos.test_real_server import connect
from tests.server import Server

pytestmark = pytest.mark.slow


@pytest.fixture
def server(tmp_path: Path):
    made = Server(tmp_path / "data", workers="2").start()
    yield made
    made.stop()


def workers(server: Server) -> list[int]:
    """The processes that listen at the port: those that have the exchange's socket open are more."""
    children = Path(f"/proc/{server.pid}/task/{server.pid}/children").read_text().split()
    return [int(pid) for pid in children if b"spawn_main" in Path(f"/proc/{pid}/cmdline").read_bytes()]


def lives(pid: int) -> bool:
    return Path(f"/proc/{pid}").exists()


async def test_any_worker_serves_any_member_and_one_that_dies_is_begun_anew(server):
    lesson = await asyncio.to_thread(server.lesson)
    cookie = await asyncio.to_thread(teachers_cookie, server, lesson["id"])
    guests = [await asyncio.to_thread(server.join, lesson["code"], f"Student {n}") for n in range(6)]
    people = [await connect(server, lesson["id"], guest) for guest in guests]  # the kernel spreads them
    teacher = await connect(server, lesson["id"], cookie)
    before = workers(server)
    assert len(before) == 2
    assert (await teacher.do("lesson.rename", title="One"))["t"] == "ok"
    for person in people:
        await person.see(lambda c: c.parts["lesson"]["title"] == "One")
    os.kill(before[0], signal.SIGKILL)
    async with asyncio.timeout(30):
        while len(set(workers(server)) - set(before)) < 1:  # noqa: ASYNC110 — a process has no event for it
            await asyncio.sleep(0.05)
    for turn in range(4):
        teacher = await connect(server, lesson["id"], cookie)
        assert (await teacher.do("lesson.rename", id_=f"two-{turn}", title=f"Two {turn}"))["t"] == "ok"
        await teacher.socket.close()
    people = [await connect(server, lesson["id"], guest) for guest in guests]
    for person in people:
        await person.see(lambda c: c.parts["lesson"]["title"] == "Two 3")
    assert "a worker ended and is begun anew" in server.log()


async def test_workers_end_cleanly_with_the_one_who_watches_over_them(server):
    lesson = await asyncio.to_thread(server.lesson)
    screens = [
        await connect(server, lesson["id"], await asyncio.to_thread(server.join, lesson["code"], n)) for n in "abcd"
    ]
    ended = asyncio.create_task(asyncio.to_thread(server.stop))
    assert [await screen.closed() for screen in screens] == [1012] * 4
    assert await ended == 0
    assert "Traceback" not in server.log()


async def test_workers_whose_watcher_is_killed_do_not_stay_behind(server):
    left = workers(server)
    await asyncio.to_thread(server.kill)
    async with asyncio.timeout(30):
        while any(map(lives, left)):  # noqa: ASYNC110 — a process has no event for it
            await asyncio.sleep(0.05)
