"""The live half of the program as it is with many nodes, with one lesson of N members let in by cookie.

python -m bench.nodes_server PORT N WORKERS              workers at one port, on one SQLite log and a Unix-socket bus
python -m bench.nodes_server PORT N node STORE BUS       one node on PostgreSQL and NATS; the first STAFF are staff"""

from __future__ import annotations

import asyncio
import contextlib
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

import msgspec
import uvicorn

import bench.measured
from bench.live_server import LESSON, gate, page
from mingtang.activities import find, kinds
from mingtang.buses import Bus
from mingtang.buses.unix import Exchange, UnixBus
from mingtang.core.activity import Kinds
from mingtang.live.hall import Hall
from mingtang.live.others import Others
from mingtang.live.pauses import collect_rarely
from mingtang.live.porch import Porch
from mingtang.live.socket import live_protocol
from mingtang.stores import Store, StoreFailed, Telling
from mingtang.stores.sqlite import SqliteStore
from mingtang.web import network

STAFF = 26


async def seed(hall: Hall, members: int) -> None:
    if await hall.store.head(LESSON):
        return
    await hall.create(LESSON, title="Bench", code="222222")
    for first in range(0, members, 500):
        await asyncio.gather(*(admit(hall, n) for n in range(first, min(first + 500, members))))


async def admit(hall: Hall, number: int) -> None:
    role = "student" if number >= STAFF else "assistant" if number else "teacher"
    data = {"id": str(number), "name": f"Member {number}", "role": role, "seat": "room"}
    command = hall.kinds.command("roster.admit", msgspec.json.encode(data))
    assert command is not None
    await hall.submit(LESSON, command)


async def node(port: int, members: int, store: Store, bus: Bus | None) -> None:
    all_kinds = Kinds([*kinds().activities.values(), *find(bench.measured)])
    others = Others(bus) if bus is not None else None
    hall = Hall(all_kinds, store, others=others)
    if isinstance(store, Telling):
        store.listen(hall.grown)
    with contextlib.suppress(StoreFailed):  # another worker does it at the same time
        await seed(hall, members)
    config = uvicorn.Config(
        page, ws=live_protocol(hall, gate), http=Porch, lifespan="off", log_level="warning", access_log=False,
        ws_ping_interval=None, ws_per_message_deflate=False,
    )  # fmt: skip
    collect_rarely()
    await uvicorn.Server(config).serve(sockets=[network.bind("127.0.0.1", port, shared=True)])
    await hall.close()


async def worker(port: int, members: int, place: Path, alone: bool) -> None:
    await node(port, members, await SqliteStore.open(place / "log.db"), None if alone else UnixBus(place / "bus"))


async def far(port: int, members: int, store: str, bus: str) -> None:
    from mingtang.buses.nats import NatsBus
    from mingtang.stores.postgres import PostgresStore

    await node(port, members, await PostgresStore.open(store), NatsBus(bus))


async def watch(port: str, members: str, workers: int) -> None:
    """Begins the first alone, which fills the log, then the others."""
    with tempfile.TemporaryDirectory(prefix="mingtang-bench-") as place:
        exchange = Exchange(Path(place) / "bus")
        await exchange.open()
        command = [sys.executable, "-m", "bench.nodes_server", port, members, "worker", place, str(workers)]
        started: list[subprocess.Popen[bytes]] = []
        over = asyncio.Event()
        asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, over.set)
        try:
            for number in range(workers):
                started.append(subprocess.Popen(command))
                if number == 0:
                    await listening(int(port))
            await over.wait()
        finally:
            for process in started:
                process.terminate()
            for process in started:
                process.wait(10)
            await exchange.close()


async def listening(port: int) -> None:
    while True:
        with contextlib.suppress(OSError):
            _, writer = await asyncio.open_connection("127.0.0.1", port)
            writer.close()
            return
        await asyncio.sleep(0.05)


if __name__ == "__main__":
    what, (at, count) = sys.argv[3], sys.argv[1:3]
    loop = uvicorn.Config(page, loop="auto").get_loop_factory()
    with asyncio.Runner(loop_factory=loop) as runner, contextlib.suppress(KeyboardInterrupt):
        if what == "worker":
            runner.run(worker(int(at), int(count), Path(sys.argv[4]), sys.argv[5] == "1"))
        elif what == "node":
            runner.run(far(int(at), int(count), sys.argv[4], sys.argv[5]))
        else:
            runner.run(watch(at, count, int(what)))
