"""A hall full of phones comes back: the server is killed and started again, and every browser finds its own way.

    python -m bench.storm [--n 10000]

Clients wait as browsers do (0.2 s, then twice as long each time, up to 1.5 s, by chance) and ask for what they missed.
Told: how long after the server listens the half and the last of them are current, and how many tries that took."""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from bench.crowd import Student
from bench.live_server import cookie
from bench.machine import LOAD_CORE, ROOT, SERVER_CORE, allow_many_files, at, free_port, pinned, table

SOONEST_S, LATEST_S = 0.2, 1.5  # as browser/socket.ts has it for the first tries


class Phone:
    """Connects, and after a break comes back as the browser does. `current` is when it last got the whole state."""

    def __init__(self, port: int, number: int) -> None:
        self._port, self._cookie = port, cookie(number)
        self._tries_in_a_row = 0
        self.tries = 0
        self.seq = 0
        self.current: float | None = None

    async def stay(self, until: asyncio.Event) -> None:
        while not until.is_set():
            if (student := await self._connect()) is None:
                await asyncio.sleep(self._wait())
                continue
            self._tries_in_a_row, self.current = 0, time.monotonic()
            await _lost(student, until)
            self.current = None
            await asyncio.sleep(self._wait())

    def _wait(self) -> float:
        most = min(LATEST_S, SOONEST_S * 2 ** (self._tries_in_a_row + 1))
        self._tries_in_a_row += 1
        return random.uniform(SOONEST_S, most)

    async def _connect(self) -> Student | None:
        self.tries += 1
        path = f"/live/bench?back={self.seq}" if self.seq else "/live/bench"
        loop = asyncio.get_running_loop()
        try:
            async with asyncio.timeout(13):
                _, student = await loop.create_connection(
                    lambda: Returning(path, self._cookie), "127.0.0.1", self._port
                )
                self.seq = (await student.hello)["seq"]
                return student
        except (OSError, TimeoutError):
            return None


class Returning(Student):
    """Takes `again` for a hello, too, and tells when the line is lost."""

    def __init__(self, path: str, cookie: str) -> None:
        super().__init__(path, cookie)
        self.gone = asyncio.Event()

    def _take(self, payload: bytes, now: float) -> None:
        if payload.startswith(b'{"t":"again"'):
            payload = payload.replace(b'"again"', b'"hello"', 1)
        super()._take(payload, now)
        self.patches.clear()

    def connection_lost(self, exc: Exception | None) -> None:
        self.gone.set()
        if not self.hello.done():
            self.hello.set_exception(ConnectionError())
            self.hello.exception()


async def _lost(student: Student, until: asyncio.Event) -> None:
    assert isinstance(student, Returning)
    lost, over = asyncio.create_task(student.gone.wait()), asyncio.create_task(until.wait())
    await asyncio.wait((lost, over), return_when=asyncio.FIRST_COMPLETED)
    for task in (lost, over):
        task.cancel()
    student.transport.abort()


def start(port: int, n: int, log: Path) -> subprocess.Popen[bytes]:
    env = {**os.environ, "PYTHONPATH": f"{ROOT / 'src'}:{ROOT}"}
    command = [*pinned(SERVER_CORE), sys.executable, "-m", "bench.live_server", str(port), str(n), str(log)]
    return subprocess.Popen(command, cwd=ROOT, env=env)


async def _listening(port: int) -> float:
    while True:
        with contextlib.suppress(OSError):
            _, writer = await asyncio.open_connection("127.0.0.1", port)
            writer.close()
            return time.monotonic()
        await asyncio.sleep(0.02)


async def storm(n: int, log: Path) -> list[list[object]]:
    port, over = free_port(), asyncio.Event()
    server = start(port, n, log)
    await _listening(port)
    phones = [Phone(port, number) for number in range(n)]
    began = time.monotonic()
    tasks = [asyncio.create_task(phone.stay(over)) for phone in phones]
    await _all_current(phones)
    first = max(p.current or 0 for p in phones) - began
    server.send_signal(signal.SIGKILL)
    server.wait()
    died = time.monotonic()
    for phone in phones:
        phone.tries = 0
    server = start(port, n, log)
    up = await _listening(port)  # where many ask at once, some are back before this one got through
    while any(p.current is None or p.current < died for p in phones):
        await asyncio.sleep(0.01)
    up = min(up, *(p.current or up for p in phones))
    took = [(p.current or 0) - up for p in phones]
    over.set()
    await asyncio.gather(*tasks, return_exceptions=True)
    server.terminate()
    server.wait()
    return [
        [f"{n} phones come for the first time, all at once", f"{first:.1f} s ({n / first:.0f}/s)", "-"],
        ["killed and started again: half of them current, after it listens", f"{at(took, 0.5):.1f} s", "-"],
        ["all of them current", f"{max(took):.1f} s", "10 s"],
        ["tries a phone, while it was down and after", f"{sum(p.tries for p in phones) / n:.1f}", "-"],
    ]


async def _all_current(phones: list[Phone]) -> None:
    while any(p.current is None for p in phones):
        await asyncio.sleep(0.02)


def run(n: int) -> None:
    allow_many_files()
    os.sched_setaffinity(0, {LOAD_CORE})
    with tempfile.TemporaryDirectory(prefix="mingtang-bench-") as place:
        rows = asyncio.run(storm(n, Path(place) / "log.db"))
    os.sched_setaffinity(0, range(os.cpu_count() or 1))
    table("Everybody comes back", ["", "measured", "goal"], rows)


if __name__ == "__main__":
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--n", type=int, default=10_000)
    run(asked.parse_args().n)
