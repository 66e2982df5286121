"""A real server killed while somebody speaks: what had been written down is there, and it goes on in the same file."""

from __future__ import annotations

import asyncio
import json
import time
from pathlib import Path
from typing import Any

import pytest
import websockets

from mingtang.stores.media.objects import Head, Kind, pack, read
from mingtang.stores.media.reel import Reel
from tests.chaos.test_real_server import connect, teacher_cookie
from tests.server import Server

pytestmark = pytest.mark.slow
GROUP = 25


@pytest.fixture
def server(tmp_path: Path):
    made = Server(tmp_path / "data").start()
    yield made
    made.stop()


class Speaker:
    """Sends pictures on the clock of this computer, which is the server's too; after a break it goes on counting."""

    def __init__(self, server: Server, lesson: str, cookie: str, as_: str = "teacher") -> None:
        self.server, self.lesson, self.cookie, self.as_ = server, lesson, cookie, as_
        self.sent: dict[int, int] = {}

    async def line(self) -> Any:
        url = f"ws://127.0.0.1:{self.server.port}/media/{self.lesson}?as={self.as_}"
        line = await websockets.connect(url, compression=None, additional_headers={"Cookie": self.cookie})
        assert json.loads(await line.recv())["t"] == "hello"
        return line

    async def speak(self, line: Any) -> None:
        """Until the line is down."""
        first = len(self.sent)
        await line.send(pack(Head(Kind.configuration, 1, first, _now()), b'{"codec":"vp8"}'))
        while True:
            seq = len(self.sent)
            at = _now()
            try:
                await line.send(pack(Head(Kind.picture, 1, seq, at, key=(seq - first) % GROUP == 0), b"p" * 3000))
            except websockets.WebSocketException:
                return
            self.sent[seq] = at
            await asyncio.sleep(0.02)


def _now() -> int:
    return time.time_ns() // 1_000_000


async def stored(server: Server, lesson: str) -> list[int]:
    """The numbers of what the server gives out as stored."""

    def ask() -> bytes:
        with server.teacher() as teacher:
            return teacher.get(f"/api/media/{lesson}/1").content

    data, found = await asyncio.to_thread(ask), []
    while data[:1] == b"\0":
        size = int.from_bytes(data[:4], "big")
        head, data = read(data[4 : 4 + size]), data[4 + size :]
        found += [] if head.kind is Kind.configuration else [head.seq]
    return found


async def until_stored(server: Server, lesson: str, seq: int) -> list[int]:
    while seq not in (found := await stored(server, lesson)):
        pass  # each turn asks the server
    return found


async def test_killed_while_somebody_speaks_a_server_keeps_what_it_wrote_and_goes_on_in_the_same_file(
    server, record_property
):
    lesson = server.lesson()["id"]
    cookie = teacher_cookie(server, lesson)
    teacher = await connect(server, lesson, cookie)
    for wish, data in (
        ("media.enter", {}),
        ("media.start", {"source": "camera", "codec": "vp8"}),
        ("media.record", {"on": True}),
    ):
        assert (await teacher.do(wish, **data))["t"] == "ok", wish
    speaker = Speaker(server, lesson, cookie)
    speaking = asyncio.ensure_future(speaker.speak(await speaker.line()))
    acknowledged = await until_stored(server, lesson, 60)

    killed = _now()
    await asyncio.to_thread(server.kill)
    await speaking
    file = server.data / "media" / lesson / "1.objects"
    kept = [h.seq for h in map(read, Reel(file, 1).objects(0, 1 << 47)) if h.kind is Kind.picture]
    assert kept == list(range(len(kept)))
    assert set(acknowledged) <= set(kept)
    lost = killed - speaker.sent[kept[-1]]
    record_property("lost_ms", lost)
    print(f"killed: {lost} ms of {len(kept)} pictures lost")

    with file.open("ab") as torn:
        torn.write(b"\0\0\x0b\xb8cut off here")
    await asyncio.to_thread(server.start)
    again = len(speaker.sent)
    speaking = asyncio.ensure_future(speaker.speak(await speaker.line()))
    found = await until_stored(server, lesson, again + 30)
    assert found == [*kept, *range(again, found[-1] + 1)]
    speaking.cancel()
    await asyncio.to_thread(server.stop)
    assert Reel(file, 1).torn == 0
    told = [json.loads(line) for line in server.cli("log", lesson).stdout.splitlines()]
    assert [e["data"]["track"] for e in told if e["kind"] == "media.started"] == [1]
    groups = [group for e in told if e["kind"] == "media.stored" for group in e["data"]["groups"]]
    reel = Reel(file, 1)
    assert [tuple(group[:3]) for group in groups] == [(1, g.time, g.offset) for g in reel.groups]
    assert server.cli("doctor", str(server.data)).returncode == 0
