"""Several processes at one port, and the one that records is killed: another goes on in the same file, and who watches
at the other one sees it without coming back."""

from __future__ import annotations

import asyncio
import json
import os
import signal
from pathlib import Path
from typing import Any

import pytest

from mingtang.stores.media.objects import Kind, read
from mingtang.stores.media.reel import Reel
from tests.chaos.test_real_server import connect, teacher_cookie
from tests.chaos.test_recording import Speaker, _now, until_stored
from tests.server import Server
from tests.web.test_workers import workers

pytestmark = pytest.mark.slow


@pytest.fixture
def server(tmp_path: Path):
    made = Server(tmp_path / "data", workers="2").start()
    yield made
    made.stop()


def worker_of(server: Server, port: int) -> int:
    """The process that holds the server's end of a connection from `port`."""
    rows = (line.split() for line in Path("/proc/net/tcp").read_text().splitlines()[1:])
    sockets = {(row[1][9:], row[2][9:]): f"socket:[{row[9]}]" for row in rows}
    wanted = sockets[f"{server.port:04X}", f"{port:04X}"]
    return next(pid for pid in workers(server) if wanted in _open_files(pid))


def _open_files(pid: int) -> set[str]:
    found = set()
    for file in Path(f"/proc/{pid}/fd").iterdir():
        try:
            found.add(os.readlink(file))
        except FileNotFoundError:  # closed meanwhile
            continue
    return found


async def line_at(server: Server, one: Speaker, pids: set[int]) -> tuple[Any, int]:
    """A media line at one of these processes: the kernel chooses, so it is asked until it does."""
    async with asyncio.timeout(30):
        while True:
            line = await one.line()
            pid = worker_of(server, line.local_address[1])
            if pid in pids:
                return line, pid
            await line.close()


class Viewer:
    """What one line was given, by number, and where it stood when."""

    def __init__(self, line: Any) -> None:
        self.seqs: list[int] = []
        self._line = line

    async def watch(self) -> None:
        await self._line.send(json.dumps({"t": "see", "tracks": {"1": 2}}))
        async for frame in self._line:
            if isinstance(frame, bytes) and (head := read(frame)).kind is Kind.picture:
                self.seqs.append(head.seq)

    async def until(self, seq: int) -> None:
        async with asyncio.timeout(30):
            while seq not in self.seqs:  # noqa: ASYNC110 — what comes is looked at, whatever it is
                await asyncio.sleep(0.01)


async def test_when_the_process_that_records_is_killed_another_goes_on_in_the_same_file(server, record_property):
    made = await asyncio.to_thread(server.lesson)
    lesson, cookie = made["id"], await asyncio.to_thread(teacher_cookie, server, made["id"])
    guest = await asyncio.to_thread(server.join, made["code"], "Ada", "remote")
    teacher = await connect(server, lesson, cookie)
    for wish, data in (
        ("media.enter", {}),
        ("media.start", {"source": "camera", "codec": "vp8"}),
        ("media.record", {"on": True}),
    ):
        assert (await teacher.do(wish, **data))["t"] == "ok", wish
    speaker, ada = Speaker(server, lesson, cookie), Speaker(server, lesson, guest, "student")
    line, recording = await line_at(server, speaker, set(workers(server)))
    elsewhere = set(workers(server)) - {recording}
    seen, other = await line_at(server, ada, elsewhere)
    viewer = Viewer(seen)
    watching = asyncio.ensure_future(viewer.watch())
    speaking = asyncio.ensure_future(speaker.speak(line))
    acknowledged = await until_stored(server, lesson, 60)
    await viewer.until(60)

    killed = _now()
    os.kill(recording, signal.SIGKILL)
    await speaking
    again = len(speaker.sent)
    line, _ = await line_at(server, speaker, {other})
    speaking = asyncio.ensure_future(speaker.speak(line))
    await viewer.until(again + 60)  # the same line as before
    found = await until_stored(server, lesson, again + 60)
    kept = [seq for seq in found if seq < again]
    assert kept == list(range(len(kept)))
    assert set(acknowledged) <= set(kept)
    assert found == [*kept, *range(again, found[-1] + 1)], "nothing twice, and all of the second half from its key"
    assert viewer.seqs == sorted(set(viewer.seqs))
    lost = killed - speaker.sent[kept[-1]]
    record_property("lost_ms", lost)
    print(f"killed: {lost} ms of {len(kept)} pictures lost")

    speaking.cancel()
    assert (await teacher_again(server, lesson, cookie))["t"] == "ok"
    watching.cancel()
    await asyncio.to_thread(server.stop)
    assert [file.name for file in (server.data / "media" / lesson).iterdir()] == ["1.objects"]
    reel = Reel(server.data / "media" / lesson / "1.objects", 1)
    told = [json.loads(text) for text in server.cli("log", lesson).stdout.splitlines()]
    groups = [group for e in told if e["kind"] == "media.stored" for group in e["data"]["groups"]]
    assert [tuple(group[:3]) for group in groups] == [(1, g.time, g.offset) for g in reel.groups]
    assert server.cli("doctor", str(server.data)).returncode == 0


async def teacher_again(server: Server, lesson: str, cookie: str) -> dict[str, Any]:
    """Recording is turned off by a screen at whichever process there is."""
    teacher = await connect(server, lesson, cookie)
    return dict(await teacher.do("media.record", on=False))
