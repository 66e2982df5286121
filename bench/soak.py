"""A school day pressed into minutes: five hours, each with new lessons side by side, in which people vote, raise hands,
lose the thread and reconnect; then the lessons end, and are put away while the next ones go on.

    python -m bench.soak [--lessons 20] [--people 15] [--seconds 300]

Memory, descriptors and latency must stay where they are: told in ten stretches of the run, and the last beside the
fourth: at the end of the second hour the lessons of two have been held at once for the first time."""

from __future__ import annotations

import argparse
import asyncio
import os
import random
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bench.chaos.crowd import Member
from bench.machine import ROOT, allow_many_files, at, table
from tests.server import Server

HOURS = 5
STRETCHES = 10
QUESTION = {"form": "single", "text": "How many?", "options": ["None", "One", "Three"]}


@dataclass
class Stretch:
    events: int = 0
    latencies: list[float] = field(default_factory=list)
    memory_mb: float = 0
    descriptors: int = 0


class Pupil(Member):
    """Times what it asks for; comes and goes."""

    def __init__(self, *given: Any) -> None:
        super().__init__(*given)
        self.began: dict[str, float] = {}
        self.took: list[float] = []

    async def do(self, kind: str, /, **data: Any) -> None:
        self.began[f"m{self.number}-{self._said + 1}"] = time.monotonic()
        await super().do(kind, **data)

    def _take(self, socket: Any, frame: dict[str, Any]) -> None:
        if frame["t"] in ("ok", "no") and (began := self.began.pop(frame.get("id", ""), None)):
            self.took.append(time.monotonic() - began)
        super()._take(socket, frame)
        self.acknowledged.clear()

    async def _something(self, turn: int) -> None:
        if len(self.waiting) > 5:
            return
        match turn % 6:
            case 0 | 1 | 2:
                await self.do("poll.vote", id="q1", answer=["abc"[turn % 3]])
            case 3:
                await self.do("hands.raise")
            case 4:
                await self.do("hands.lower")
            case 5:
                await self.do("pace.mark", page="b1", mark=self.chance.choice(("lost", "slower", "faster")))
        if self.chance.random() < 0.01 and self._socket is not None:
            await self._socket.close()


class Teacher(Pupil):
    async def _something(self, turn: int) -> None:
        if not self.waiting:
            await self.do("slides.turn", to=f"b{1 + turn % 2}")


def run(server: Server, lessons: int, people: int, seconds: float, pace_s: float = 0.3) -> list[Stretch]:
    return asyncio.run(_day(server, lessons, people, seconds, pace_s))


async def _day(server: Server, lessons: int, people: int, seconds: float, pace_s: float) -> list[Stretch]:
    stretches = []
    coming = await asyncio.to_thread(_enrol, server, lessons, people)
    for hour in range(HOURS):
        rooms, tasks = coming, [asyncio.create_task(m.stay()) for room in coming for m in room]
        everybody = [member for room in rooms for member in room]
        while any(m.current is None for m in everybody):
            await asyncio.sleep(0.02)
        for room in rooms:
            await _prepare(room[0])
        tasks += [asyncio.create_task(m.act(pace_s)) for m in everybody]
        for _ in range(STRETCHES // HOURS):
            await asyncio.sleep(seconds / STRETCHES)
            stretches.append(_stretch(server, everybody))
        if hour < HOURS - 1:
            coming = await asyncio.to_thread(_enrol, server, lessons, people)
        await _end(rooms, tasks)
    return stretches


def _enrol(server: Server, lessons: int, people: int) -> list[list[Pupil]]:
    rooms: list[list[Pupil]] = []
    for number in range(lessons):
        lesson = server.lesson(f"Lesson {number}")
        with server.teacher() as teacher:
            teacher.get(f"/teach/{lesson['id']}")
            staff = "; ".join(f"{c.name}={c.value}" for c in teacher.cookies.jar)
        cookies = [server.join(lesson["code"], f"Student {n}") for n in range(people - 1)]
        url = f"{server.url.replace('http', 'ws')}/live/{lesson['id']}"
        chance = random.Random(number)
        rooms.append([Teacher(url, staff, 0, chance), *(Pupil(url, c, n + 1, chance) for n, c in enumerate(cookies))])
    return rooms


async def _end(rooms: list[list[Pupil]], tasks: list[asyncio.Task[None]]) -> None:
    for room in rooms:
        for member in room:
            member.resting.set()
        await room[0].do("lesson.end")
    while any(room[0].waiting for room in rooms):
        await asyncio.sleep(0.01)
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


async def _prepare(teacher: Pupil) -> None:
    for board in ("b1", "b2"):
        await teacher.do("slides.insert", id=board, kind="board")
    await teacher.do("poll.make", id="q1", question=QUESTION)
    await teacher.do("poll.open", id="q1")
    while teacher.waiting:
        await asyncio.sleep(0.01)


def _stretch(server: Server, everybody: list[Pupil]) -> Stretch:
    latencies = [took for member in everybody for took in member.took]
    for member in everybody:
        member.took.clear()
    status = Path(f"/proc/{server.pid}/status").read_text()
    memory = int(status.split("VmRSS:")[1].split()[0]) / 1024
    return Stretch(len(latencies), latencies, memory, len(os.listdir(f"/proc/{server.pid}/fd")))


def report(stretches: list[Stretch]) -> None:
    rows = [
        [n, s.events, f"{at(s.latencies, 0.5) * 1000:.0f} ms", f"{at(s.latencies, 0.99) * 1000:.0f} ms",
         f"{s.memory_mb:.0f} MB", s.descriptors]
        for n, s in enumerate(stretches, 1)
    ]  # fmt: skip
    fourth, last = stretches[3], stretches[-1]
    flat = ["last ÷ fourth", f"{last.events / fourth.events:.2f}",
            f"{at(last.latencies, 0.5) / at(fourth.latencies, 0.5):.2f}",
            f"{at(last.latencies, 0.99) / at(fourth.latencies, 0.99):.2f}",
            f"{last.memory_mb / fourth.memory_mb:.2f}", f"{last.descriptors / fourth.descriptors:.2f}"]  # fmt: skip
    head = ["stretch", "answers", "an answer, median", "p99", "memory", "descriptors"]
    table("A school day pressed into minutes", head, [*rows, flat])


def day(lessons: int, people: int, seconds: float) -> None:
    allow_many_files()
    hurry = {"PYTHONPATH": f"{ROOT / 'src'}:{ROOT}", "IDLE_FOR_S": f"{seconds / HOURS / 6}"}
    with tempfile.TemporaryDirectory(prefix="mingtang-soak-") as place:
        server = Server(Path(place) / "data", program="bench.hurried", environment=hurry).start()
        try:
            report(run(server, lessons, people, seconds))
        finally:
            server.stop()


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--lessons", type=int, default=20)
    asked.add_argument("--people", type=int, default=15)
    asked.add_argument("--seconds", type=float, default=300)
    given = asked.parse_args()
    day(given.lessons, given.people, given.seconds)


if __name__ == "__main__":
    main()
