"""The server is killed in mid-sentence and started again: how soon those who watch hear the next object."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import random
import signal
import socket
import tempfile
import time
from pathlib import Path
from typing import Any

import httpx
import websockets

from bench.crowd import connect
from bench.machine import Served, at, served
from mingtang.live.media import objects
from mingtang.live.media.objects import Head, Kind

SOONEST_S, LATEST_S = 0.2, 1.5  # as browser/media/line.ts has it for the first tries


class Line:
    """A media socket that comes back as a browser does."""

    def __init__(self, port: int, lesson: str, cookie: str) -> None:
        self._url = f"ws://127.0.0.1:{port}/media/{lesson}"
        self._options: dict[str, Any] = {"compression": None, "additional_headers": {"Cookie": cookie}}
        self.heard = 0.0

    async def stay(self) -> None:
        while True:
            with contextlib.suppress(OSError, websockets.WebSocketException, TimeoutError):
                async with websockets.connect(self._url, **self._options) as line:
                    await self.use(line)
            await asyncio.sleep(random.uniform(SOONEST_S, LATEST_S))

    async def use(self, line: Any) -> None:
        await line.send(json.dumps({"t": "see", "tracks": {"1": 0}}))
        async for frame in line:
            if isinstance(frame, bytes):
                self.heard = time.monotonic()


class Voice(Line):
    seq = 0

    async def use(self, line: Any) -> None:
        while True:
            head = Head(Kind.sound, 1, self.seq, time.time_ns() // 1_000_000, True, 0, 30, 20)
            await line.send(objects.pack(head, bytes(80)))
            self.seq += 1
            await asyncio.sleep(0.02)


async def _lesson(server: Served, viewers: int) -> tuple[Voice, list[Line]]:
    async with httpx.AsyncClient(timeout=60, headers={"Origin": server.url}) as http:
        await http.get(f"{server.url}/teach", params={"key": server.key})
        made = (await http.post(f"{server.url}/api/teach/lessons", files={"title": (None, "Bench")})).json()
        await http.get(f"{server.url}/teach/{made['id']}")
        cookie = "; ".join(f"{c.name}={c.value}" for c in http.cookies.jar)
    teacher = await connect(server.port, made["id"], cookie)
    teacher.do("enter", "media.enter")
    teacher.do("start", "media.start", source="microphone", codec="opus")
    while "start" not in teacher.answers:
        await asyncio.sleep(0.01)
    lines = [Line(server.port, made["id"], await _join(server, made["code"], n)) for n in range(viewers)]
    return Voice(server.port, made["id"], cookie), lines


async def _join(server: Served, code: str, number: int) -> str:
    async with httpx.AsyncClient(timeout=60, headers={"Origin": server.url}) as http:
        body = {"name": f"Student {number}", "seat": "remote"}
        joined = await http.post(f"{server.url}/api/lessons/{code}/join", json=body)
        joined.raise_for_status()
        return "; ".join(f"{c.name}={c.value}" for c in http.cookies.jar)


async def _all_heard(lines: list[Line], since: float) -> None:
    while any(line.heard <= since for line in lines):
        await asyncio.sleep(0.01)


async def _kill_and_wait(data: Path, viewers: int) -> tuple[float, list[float]]:
    """Seconds from the kill until it listens again, and until each viewer hears."""
    with served(data=data) as server:
        voice, lines = await _lesson(server, viewers)
        staying = [asyncio.create_task(line.stay()) for line in (voice, *lines)]
        await _all_heard(lines, 0.0)
        os.kill(server.pid, signal.SIGKILL)
        killed = time.monotonic()
        port = server.port
        while _listens(port):
            await asyncio.sleep(0.01)
        with contextlib.ExitStack() as again:
            await asyncio.to_thread(again.enter_context, served(data=data, port=port))
            listening = time.monotonic() - killed
            back = await _back(lines, killed)
    for task in staying:
        task.cancel()
    return listening, back


def _listens(port: int) -> bool:
    with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
        return True
    return False


async def _back(lines: list[Line], killed: float) -> list[float]:
    back = dict[int, float]()
    async with asyncio.timeout(60):
        while len(back) < len(lines):
            back |= {n: line.heard - killed for n, line in enumerate(lines) if line.heard > killed and n not in back}
            await asyncio.sleep(0.005)
    return list(back.values())


def back_again(viewers: int) -> list[list[object]]:
    with tempfile.TemporaryDirectory() as folder:
        listening, back = asyncio.run(_kill_and_wait(Path(folder) / "data", viewers))
    return [
        ["kill -9, started again at once: it listens after", f"{listening:.1f} s", "-"],
        [f"half of {viewers} viewers hear again after", f"{at(back, 0.5):.1f} s", "-"],
        ["all of them", f"{max(back):.1f} s", "3 s"],
    ]
