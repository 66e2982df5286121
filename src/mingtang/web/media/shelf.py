"""The recorded tracks as many watchers read them at once: pieces of files, read once, held for all, within bounds."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import AsyncIterator
from pathlib import Path

from mingtang.stores.media.reel import Reel
from mingtang.stores.media.reels import Reels
from mingtang.web.node import Node

PIECE = 256 * 1024
MOST_BYTES = 48 * 1024 * 1024
Key = tuple[Path, int]


class MediaShelf:
    def __init__(self, node: Node) -> None:
        self._node = node
        self._held: OrderedDict[Key, bytes] = OrderedDict()
        self._reading: dict[Key, asyncio.Future[bytes]] = {}
        self._bytes = 0
        node.remains.also.append(self.forget)

    @property
    def reels(self) -> Reels:
        return self._node.reels

    def forget(self, lesson: str) -> None:
        """What was written anew or taken away is not given out from here."""
        folder = self.reels.place(lesson, 0).parent
        for key in [key for key in self._held if key[0].parent == folder]:
            self._bytes -= len(self._held.pop(key))

    async def stream(self, reel: Reel, pieces: list[tuple[int, int]]) -> AsyncIterator[bytes]:
        """The bytes of these places of the file, never much more at once than a piece for each watcher."""
        for begin, end in pieces:
            while begin < end:
                number = begin // PIECE
                data = await self._piece(reel, number)
                start = begin - number * PIECE
                part = data[start : start + end - begin]
                if not part:  # the file was taken away meanwhile: the watcher sees a cut answer
                    return
                yield part
                begin += len(part)

    async def _piece(self, reel: Reel, number: int) -> bytes:
        key = (reel.path, number)
        data = self._held.get(key)
        if data is not None:
            self._held.move_to_end(key)
            return data
        begin, end = number * PIECE, (number + 1) * PIECE
        if end > reel.end:  # it grows still
            return await asyncio.to_thread(reel.read, begin, min(end, reel.end))
        reading = self._reading.get(key)
        if reading is None:
            reading = self._reading[key] = asyncio.ensure_future(asyncio.to_thread(reel.read, begin, end))
            reading.add_done_callback(lambda done: self._keep(key, done))
        return await asyncio.shield(reading)

    def _keep(self, key: Key, done: asyncio.Future[bytes]) -> None:
        self._reading.pop(key, None)
        if done.cancelled() or done.exception() or len(done.result()) < PIECE:
            return
        self._held[key] = done.result()
        self._bytes += PIECE
        while self._bytes > MOST_BYTES:
            self._bytes -= len(self._held.popitem(last=False)[1])
