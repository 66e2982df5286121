"""A real server and real sockets in worse worlds. The long runs are `python -m bench.chaos.real`."""

from __future__ import annotations

import asyncio
import json
import os
import resource
import shutil
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
import websockets

from bench.chaos.real import Trial, among, run, slow_disk
from bench.soak import run as run_a_day
from mingtang.activities import kinds
from mingtang.core.lesson import replay
from mingtang.stores.reading import open_reader
from mingtang.stores.sqlite import SqliteStore
from tests.chaos.test_real_server import connect, opened, votes
from tests.server import ROOT, Server
from tools.demo_deck import deck

pytestmark = pytest.mark.slow
CI = bool(os.environ.get("CI"))


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    made = Server(tmp_path / "data").start()
    yield made
    made.stop()


def kept(trial: Trial, least: int) -> None:
    assert trial.broken == []
    assert trial.acknowledged >= least, "too little happened to prove anything"


def test_killed_at_random_moments_while_a_room_votes_asks_and_draws(server: Server) -> None:
    kept(run(server, people=40, kills=3), least=150)


def test_on_a_disk_as_slow_as_a_memory_card(tmp_path: Path) -> None:
    server = Server(tmp_path / "data", environment=slow_disk(25)).start()
    kept(run(server, people=25, kills=1, pace_s=0.3), least=100)


def test_through_a_network_that_loses_every_tenth_packet(tmp_path: Path) -> None:
    usable = os.geteuid() == 0 and shutil.which("ip") and shutil.which("nft")
    if not usable and not CI:
        pytest.skip("network namespaces need root, iproute2 and nftables")
    kept(among(people=15, kills=1, loss=10, data=tmp_path / "data"), least=30)


async def test_without_descriptors_left_the_lesson_goes_on_and_newcomers_wait_for_room(server: Server) -> None:
    lesson = server.lesson()
    cookie = server.join(lesson["code"], "Mei")
    student = await connect(server, lesson["id"], cookie)
    await opened(server, lesson["id"])
    used = len(os.listdir(f"/proc/{server.pid}/fd"))
    soft, hard = resource.prlimit(server.pid, resource.RLIMIT_NOFILE)
    resource.prlimit(server.pid, resource.RLIMIT_NOFILE, (used + 3, hard))
    crowd = [asyncio.open_connection("127.0.0.1", server.port) for _ in range(40)]
    held = [way for way in await asyncio.gather(*crowd, return_exceptions=True) if not isinstance(way, BaseException)]
    for turn in range(10):
        assert (await student.do("poll.vote", id="q1", answer=["abc"[turn % 3]]))["t"] == "ok"
    for _, writer in held:
        writer.close()
    resource.prlimit(server.pid, resource.RLIMIT_NOFILE, (soft, hard))
    again = await _until_in(server, lesson["id"], cookie)
    assert (await again.do("poll.vote", id="q1", answer=["c"]))["t"] == "ok"
    assert len(votes(server, lesson["id"])) >= 10


async def _until_in(server: Server, lesson: str, cookie: str):
    until = time.monotonic() + 30
    while True:
        try:
            return await connect(server, lesson, cookie)
        except (OSError, websockets.WebSocketException, TimeoutError):
            assert time.monotonic() < until


async def test_with_little_memory_a_deck_is_refused_or_drawn_and_votes_go_on(server: Server) -> None:
    lesson = server.lesson()
    student = await connect(server, lesson["id"], server.join(lesson["code"], "Mei"))
    await opened(server, lesson["id"])
    size = await asyncio.to_thread(_size, server)
    hard = resource.prlimit(server.pid, resource.RLIMIT_AS)[1]
    resource.prlimit(server.pid, resource.RLIMIT_AS, (size + (48 << 20), hard))
    with server.teacher() as teacher:
        files = {"title": (None, "More"), "deck": ("deck.pdf", deck())}
        answer = await asyncio.to_thread(teacher.post, "/api/teach/lessons", files=files)
        assert answer.status_code == 201 or set(answer.json()) == {"code", "params"}, answer.text
    for turn in range(10):
        assert (await student.do("poll.vote", id="q1", answer=["abc"[turn % 3]]))["t"] == "ok"
    resource.prlimit(server.pid, resource.RLIMIT_AS, (hard, hard))
    assert (await asyncio.to_thread(httpx.get, f"{server.url}/ready", timeout=20)).status_code == 200


def _size(server: Server) -> int:
    """Bytes of address space."""
    status = Path(f"/proc/{server.pid}/status").read_text()
    return int(status.split("VmSize:")[1].split()[0]) * 1024


def test_a_log_of_the_first_version_is_taught_on_by_this_one(tmp_path: Path) -> None:
    """Kept as text, written when the first version was done: a lesson in the middle of its hour."""
    lines = [json.loads(line) for line in (ROOT / "tests/chaos/first_version.jsonl").read_text().splitlines()]
    data = tmp_path / "data"
    data.mkdir()
    head, *rows = lines

    async def write() -> None:
        from mingtang.core.event import Row

        store = await SqliteStore.open(data / "lessons.db")
        made = [Row(r["seq"], r["at"], r["by"], r["cmd"], r["kind"], r["version"], r["data"].encode()) for r in rows]
        await store.append(head["lesson"], 0, made)
        await store.close()

    asyncio.run(write())
    reader = open_reader(str(data / "lessons.db"))
    lesson = replay(kinds(), (kinds().fact(row) for row in reader.rows(head["lesson"])))
    reader.close()
    assert lesson.seq == len(rows)
    assert lesson.states["poll"].items["q1"].rounds[-1].turnout.total == head["votes"]
    command = kinds().command("poll.again", b'{"id":"q1"}')
    assert command is not None
    teacher = next(m for m in lesson.people.members.values() if m.role == "teacher")
    assert lesson.decide(command, teacher, lesson.at, 1), "the lesson goes on"


def test_lessons_side_by_side_leave_memory_and_descriptors_where_they_were(server: Server) -> None:
    stretches = run_a_day(server, lessons=5, people=6, seconds=6, pace_s=0.05)
    second, last = stretches[1], stretches[-1]
    assert sum(s.events for s in stretches) > 500
    assert last.descriptors <= second.descriptors + 12, "connections that ended are let go"
    assert last.memory_mb <= second.memory_mb + 12
