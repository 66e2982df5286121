"""The live half of the program with one lesson: member 0 teaches with a camera (track 1) and a microphone (track 2), N
remote students are let in by ticket.

python -m bench.media.relay_server PORT N [FOLDER_OF_A_CERTIFICATE]"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import msgspec
import uvicorn

from bench.live_server import LESSON, page
from mingtang.activities import kinds
from mingtang.live.hall import Hall
from mingtang.live.pauses import collect_rarely
from mingtang.live.porch import Porch
from mingtang.live.socket import Entry, live_protocol
from mingtang.stores.memory import MemoryStore


def gate(lesson: str, query: str, headers: Mapping[str, str]) -> Entry | int:
    return Entry(LESSON, query.partition("ticket=")[2])


async def submit(hall: Hall, kind: str, by: str = "", **data: Any) -> None:
    command = hall.kinds.command(kind, msgspec.json.encode(data))
    assert command is not None
    await hall.submit(LESSON, command, by)


async def seed(hall: Hall, students: int) -> None:
    await hall.create(LESSON, title="Bench", code="222222")
    for number in range(students + 1):
        role = "student" if number else "teacher"
        await submit(hall, "roster.admit", id=str(number), name=f"Student {number}", role=role, seat="remote")
    await submit(hall, "media.enter", "0")
    await submit(hall, "media.start", "0", source="camera", codec="vp8")
    await submit(hall, "media.start", "0", source="microphone", codec="opus")


async def main(port: int, students: int, certificate: Path | None) -> None:
    hall = Hall(kinds(), MemoryStore())
    await seed(hall, students)
    tls: dict[str, Any] = (
        {"ssl_keyfile": certificate / "key.pem", "ssl_certfile": certificate / "cert.pem"} if certificate else {}
    )
    config = uvicorn.Config(
        page, host="127.0.0.1", port=port, ws=live_protocol(hall, gate), http=Porch, lifespan="off",
        log_level="warning", access_log=False, backlog=4096, ws_ping_interval=None, ws_per_message_deflate=False, **tls,
    )  # fmt: skip
    collect_rarely()
    await uvicorn.Server(config).serve()
    await hall.close()


if __name__ == "__main__":
    loop = uvicorn.Config(page, loop="auto").get_loop_factory()
    with asyncio.Runner(loop_factory=loop) as runner:
        runner.run(main(int(sys.argv[1]), int(sys.argv[2]), Path(sys.argv[3]) if len(sys.argv) > 3 else None))
