"""A bus over one Unix socket, for the worker processes of one machine: an Exchange in the process that watches over
them, a UnixBus in each. Frames are a length in four bytes and (act, topic, data) in MessagePack."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import struct
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import msgspec

from mingtang.buses import LONGEST, Listeners, Take

log = logging.getLogger(__name__)
JOIN, LEAVE, TELL = 1, 2, 3
MOST_UNSENT = 8 << 20  # of one worker that does not read; what comes then is a hint lost
AGAIN_AFTER_S = 0.1
_encode = msgspec.msgpack.Encoder().encode
_decode = msgspec.msgpack.Decoder(tuple[int, str, bytes]).decode


def packed(act: int, topic: str, data: bytes = b"") -> bytes:
    body = _encode((act, topic, data))
    return struct.pack("!I", len(body)) + body


async def frames(reader: asyncio.StreamReader) -> AsyncIterator[tuple[int, str, bytes]]:
    """Until the other side is gone or speaks nonsense."""
    with contextlib.suppress(asyncio.IncompleteReadError, OSError, msgspec.MsgspecError):
        while True:
            size = struct.unpack("!I", await reader.readexactly(4))[0]
            if size > 2 * LONGEST:
                return
            yield _decode(await reader.readexactly(size))


class Exchange:
    """Hands each message to all others who listen to its topic."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._listening: dict[str, set[asyncio.StreamWriter]] = {}
        self._server: asyncio.Server | None = None
        self._writers: set[asyncio.StreamWriter] = set()

    async def open(self) -> None:
        self._server = await asyncio.start_unix_server(self._serve, self._path)
        self._path.chmod(0o600)

    async def close(self) -> None:
        if self._server is not None:
            self._server.close()
        for writer in list(self._writers):
            writer.close()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._writers.add(writer)
        try:
            async for act, topic, data in frames(reader):
                self._do(writer, act, topic, data)
        finally:
            for listening in self._listening.values():
                listening.discard(writer)
            self._writers.discard(writer)
            writer.close()

    def _do(self, writer: asyncio.StreamWriter, act: int, topic: str, data: bytes) -> None:
        if act == JOIN:
            self._listening.setdefault(topic, set()).add(writer)
        elif act == LEAVE:
            self._listening.get(topic, set()).discard(writer)
            if not self._listening.get(topic):
                self._listening.pop(topic, None)
        elif act == TELL:
            frame = packed(TELL, topic, data)
            for other in self._listening.get(topic, ()):
                if other is not writer and other.transport.get_write_buffer_size() < MOST_UNSENT:
                    other.write(frame)


class UnixBus:
    """Tries again for as long as it is open when the exchange is not there."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._listeners = Listeners()
        self._writer: asyncio.StreamWriter | None = None
        self._task = asyncio.create_task(self._live(), name="bus")

    @property
    def up(self) -> bool:
        return self._writer is not None

    def publish(self, topic: str, data: bytes) -> None:
        self._send(TELL, topic, data)

    def subscribe(self, topic: str, take: Take) -> Callable[[], None]:
        if self._listeners.add(topic, take):
            self._send(JOIN, topic)

        def end() -> None:
            if self._listeners.remove(topic, take):
                self._send(LEAVE, topic)

        return end

    def _send(self, act: int, topic: str, data: bytes = b"") -> None:
        writer = self._writer
        if writer is not None and writer.transport.get_write_buffer_size() < MOST_UNSENT:
            writer.write(packed(act, topic, data))

    async def _live(self) -> None:
        while True:
            with contextlib.suppress(OSError):
                reader, writer = await asyncio.open_unix_connection(self._path)
                self._writer = writer
                for topic in self._listeners.topics():
                    self._send(JOIN, topic)
                async for _, topic, data in frames(reader):
                    self._take(topic, data)
                self._writer = None
                writer.close()
            await asyncio.sleep(AGAIN_AFTER_S)

    def _take(self, topic: str, data: bytes) -> None:
        try:
            self._listeners.give(topic, data)
        except Exception:
            log.exception("a message on %s could not be taken", topic)

    async def close(self) -> None:
        writer, self._writer = self._writer, None
        if writer is not None:
            with contextlib.suppress(OSError):
                await writer.drain()
            writer.close()
        self._task.cancel()
        await asyncio.gather(self._task, return_exceptions=True)
