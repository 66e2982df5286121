"""What recording costs and keeps: space and CPU an hour, ranges for three hundred who come late, what a kill loses."""

from __future__ import annotations

import asyncio
import os
import random
import signal
import tempfile
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any, NamedTuple

import httpx
import websockets

from bench.crowd import connect
from bench.machine import Served, at, served, table
from mingtang.stores.media.objects import Head, Kind, pack
from mingtang.stores.media.reel import Reel
from mingtang.stores.media.writing import Writing

GOAL_LOST_MS = 300
LATECOMERS, RANGE_MS, ASKED = 300, 10_000, 4


class Rate(NamedTuple):
    """Objects a second of so many bytes; a key every `group` objects, three times as large as the others."""

    name: str
    per_s: float
    size: int
    group: int
    kind: Kind = Kind.picture

    def objects(self, seconds: float, began: int, track: int = 1) -> Iterator[bytes]:
        yield pack(Head(Kind.configuration, track, 0, began), b'{"codec":"vp8"}')
        for seq in range(int(seconds * self.per_s)):
            key = seq % self.group == 0
            size = int(self.size * (3 if key else 1 - 2 / max(self.group - 1, 1))) if self.group > 1 else self.size
            time_ = began + int(seq * 1000 / self.per_s)
            yield pack(Head(self.kind, track, seq, time_, key, 0, 30, int(1000 / self.per_s)), bytes(size))


def _picture(name: str, bits_per_s: int, per_s: int) -> Rate:
    return Rate(name, per_s, bits_per_s // 8 // per_s, per_s * 2)


CAMERA = _picture("camera, 960 × 540 at 20 a second, 1.2 Mbit/s", 1_200_000, 20)
RATES = (
    Rate("voice, 32 kbit/s, 20 ms", 50, 80, 1, Kind.sound),
    Rate("voice, 32 kbit/s, 60 ms", 1000 / 60, 240, 1, Kind.sound),
    _picture("camera, 640 × 360 at 15 a second, 500 kbit/s", 500_000, 15),
    CAMERA,
    _picture("screen, 1920 × 1080 at 5 a second, 800 kbit/s", 800_000, 5),
)


def _space_and_cpu(rate: Rate, folder: Path, seconds: int) -> list[object]:
    """Written as the recorder does, ten times a second of the lesson's time."""
    path = folder / f"{rate.name[:6]}{rate.per_s:.0f}.objects"
    objects = list(rate.objects(seconds, 1_900_000_000_000))
    each = max(1, round(rate.per_s / 10))
    writing = Writing(path, 1)
    cpu = time.process_time()
    for start in range(0, len(objects), each):
        writing.append(objects[start : start + each])
    cpu = time.process_time() - cpu
    writing.close()
    size, hour = path.stat().st_size, 3600 / seconds
    opened = time.perf_counter()
    reel = Reel(path, 1)
    opened = time.perf_counter() - opened
    assert reel.end == size
    return [rate.name, f"{size * hour / 1e9:.3f} GB", f"{cpu * hour:.1f} s", f"{opened * hour * 1000:.0f} ms"]


class Lesson(NamedTuple):
    id: str
    cookie: str
    students: list[str]


async def _lesson(server: Served, students: int) -> Lesson:
    async with httpx.AsyncClient(timeout=60, headers={"Origin": server.url}) as http:
        await http.get(f"{server.url}/teach", params={"key": server.key})
        made = (await http.post(f"{server.url}/api/teach/lessons", files={"title": (None, "Bench")})).json()
        await http.get(f"{server.url}/teach/{made['id']}")
        cookie = _cookies(http)
    teacher = await connect(server.port, made["id"], cookie)
    for id_, kind, data in (
        ("a", "media.enter", {}),
        ("b", "media.start", {"source": "camera", "codec": "vp8"}),
        ("c", "media.record", {"on": True}),
    ):
        teacher.do(id_, kind, **data)
        while id_ not in teacher.answers:
            await asyncio.sleep(0.01)
    return Lesson(made["id"], cookie, [await _join(server, made["code"], n) for n in range(students)])


async def _join(server: Served, code: str, number: int) -> str:
    async with httpx.AsyncClient(timeout=60, headers={"Origin": server.url}) as http:
        body = {"name": f"Student {number}", "seat": "remote"}
        (await http.post(f"{server.url}/api/lessons/{code}/join", json=body)).raise_for_status()
        return _cookies(http)


def _cookies(http: httpx.AsyncClient) -> str:
    return "; ".join(f"{c.name}={c.value}" for c in http.cookies.jar)


# Ranges


async def _ranges(server: Served, latecomers: int, minutes: int) -> list[list[object]]:
    """Latecomers who begin at the beginning, each at his moment of the first minutes, ten seconds a request."""
    lesson = await _lesson(server, min(latecomers, 20))
    began = time.time_ns() // 1_000_000 - minutes * 60_000
    place = server.data / "media" / lesson.id / "1.objects"
    writing = Writing(place, 1)
    writing.append(list(CAMERA.objects(minutes * 60, began)))
    writing.close()
    limits = httpx.Limits(max_connections=latecomers)
    async with httpx.AsyncClient(timeout=120, limits=limits) as http:
        address = f"{server.url}/api/media/{lesson.id}/1"

        async def ask(number: int) -> tuple[float, int]:
            start = began + random.randrange(0, (minutes * 60_000) - RANGE_MS)
            asked = {"from": start, "to": start + RANGE_MS}
            cookie = {"Cookie": lesson.students[number % len(lesson.students)]}
            before = time.perf_counter()
            answer = await http.get(address, params=asked, headers=cookie)
            answer.raise_for_status()
            return time.perf_counter() - before, len(answer.content)

        alone = [await ask(n) for n in range(100)]
        memory, cpu = server.memory_mb(), server.cpu_s()
        crowd = await asyncio.gather(*(ask(n) for n in range(latecomers) for _ in range(ASKED)))
        cpu, grown = server.cpu_s() - cpu, server.memory_mb() - memory
    played_min = latecomers * ASKED * RANGE_MS / 60_000
    mb = sum(size for _, size in crowd) / 1e6
    return [
        ["a range of 10 s, one watcher: p50, p95", _ms(alone, 0.5) + ", " + _ms(alone, 0.95), "≤ 200 ms (a seek)"],
        [f"{latecomers} latecomers at once, {ASKED} ranges each ({mb:.0f} MB)", f"{cpu:.1f} s of CPU", "-"],
        ["one latecomer for a minute of the lesson", f"{cpu / played_min * 1000:.1f} ms of CPU", "-"],
        ["memory the crowd added", f"{grown:.0f} MB", "bounded"],
    ]


def _ms(answers: list[tuple[float, int]], share: float) -> str:
    return f"{at([took for took, _ in answers], share) * 1000:.0f} ms"


# Killed


async def _speak(port: int, lesson: Lesson, sent: dict[int, int]) -> None:
    """The camera, on the clock; until the line is down. Goes on counting."""
    url, cookie = f"ws://127.0.0.1:{port}/media/{lesson.id}?as=teacher", {"Cookie": lesson.cookie}
    line: Any = await websockets.connect(url, compression=None, additional_headers=cookie)
    await line.send(pack(Head(Kind.configuration, 1, len(sent), _now()), b'{"codec":"vp8"}'))
    first = len(sent)
    with suppress(websockets.WebSocketException):
        while True:
            seq, at_ = len(sent), _now()
            await line.send(pack(Head(Kind.picture, 1, seq, at_, (seq - first) % 40 == 0), bytes(CAMERA.size)))
            sent[seq] = at_
            await asyncio.sleep(1 / CAMERA.per_s)


def _now() -> int:
    return time.time_ns() // 1_000_000


def _killed(times: int) -> list[list[object]]:
    lost, sent = list[int](), dict[int, int]()
    with tempfile.TemporaryDirectory(prefix="mingtang-bench-") as folder:
        data = Path(folder) / "data"
        lesson: Lesson | None = None
        for _ in range(times):
            with served(data=data) as server:
                lesson = lesson or asyncio.run(_lesson(server, 0))
                killed = asyncio.run(_until_killed(server, lesson, sent))
            kept = list(Reel(data / "media" / lesson.id / "1.objects", 1).objects(killed - 10_000, killed + 10_000))
            lost.append(killed - int.from_bytes(kept[-1][8:14], "big"))
    worst = f"{at(lost, 0.5)} ms, {max(lost)} ms"
    return [[f"killed {times} times while a camera is on: lost, median and worst", worst, f"≤ {GOAL_LOST_MS} ms"]]


async def _until_killed(server: Served, lesson: Lesson, sent: dict[int, int]) -> int:
    await connect(server.port, lesson.id, lesson.cookie)  # else he has left the lesson
    speaking = asyncio.ensure_future(_speak(server.port, lesson, sent))
    await asyncio.sleep(1 + random.random())
    killed = _now()
    os.kill(server.pid, signal.SIGKILL)
    await speaking
    return killed


def run(latecomers: int = LATECOMERS, minutes: int = 20, kills: int = 20) -> None:
    with tempfile.TemporaryDirectory(prefix="mingtang-bench-") as folder:
        kept = [_space_and_cpu(rate, Path(folder), 120) for rate in RATES]
    head = ["one track for an hour", "on disk", "CPU to write", "opened again after a crash"]
    table("What is recorded", head, kept)
    with served() as server:
        ranges = asyncio.run(_ranges(server, latecomers, minutes))
    table("What is read and what is lost", ["what", "figure", "goal"], [*ranges, *_killed(kills)])


if __name__ == "__main__":
    run()
