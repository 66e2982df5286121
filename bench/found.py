"""Search over 40 lessons of 60 slides: how long a question takes, through the server's own handler, and the index.

python -m bench.found [--data FOLDER] [--lessons 40] [--students 300] [--slides 60]

FOLDER is one that bench.school has filled; without it one is made, with short logs: what is found does not depend on
how often people drew."""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import tempfile
import time
from collections.abc import AsyncIterator
from pathlib import Path

import httpx

from bench.machine import table
from bench.school.folder import fill
from mingtang.settings import Settings
from mingtang.web.app import application
from mingtang.web.folder import Folder
from mingtang.web.node import Node, open_node

QUERIES = (
    "哈", "希表", "哈希表", "装填因子", "表 冲突", "斑马", "h", "ha", "hash", "hash table", "collision", "load fac",
    "bucket chain", "the", "why", "zebra", "2", "31", "Ｈａｓｈ", "open addressing probing",
)  # fmt: skip
ROUNDS = 10


@contextlib.asynccontextmanager
async def _school(data: str, lessons: int, students: int, slides: int) -> AsyncIterator[Path]:
    if data:
        yield Path(data)
        return
    with tempfile.TemporaryDirectory() as made:
        await fill(Path(made), lessons, students, 2000, slides)
        yield Path(made)


async def measure(data: str, lessons: int, students: int, slides: int) -> list[list[str]]:
    async with _school(data, lessons, students, slides) as path:
        folder = Folder(path)
        folder.prepare()
        for file in path.glob("search.db*"):
            file.unlink()
        async with open_node(Settings(data=path), folder, "http://hall.test") as node:
            began = time.perf_counter()
            await node.librarian.catch_up()
            indexed = time.perf_counter() - began
            as_teacher = await _ask(node, {"authorization": f"Bearer {folder.teacher_key()}"})
            as_student = await _ask(node, {"cookie": await _cookie(node)})
            size = sum(file.stat().st_size for file in path.glob("search.db*")) / 1e6
            known = len(await node.catalog.lessons())
    return [
        [f"search by the teacher, {known} lessons, p95 (median)", _times(*as_teacher), "300 ms"],
        ["search by a student of all of them, p95 (median)", _times(*as_student), "300 ms"],
        [f"the index of {known} lessons, from nothing", f"{indexed:.1f} s, {size:.1f} MB", ""],
    ]


def _times(median: float, p95: float) -> str:
    return f"{p95:.0f} ms ({median:.0f})"


async def _ask(node: Node, headers: dict[str, str]) -> tuple[float, float]:
    """Median and p95 in ms, after one question that starts the process."""
    way = httpx.ASGITransport(app=application(node))  # type: ignore[arg-type]
    times = []
    async with httpx.AsyncClient(transport=way, base_url="http://hall.test", headers=headers) as http:
        await http.get("/api/search", params={"q": "x"})
        for query in QUERIES * ROUNDS:
            began = time.perf_counter()
            (await http.get("/api/search", params={"q": query})).raise_for_status()
            times.append(1000 * (time.perf_counter() - began))
    times.sort()
    return times[len(times) // 2], times[len(times) * 95 // 100]


async def _cookie(node: Node) -> str:
    """Of a browser that was somebody in every lesson."""
    held = []
    for row in await node.catalog.lessons():
        student = next(iter((await node.hall.look(row.id)).people.students())).id
        held.append(f"mt-{row.id}={node.seals.seal('member', row.id, student, seconds=3600)}")
    return "; ".join(held)


def rows(_: Path, lesson: str) -> list[list[str]]:
    """For bench.after: a term of lessons of its own."""
    return asyncio.run(measure("", 40, 300, 60))


def run(data: str = "", lessons: int = 40, students: int = 300, slides: int = 60) -> None:
    rows = asyncio.run(measure(data, lessons, students, slides))
    table("Words found over a term of lessons, through the server's own handler", ["", "measured", "goal"], rows)


if __name__ == "__main__":
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--data", default="")
    for name, number in (("lessons", 40), ("students", 300), ("slides", 60)):
        asked.add_argument(f"--{name}", type=int, default=number)
    run(**vars(asked.parse_args()))
