"""The ordinary Starlette way: a set of sockets, `await send_text` in a loop; answers in SQLite by group commit."""

from __future__ import annotations

import asyncio
import gc
import json
import queue
import sqlite3
import tempfile
import threading
from pathlib import Path

from starlette.applications import Starlette
from starlette.routing import WebSocketRoute
from starlette.websockets import WebSocket, WebSocketDisconnect


class Answers:
    """An answer is acknowledged after the commit that holds it (WAL, synchronous=FULL), as ours is."""

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._wishes: queue.SimpleQueue[tuple[str, asyncio.Future[None]]] = queue.SimpleQueue()
        threading.Thread(target=self._write, daemon=True).start()

    async def keep(self, text: str) -> None:
        done: asyncio.Future[None] = self._loop.create_future()
        self._wishes.put((text, done))
        await done

    def _write(self) -> None:
        db = sqlite3.connect(Path(tempfile.mkdtemp()) / "answers.db", isolation_level=None)
        db.executescript("pragma journal_mode=wal; pragma synchronous=full; create table answer (body text)")
        while True:
            batch = [self._wishes.get()]
            while not self._wishes.empty() and len(batch) < 5000:
                batch.append(self._wishes.get())
            db.execute("begin")
            db.executemany("insert into answer values (?)", [(text,) for text, _ in batch])
            db.execute("commit")
            self._loop.call_soon_threadsafe(lambda b=batch: [done.set_result(None) for _, done in b])


people: set[WebSocket] = set()
answers: list[Answers] = []


async def live(socket: WebSocket) -> None:
    if not answers:
        answers.append(Answers())
        gc.freeze()
    await socket.accept()
    people.add(socket)
    try:
        while True:
            text = await socket.receive_text()
            if '"pub"' in text[:20]:
                for one in list(people):
                    await one.send_text(text)
            else:
                await answers[0].keep(text)
                await socket.send_text(json.dumps({"t": "ack", "id": json.loads(text)["id"]}))
    except WebSocketDisconnect:
        people.discard(socket)


app = Starlette(routes=[WebSocketRoute("/ws", live)])
