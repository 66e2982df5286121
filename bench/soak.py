"""A school day pressed into minutes: lessons side by side, people who vote, raise hands, lose the thread and reconnect.

    python -m bench.soak [--lessons 20] [--people 15] [--seconds 300]

Nothing that is done makes a lesson larger, so memory, descriptors and latency must stay where they are: told in ten
stretches of the run, and the last beside the second (the first warms up)."""

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
from bench.machine import allow_many_files, at, table
from tests.server import Server

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
    made = [server.lesson(f"Lesson {n}") for n in range(lessons)]
    members: list[list[Pupil]] = []
    for number, lesson in enumerate(made):
        with server.teacher() as teacher:
            teacher.get(f"/teach/{lesson['id']}")
            staff = "; ".join(f"{c.name}={c.value}" for c in teacher.cookies.jar)
        cookies = [server.join(lesson["code"], f"Student {n}") for n in range(people - 1)]
        url = f"{server.url.replace('http', 'ws')}/live/{lesson['id']}"
        chance = random.Random(number)
        members.append([Teacher(url, staff, 0, chance), *(Pupil(url, c, n + 1, chance) for n, c in enumerate(cookies))])
    return asyncio.run(_day(server, members, seconds, pace_s))


async def _day(server: Server, lessons: list[list[Pupil]], seconds: float, pace_s: float) -> list[Stretch]:
    everybody = [member for lesson in lessons for member in lesson]
    tasks = [asyncio.create_task(m.stay()) for m in everybody]
    while any(m.current is None for m in everybody):
        await asyncio.sleep(0.02)
    for lesson in lessons:
        await _prepare(lesson[0])
    tasks += [asyncio.create_task(m.act(pace_s)) for m in everybody]
    stretches = []
    for _ in range(STRETCHES):
        await asyncio.sleep(seconds / STRETCHES)
        stretches.append(_stretch(server, everybody))
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    return stretches


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
    second, last = stretches[1], stretches[-1]
    flat = ["last ÷ second", f"{last.events / second.events:.2f}",
            f"{at(last.latencies, 0.5) / at(second.latencies, 0.5):.2f}",
            f"{at(last.latencies, 0.99) / at(second.latencies, 0.99):.2f}",
            f"{last.memory_mb / second.memory_mb:.2f}", f"{last.descriptors / second.descriptors:.2f}"]  # fmt: skip
    head = ["stretch", "answers", "an answer, median", "p99", "memory", "descriptors"]
    table("A school day pressed into minutes", head, [*rows, flat])


def day(lessons: int, people: int, seconds: float) -> None:
    allow_many_files()
    with tempfile.TemporaryDirectory(prefix="mingtang-soak-") as place:
        server = Server(Path(place) / "data").start()
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
