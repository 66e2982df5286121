"""The live half of the program as it is (hall, SQLite log, sockets, sign-in), with one lesson of N members.

python -m bench.live_server PORT N [LOG_FILE]"""

from __future__ import annotations

import asyncio
import sys
import tempfile
from pathlib import Path
from typing import Any

import msgspec
import uvicorn

import bench.measured
from mingtang.activities import find, kinds
from mingtang.core.activity import Kinds
from mingtang.live.hall import Hall
from mingtang.live.pauses import collect_rarely
from mingtang.live.porch import Porch
from mingtang.live.socket import live_protocol
from mingtang.stores.sqlite import SqliteStore
from mingtang.web.security import live_gate
from mingtang.web.tokens import Seals, member_cookie

LESSON = "bench"
SEALS = Seals(b"of the bench", "of the bench")
gate = live_gate(SEALS)


def cookie(number: int) -> str:
    """What a browser of that member would send."""
    return f"{member_cookie(LESSON)}={SEALS.seal('member', LESSON, str(number), seconds=86_400)}"


async def seed(hall: Hall, members: int) -> None:
    if await hall.store.head(LESSON):
        return  # it is started again
    await hall.create(LESSON, title="Bench", code="222222")
    for first in range(0, members, 500):
        await asyncio.gather(*(admit(hall, n) for n in range(first, min(first + 500, members))))


async def admit(hall: Hall, number: int) -> None:
    role = "student" if number else "teacher"
    seat = "room" if number % 3 else "remote"
    data = {"id": str(number), "name": f"Student {number}", "role": role, "seat": seat}
    command = hall.kinds.command("roster.admit", msgspec.json.encode(data))
    assert command is not None
    await hall.submit(LESSON, command)


async def page(scope: Any, receive: Any, send: Any) -> None:
    """The HTTP half is not measured here."""
    await send({"type": "http.response.start", "status": 404, "headers": []})
    await send({"type": "http.response.body", "body": b""})


async def main(port: int, members: int, log: Path) -> None:
    hall = Hall(Kinds([*kinds().activities.values(), *find(bench.measured)]), await SqliteStore.open(log))
    await seed(hall, members)
    config = uvicorn.Config(
        page, host="127.0.0.1", port=port, ws=live_protocol(hall, gate), http=Porch, lifespan="off",
        log_level="warning", access_log=False, backlog=4096, ws_ping_interval=None, ws_per_message_deflate=False,
    )  # fmt: skip
    collect_rarely()
    await uvicorn.Server(config).serve()
    await hall.close()


if __name__ == "__main__":
    where = Path(sys.argv[3]) if len(sys.argv) > 3 else Path(tempfile.mkdtemp()) / "log.db"
    loop = uvicorn.Config(page, loop="auto").get_loop_factory()
    with asyncio.Runner(loop_factory=loop) as runner:
        runner.run(main(int(sys.argv[1]), int(sys.argv[2]), where))
