"""A backup taken while people vote restores to the same digests, with all that was acknowledged before it began."""

from __future__ import annotations

import asyncio
import itertools
from pathlib import Path

import pytest

from mingtang.stores.reading import open_reader
from mingtang.web.keeping.backup import heads
from tests.chaos.test_real_server import connect, opened
from tests.live.stage import Client
from tests.server import Server

pytestmark = pytest.mark.slow
VOTERS = 20


async def vote(voter: Client, number: int, acknowledged: list[str]) -> None:
    """Changes the answer again and again, as fast as the server lets one person."""
    for turn in itertools.count():
        cmd = f"v{number}-{turn}"
        answer = await voter.do("poll.vote", id_=cmd, id="q1", answer=["abc"[turn % 3]])
        if answer["t"] == "ok":
            acknowledged.append(cmd)
        else:
            assert answer["code"] == "slow_down"
            await asyncio.sleep(0.05)


async def test_a_backup_under_load_restores_to_equal_digests(tmp_path: Path) -> None:
    server = Server(tmp_path / "data").start()
    acknowledged: list[list[str]] = [[] for _ in range(VOTERS)]
    try:
        made = server.lesson()
        await opened(server, made["id"])
        cookies = [server.join(made["code"], f"Voter {n}") for n in range(VOTERS)]
        voters = [await connect(server, made["id"], cookie) for cookie in cookies]
        voting = [asyncio.create_task(vote(v, n, acknowledged[n])) for n, v in enumerate(voters)]
        before, out = {cmd for one in acknowledged for cmd in one}, tmp_path / "kept.zip"
        done = await asyncio.to_thread(server.cli, "backup", str(out))
        assert done.returncode == 0, done.stderr
        assert sum(map(len, acknowledged)) > len(before), "nobody voted while the backup was made"
        await _check(server, made["id"], out, tmp_path / "new", before)
        assert not any(task.done() for task in voting)
        for task in voting:
            task.cancel()
        await asyncio.gather(*voting, return_exceptions=True)
    finally:
        server.stop()


async def _check(server: Server, lesson: str, out: Path, new: Path, before: set[str]) -> None:
    copy = Server(new)
    restored = await asyncio.to_thread(copy.cli, "restore", str(out))
    assert restored.returncode == 0, restored.stderr
    last = heads(new / "lessons.db")[lesson]
    now = await asyncio.to_thread(server.cli, "digest", lesson, "--at", str(last))
    then = await asyncio.to_thread(copy.cli, "digest", lesson)
    assert now.returncode == 0, now.stderr
    assert then.stdout == now.stdout
    rows = open_reader(str(new / "lessons.db")).rows(lesson)
    kept = [row.cmd for row in rows if row.kind == "poll.voted"]
    assert before <= set(kept)
    assert len(kept) == len(set(kept))
