"""From "End" to the report, over a real server: as the console asks for it, and by one who asks for the first time."""

from __future__ import annotations

import asyncio
import shutil
import time
from pathlib import Path

import httpx

from bench.crowd import connect
from bench.machine import Served, served
from mingtang.web.tokens import TEACHER

LEAST_WAIT_S = 0.002


def rows(data: Path, lesson: str) -> list[list[str]]:
    found = []
    for name, prepared in (("as the console does", True), ("asked for the first time", False)):
        copy = Path(shutil.copytree(data, data.with_name(f"{data.name}-{prepared}")))
        with served(data=copy) as server:
            opened, took, size = asyncio.run(_end(server, lesson, prepared))
        shutil.rmtree(copy)
        if prepared:
            found.append(["server restarted: this lesson's first hello", f"{opened:.2f} s", "3 s"])
        found.append([f"“End” to the whole report, {name}", f"{took:.2f} s ({size // 1024} KB)", "5 s"])
    return found


async def _end(server: Served, lesson: str, prepared: bool) -> tuple[float, float, int]:
    """Seconds to the first hello, seconds from "End" to the report, its bytes as sent."""
    address = f"{server.url}/api/teach/lessons/{lesson}/report"
    async with httpx.AsyncClient(timeout=60, headers={"Origin": server.url}) as http:
        await http.get(f"{server.url}/teach", params={"key": server.key})
        began = time.monotonic()
        teacher = await connect(server.port, lesson, f"{TEACHER}={http.cookies[TEACHER]}")
        opened = time.monotonic() - began
        if prepared:  # while “Ending in 5 s” stands there
            (await http.get(address)).raise_for_status()
        began = teacher.do("end", "lesson.end")
        while "end" not in teacher.answers:
            await asyncio.sleep(LEAST_WAIT_S)
        got = await http.get(address)
        got.raise_for_status()
        assert got.json()["ended"]
        return opened, time.monotonic() - began, int(got.headers["content-length"])
