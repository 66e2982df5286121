"""A lesson with a long log: how soon a restarted server says its first hello, what a latecomer waits, and whether an
event costs the same at the end of a long lesson as at its beginning, with few students and with many.

    python -m bench.long [--events 100000]"""

from __future__ import annotations

import argparse
import asyncio
import sys
import tempfile
import time
from pathlib import Path

from bench.crowd import connect
from bench.machine import SERVER_CORE, at, free_port, running, table
from bench.school import folder, teach
from mingtang.activities import kinds
from mingtang.core.lesson import Lesson
from mingtang.web.folder import Folder
from mingtang.web.tokens import Seals, member_cookie

LATECOMERS = 60
STRETCH = 2000


def run(events: int) -> None:
    with tempfile.TemporaryDirectory(prefix="mingtang-bench-") as place:
        data = Path(place) / "data"
        lesson = folder.run(data, 1, 300, events, 60, 1, ended=False)[0]
        first, late = asyncio.run(_come(data, lesson))
    rows = [
        [f"start of a server to the first hello of a lesson of {events} events", f"{first:.2f} s", "3 s"],
        ["latecomer: connect to hello, p95", f"{at(late, 0.95) * 1000:.0f} ms", "1000 ms"],
        *_flat(events),
    ]
    table("A long lesson", ["", "measured", "goal"], rows)


async def _come(data: Path, lesson: str) -> tuple[float, list[float]]:
    """Seconds from the start of the process to a student's whole state; then what each of many waits."""
    place = Folder(data)
    seals = Seals(place.secret(), place.teacher_key())
    cookies = [
        f"{member_cookie(lesson)}={seals.seal('member', lesson, m, seconds=3600)}" for m in _students(data, lesson)
    ]
    port = free_port()
    command = [
        sys.executable,
        "-m",
        "mingtang",
        "serve",
        "--host",
        "127.0.0.1",
        "--port",
        str(port),
        "--data",
        str(data),
    ]
    began = time.monotonic()
    with running(command, port, SERVER_CORE):
        await connect(port, lesson, cookies[0])
        first, late = time.monotonic() - began, []
        for cookie in cookies[1 : LATECOMERS + 1]:
            began = time.monotonic()
            await connect(port, lesson, cookie)
            late.append(time.monotonic() - began)
    return first, late


def _students(data: Path, lesson: str) -> list[str]:
    from mingtang.stores.reading import open_reader

    reader = open_reader(str(Folder(data).log))
    try:
        facts = (kinds().fact(row) for row in reader.rows(lesson, 0, 2000))
        return [f.event.id for f in facts if f.kind == "member.joined" and f.event.role == "student"]  # type: ignore[attr-defined]
    finally:
        reader.close()


def _flat(events: int) -> list[list[object]]:
    """Microseconds for folding an event, beginning against end and few against many."""
    taught = teach(seed=1, students=300, events=events)
    early, late = _cost(taught, 0.1), _cost(taught, 0.8)
    few, many = (_cost(teach(seed=2, students=n, events=20_000), 0.8) for n in (100, 10_000))
    return [
        ["folding an event, after a tenth of the log", f"{early:.1f} µs", "-"],
        ["after eight tenths", f"{late:.1f} µs ({late / early:.2f} x)", "flat"],
        ["with 100 students", f"{few:.1f} µs", "-"],
        ["with 10 000", f"{many:.1f} µs ({many / few:.2f} x)", "flat"],
    ]


def _cost(taught: object, share: float) -> float:
    """Best of three stretches, so that a neighbour's noise does not count."""
    facts = taught.facts  # type: ignore[attr-defined]
    lesson, start = Lesson(kinds()), int(len(facts) * share)
    for fact in facts[:start]:
        lesson.fold(fact)
    best = float("inf")
    for first in range(start, min(start + 3 * STRETCH, len(facts) - STRETCH), STRETCH):
        began = time.perf_counter()
        for fact in facts[first : first + STRETCH]:
            lesson.fold(fact)
        best = min(best, (time.perf_counter() - began) / STRETCH)
    return best * 1e6


if __name__ == "__main__":
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--events", type=int, default=100_000)
    run(asked.parse_args().events)
