"""Media sockets for tests: who sends and who watches, as browsers do, and a stage to do it on."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Iterable
from typing import Any

import websockets

from mingtang.live.media import objects
from mingtang.live.media.objects import Head, Kind
from tests.live.stage import LESSON, PATIENCE, Stage

PICTURE, SOUND = "camera", "microphone"


class Eye:
    """One media socket. `objects` are whole, in the order they came; `said` are the text frames."""

    def __init__(self, socket: Any) -> None:
        self.socket = socket
        self.objects: list[bytes] = []
        self.said: list[dict[str, Any]] = []

    async def read(self) -> bytes | dict[str, Any]:
        async with asyncio.timeout(PATIENCE):
            frame = await self.socket.recv()
        if isinstance(frame, bytes):
            self.objects.append(frame)
            return frame
        self.said.append(json.loads(frame))
        return self.said[-1]

    async def until(self, what: Callable[[Eye], bool]) -> None:
        while not what(self):
            await self.read()

    async def told(self, kind: str) -> dict[str, Any]:
        """The next text frame of a kind."""
        while True:
            frame = await self.read()
            if isinstance(frame, dict) and frame["t"] == kind:
                return frame

    async def see(self, **tracks: int) -> None:
        """see(t3=2): track 3 up to layer 2."""
        await self.socket.send(json.dumps({"t": "see", "tracks": {t[1:]: layer for t, layer in tracks.items()}}))

    async def say(self, kind: str, **data: Any) -> None:
        await self.socket.send(json.dumps({"t": kind, **data}))

    async def send(self, *made: bytes) -> None:
        for data in made:
            await self.socket.send(data)

    async def send_on(self, made: Iterable[bytes]) -> None:
        """Until it is cancelled; others have their turn in between."""
        for data in made:
            await self.socket.send(data)
            await asyncio.sleep(0.001)

    async def settled(self) -> None:
        """What was said before on this socket has been taken."""
        number = len(self.said) + 1000
        await self.say("clock", n=number)
        await self.until(lambda eye: any(f["t"] == "clock" and f["n"] == number for f in eye.said))

    def seqs(self, track: int) -> list[int]:
        heads = map(objects.read, self.objects)
        return [h.seq for h in heads if h.track == track and h.kind is not Kind.configuration]

    async def closed(self) -> int:
        try:
            while True:
                await self.read()
        except websockets.ConnectionClosed:
            return int(self.socket.close_code or 0)


async def look(stage: Stage, member: str, lesson: str = LESSON, **options: Any) -> Eye:
    """A media socket that has been greeted."""
    eye = await connect(stage, member, lesson, **options)
    await eye.told("hello")
    return eye


async def connect(stage: Stage, member: str, lesson: str = LESSON, **options: Any) -> Eye:
    url = f"ws://127.0.0.1:{stage.port}/media/{lesson}?ticket={member}"
    free = {"compression": None, "ping_interval": None, "max_size": None, "max_queue": None}
    socket = await websockets.connect(url, **free, **options)
    stage.later(socket.close)
    return Eye(socket)


async def started(stage: Stage, member: str, source: str) -> int:
    """The number of a new track of one who is on the stage."""
    await stage.submit("media.start", by=member, source=source, codec="vp8" if source != SOUND else "opus")
    state = stage.hall.door(LESSON).task.lesson.states["media"]
    return max(state.open)


def configuration(track: int, seq: int = 0) -> bytes:
    return objects.pack(Head(Kind.configuration, track, seq, 0, True), b'{"codec":"vp8"}')


def picture(track: int, seq: int, key: bool = False, layer: int = 0, size: int = 100) -> bytes:
    return objects.pack(Head(Kind.picture, track, seq, seq * 50, key, layer), bytes(size))


def sound(track: int, seq: int, size: int = 80) -> bytes:
    return objects.pack(Head(Kind.sound, track, seq, seq * 20, True, 0, 30, 20), bytes(size))
