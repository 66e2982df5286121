"""The real process under real faults: what was acknowledged is in the log exactly once, whatever happens to it."""

from __future__ import annotations

import asyncio
import contextlib
import json
from pathlib import Path
from typing import Any

import pytest
import websockets

from tests.live.stage import Client
from tests.server import Server

pytestmark = pytest.mark.slow
QUESTION = {"form": "single", "text": "How many?", "options": ["None", "One", "Three"]}


@pytest.fixture
def server(tmp_path: Path):
    made = Server(tmp_path / "data").start()
    yield made
    made.stop()


async def connect(server: Server, lesson: str, cookie: str) -> Client:
    url = f"ws://127.0.0.1:{server.port}/live/{lesson}"
    socket = await websockets.connect(url, compression=None, additional_headers={"Cookie": cookie}, max_size=None)
    client = Client(socket)
    await client.until(lambda f: f["t"] in {"hello", "again"})
    return client


def teacher_cookie(server: Server, lesson: str) -> str:
    with server.teacher() as teacher:
        teacher.get(f"/teach/{lesson}")
        return "; ".join(f"{c.name}={c.value}" for c in teacher.cookies.jar)


async def opened(server: Server, lesson: str) -> Client:
    teacher = await connect(server, lesson, teacher_cookie(server, lesson))
    assert (await teacher.do("poll.make", id="q1", question=QUESTION))["t"] == "ok"
    assert (await teacher.do("poll.open", id="q1"))["t"] == "ok"
    return teacher


def votes(server: Server, lesson: str) -> list[dict[str, Any]]:
    told = server.cli("log", lesson)
    assert told.returncode == 0, told.stderr
    return [e for e in map(json.loads, told.stdout.splitlines()) if e["kind"] == "poll.voted"]


class Voter:
    """Votes again and again, each time until it is answered; after a break it sends the same command again."""

    def __init__(self, server: Server, lesson: str, cookie: str, number: int) -> None:
        self.server, self.lesson, self.cookie, self.number = server, lesson, cookie, number
        self.acknowledged: list[str] = []
        self.sent: list[str] = []

    async def vote(self, times: int, cut: asyncio.Event) -> None:
        for turn in range(times):
            cmd = f"v{self.number}-{turn}"
            self.sent.append(cmd)
            while True:
                try:
                    client = await connect(self.server, self.lesson, self.cookie)
                    answer = await client.do("poll.vote", id_=cmd, id="q1", answer=["abc"[turn % 3]])
                    await client.socket.close()
                except (OSError, websockets.WebSocketException, TimeoutError):
                    await asyncio.sleep(0.02)  # the line is down: again, like a browser
                    continue
                assert answer["t"] == "ok", answer
                self.acknowledged.append(cmd)
                break
            if turn == times // 2:
                cut.set()


async def test_a_server_killed_in_the_middle_of_a_vote_has_lost_and_doubled_nothing(server):
    lesson = server.lesson()
    cookies = [server.join(lesson["code"], f"Student {n}") for n in range(6)]
    await (await opened(server, lesson["id"])).socket.close()
    voters = [Voter(server, lesson["id"], cookie, n) for n, cookie in enumerate(cookies)]
    cut = asyncio.Event()

    async def kill() -> None:
        for _ in range(3):
            await cut.wait()
            await asyncio.to_thread(server.kill)
            await asyncio.to_thread(server.start)

    await asyncio.gather(kill(), *(v.vote(12, cut) for v in voters))
    kept = [v["cmd"] for v in votes(server, lesson["id"])]
    assert len(kept) == len(set(kept))
    for voter in voters:
        assert voter.acknowledged == voter.sent
    changed = {c for v in voters for c in v.sent}
    assert set(kept) == changed, "each turn chose another answer than the one before, so each is an event"
    before = server.cli("digest", lesson["id"]).stdout
    server.kill()
    server.start()
    assert server.cli("digest", lesson["id"]).stdout == before


async def test_a_full_disk_during_a_vote_refuses_with_a_code_and_the_vote_goes_on_when_there_is_room(server):
    lesson = server.lesson()
    student = await connect(server, lesson["id"], server.join(lesson["code"], "Mei"))
    teacher = await opened(server, lesson["id"])
    assert (await student.do("poll.vote", id="q1", answer=["a"]))["t"] == "ok"
    server.limit_file_size(0)
    refused = await student.do("poll.vote", id_="full", id="q1", answer=["b"])
    assert (refused["t"], refused["code"]) == ("no", "store_failed")
    assert (await teacher.do("lesson.rename", title="Never"))["code"] == "store_failed"
    server.limit_file_size(-1)
    assert (await student.do("poll.vote", id_="full", id="q1", answer=["b"]))["t"] == "ok"
    await teacher.see(lambda c: c.parts["lesson"]["title"] == "Sets")
    assert [v["data"]["answer"] for v in votes(server, lesson["id"])] == [["a"], ["b"]]
    assert "Traceback" not in server.log()


async def test_two_servers_cannot_share_a_folder_and_the_first_goes_on(server):
    second = server.cli("serve", "--host", "127.0.0.1", "--port", "0")
    assert second.returncode != 0
    assert len(second.stderr.strip().splitlines()) == 1
    lesson = server.lesson()
    assert (await (await opened(server, lesson["id"])).do("lesson.rename", title="Still here"))["t"] == "ok"


async def test_a_server_that_is_told_to_stop_says_goodbye_and_ends_cleanly(server):
    lesson = server.lesson()
    teacher = await opened(server, lesson["id"])
    ended = asyncio.create_task(asyncio.to_thread(server.stop))
    assert await teacher.closed() == 1012
    assert await ended == 0
    with contextlib.suppress(FileNotFoundError):
        assert "Traceback" not in server.log()
