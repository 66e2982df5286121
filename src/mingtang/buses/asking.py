"""Questions from node to node over any bus: an answer within a time, or none."""

from __future__ import annotations

import asyncio
import itertools
import logging
from collections.abc import Awaitable, Callable

import msgspec

from mingtang.buses import Bus, Once

log = logging.getLogger(__name__)
Serve = Callable[[bytes], Awaitable[bytes | None]]


class NoAnswer(Exception):  # noqa: N818
    """The other node is gone, paused, cut off or did not want to. What was asked may be done all the same."""


class _Ask(msgspec.Struct, tag="ask", array_like=True):
    number: int
    by: str
    body: bytes


class _Answer(msgspec.Struct, tag="answer", array_like=True):
    number: int
    body: bytes | None


_encode = msgspec.msgpack.Encoder().encode
_decode = msgspec.msgpack.Decoder(_Ask | _Answer).decode


class Asker:
    """`serve` answers what other nodes ask of this one; None is "not me"."""

    def __init__(self, bus: Bus, node: str, serve: Serve) -> None:
        self._bus, self._node, self._serve = bus, node, serve
        self._numbers = itertools.count(1)
        self._waiting: dict[int, asyncio.Future[bytes | None]] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._not_understood = Once(log)
        self._end = bus.subscribe(_topic(node), self._take)

    async def ask(self, node: str, body: bytes, within_s: float) -> bytes:
        """Raises NoAnswer."""
        if not self._bus.up:
            raise NoAnswer(node)
        number = next(self._numbers)
        answered: asyncio.Future[bytes | None] = asyncio.get_running_loop().create_future()
        self._waiting[number] = answered
        self._bus.publish(_topic(node), _encode(_Ask(number, self._node, body)))
        try:
            async with asyncio.timeout(within_s):
                found = await answered
        except TimeoutError:
            found = None
        finally:
            del self._waiting[number]
        if found is None:
            raise NoAnswer(node)
        return found

    def _take(self, data: bytes) -> None:
        try:
            heard = _decode(data)
        except msgspec.MsgspecError:
            return self._not_understood("a question of another node has a shape that this program does not know")
        if isinstance(heard, _Ask):
            task = asyncio.get_running_loop().create_task(self._reply(heard))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)
        elif (waiting := self._waiting.get(heard.number)) is not None and not waiting.done():
            waiting.set_result(heard.body)
        return None

    async def _reply(self, ask: _Ask) -> None:
        try:
            body = await self._serve(ask.body)
        except Exception:
            log.exception("a question of another node could not be answered")
            body = None
        self._bus.publish(_topic(ask.by), _encode(_Answer(ask.number, body)))

    async def close(self) -> None:
        self._end()
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)


def _topic(node: str) -> str:
    return f"node.{node}"
