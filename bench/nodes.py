"""Many nodes: what a delivery costs with 1, 2 and 4 workers, and how much later an event is at the other of two nodes.

    python -m bench.nodes [--n 2000] [--rounds 2]

All workers are on one core, so that CPU per delivery can be compared whatever cores there are; wall time is not told.
The two nodes are on a PostgreSQL and a NATS of their own, from Debian's packages, all on this machine."""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import json
import subprocess
import sys
import time

import websockets

from bench.live import Phase, best, signed_in
from bench.live_server import cookie
from bench.machine import (
    LOAD_CORE,
    allow_many_files,
    at,
    build,
    free_port,
    lines,
    pinned,
    running,
    table,
)  # fmt: skip
from bench.nodes_server import STAFF
from mingtang.core.event import Row
from mingtang.stores.postgres import PostgresStore
from tests.nats import Nats
from tests.postgres import Postgres

PHASES = ["connect", "rate:10:3", "sat:2", "close"]
SETTLE_S, EVENTS_PER_S, SECONDS = 4.0, 500, 8.0


def fan_out(workers: int, n: int) -> list[Phase]:
    port = free_port()
    with running([sys.executable, "-m", "bench.nodes_server", str(port), str(n), str(workers)], port) as pid:
        time.sleep(SETTLE_S)  # the others begin after the first
        load = [str(build("wsbench")), "--label", "workers", "--n", str(n), "--port", str(port), "--pid", str(pid)]
        with signed_in(n) as extra:
            command = [*pinned(LOAD_CORE), *load, *extra, *PHASES]
            done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.stderr:
            print(done.stderr.strip()[:300], file=sys.stderr)
        return lines(done.stdout)


def workers(n: int, rounds: int) -> None:
    found = {count: [phase for _ in range(rounds) for phase in fan_out(count, n)] for count in (1, 2, 4)}
    one = best(found[1], "sat", "cpu_s_per_M")
    rows = []
    for count, phases in found.items():
        cpu = best(phases, "sat", "cpu_s_per_M")
        share = f"{one / cpu:.2f}" if one and cpu else "-"
        lost = best(phases, "rate", "lost", True)
        p99 = best(phases, "rate", "p99_ms", rate=10.0)
        rows.append([count, f"{cpu:.2f}" if cpu else "-", share, f"{p99:.1f}" if p99 else "-", f"{lost or 0:.0f}"])
    head = ["workers", "CPU-s per million deliveries, all workers", "x linear", "p99 ms at 10/s", "lost"]
    table(f"Fan-out to {n} screens by several workers", head, rows)


def _connect(port: int, member: int) -> websockets.connect:
    headers = {"Cookie": cookie(member)}
    return websockets.connect(f"ws://127.0.0.1:{port}/live/bench", compression=None, additional_headers=headers)


async def listen(port: int, member: int, seen: dict[str, float]) -> None:
    async with _connect(port, member) as socket:
        async for data in socket:
            frame = json.loads(data)
            beat = frame.get("parts", {}).get("pulse", {}) if frame["t"] == "patch" else {}
            if "ts" in beat:
                seen.setdefault(beat["ts"], time.perf_counter())


async def speak(port: int, member: int, each_s: float) -> None:
    """Steadily, as often as one member may."""
    async with _connect(port, member) as socket:
        begun, number = time.perf_counter(), 0
        drain = asyncio.create_task(_drain(socket))
        while (now := time.perf_counter() - begun) < SECONDS:
            if now < number * each_s:
                await asyncio.sleep(number * each_s - now)
            number += 1
            data = {"ts": f"{time.perf_counter()!r}", "pad": ""}
            await socket.send(
                json.dumps({"t": "do", "id": f"{port}-{member}-{number}", "kind": "pulse.beat", "data": data})
            )
        drain.cancel()


async def _drain(socket: websockets.ClientConnection) -> None:
    with contextlib.suppress(websockets.ConnectionClosed):
        async for _ in socket:
            pass


async def _between(first: int, second: int) -> tuple[dict[str, float], dict[str, float]]:
    here: dict[str, float] = {}
    there: dict[str, float] = {}
    ears = [asyncio.create_task(listen(first, STAFF, here)), asyncio.create_task(listen(second, STAFF + 1, there))]
    await asyncio.sleep(1)
    speakers = STAFF - 1
    await asyncio.gather(*(speak(first, n, speakers / EVENTS_PER_S) for n in range(1, STAFF)))
    await asyncio.sleep(1)
    for ear in ears:
        ear.cancel()
    await asyncio.gather(*ears, return_exceptions=True)
    return here, there


def between() -> None:
    postgres, nats = Postgres().start(), Nats().start()
    try:
        store, first, second = postgres.made("bench"), free_port(), free_port()
        made = [sys.executable, "-m", "bench.nodes_server"]
        given = [str(STAFF + 2), "node", store, nats.url]
        with running([*made, str(first), *given], first), running([*made, str(second), *given], second):
            writer = asyncio.run(_between(first, second))
            handed = asyncio.run(_between(second, first))
    finally:
        nats.stop()
        postgres.remove()
    names = (
        "at the node that writes, seen there",
        "seen at the other",
        "at the other, seen there",
        "seen where it writes",
    )
    rows = []
    for name, seen in zip(names, (*writer, *handed), strict=True):
        late = [1000 * (when - float(ts)) for ts, when in seen.items()]
        rows.append([name, f"{at(late, 0.5):.1f}", f"{at(late, 0.99):.1f}"])
    title = f"{EVENTS_PER_S} events/s for {SECONDS:.0f} s on two nodes, PostgreSQL, NATS"
    table(title, ["said", "p50 ms", "p99 ms"], rows)


async def _append(address: str, lessons: int, rows_at_once: int, seconds: float) -> float:
    """Durable events a second of one node, as lessons that each wait for their answer."""
    store, counts = await PostgresStore.open(address), [0] * lessons
    until = time.perf_counter() + seconds

    async def teach(number: int) -> None:
        name = f"{lessons}-{rows_at_once}-{number}"
        while time.perf_counter() < until:
            first = counts[number] + 1
            rows = [Row(first + n, 1, "m", f"c{n}", "poll.voted", 1, b"x" * 100) for n in range(rows_at_once)]
            await store.append(name, first - 1, rows)
            counts[number] += rows_at_once

    await asyncio.gather(*(teach(number) for number in range(lessons)))
    await store.close()
    return sum(counts) / seconds


def appends() -> None:
    postgres = Postgres().start()
    try:
        address = postgres.made("appends")
        kinds = ((1, 1), (1, 256), (100, 1), (1000, 1))
        rows = [[lessons, each, f"{asyncio.run(_append(address, lessons, each, 3)):.0f}"] for lessons, each in kinds]
    finally:
        postgres.remove()
    table("Durable events on PostgreSQL from one node", ["lessons at once", "events an append", "events/s"], rows)


def run(n: int = 2000, rounds: int = 2) -> None:
    allow_many_files()
    workers(n, rounds)
    between()
    appends()


if __name__ == "__main__":
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--n", type=int, default=2000)
    asked.add_argument("--rounds", type=int, default=2)
    given = asked.parse_args()
    run(given.n, given.rounds)
