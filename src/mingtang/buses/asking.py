"""Questions from node to node over any bus: an answer within a time, or none."""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import logging
from collections.abc import Awaitable, Callable

import msgspec

from mingtang.buses import Bus, Once

log = logging.getLogger(__name__)
LATE_S = 0.5
KNOWN_FOR_S = 60.0  # how long a node's questions take; then clocks have drifted
DRIFT = 0.001  # no two machines' clocks differ in speed by more
Serve = Callable[[bytes], Awaitable[bytes | None]]


class NoAnswer(Exception):  # noqa: N818
    """The other node is gone, paused, cut off or did not want to. What was asked may be done all the same."""


class _Ask(msgspec.Struct, tag="ask", array_like=True):
    """`sent` is the asker's own time in seconds, of which only differences mean something."""

    number: int
    by: str
    body: bytes
    sent: float = 0.0


class _Answer(msgspec.Struct, tag="answer", array_like=True):
    number: int
    body: bytes | None


class _Again(msgspec.Struct, tag="again", array_like=True):
    """ "I do not know yet how long your questions take": the first one may have been long on its way."""

    number: int


_encode = msgspec.msgpack.Encoder().encode
_decode = msgspec.msgpack.Decoder(_Ask | _Answer | _Again).decode


class Asker:
    """`serve` answers what other nodes ask of this one; None is "not me". What was long on its way (this node stood
    still, or the bus did) is not served: its asker has gone on without us. How long, is told by the quickest so far."""

    def __init__(self, bus: Bus, node: str, serve: Serve) -> None:
        self._bus, self._node, self._serve = bus, node, serve
        self._numbers = itertools.count(1)
        self._waiting: dict[int, asyncio.Future[_Answer | _Again]] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._quickest: dict[str, tuple[float, float]] = {}  # of each node's questions: how long, and known when
        self._not_understood = Once(log)
        self._end = bus.subscribe(_topic(node), self._take)

    async def ask(self, node: str, body: bytes, within_s: float) -> bytes:
        """Raises NoAnswer."""
        if not self._bus.up:
            raise NoAnswer(node)
        heard: _Answer | _Again | None = None
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(within_s):
                heard = await self._once(node, body)
                if isinstance(heard, _Again):
                    heard = await self._once(node, body)
        if not isinstance(heard, _Answer) or heard.body is None:
            raise NoAnswer(node)
        return heard.body

    async def _once(self, node: str, body: bytes) -> _Answer | _Again:
        loop, number = asyncio.get_running_loop(), next(self._numbers)
        heard: asyncio.Future[_Answer | _Again] = loop.create_future()
        self._waiting[number] = heard
        self._bus.publish(_topic(node), _encode(_Ask(number, self._node, body, loop.time())))
        try:
            return await heard
        finally:
            del self._waiting[number]

    def _take(self, data: bytes) -> None:
        try:
            heard = _decode(data)
        except msgspec.MsgspecError:
            return self._not_understood("a question of another node has a shape that this program does not know")
        if isinstance(heard, _Ask):
            self._asked(heard)
        elif (waiting := self._waiting.get(heard.number)) is not None and not waiting.done():
            waiting.set_result(heard)
        return None

    def _asked(self, ask: _Ask) -> None:
        now = asyncio.get_running_loop().time()
        took, (quickest, at) = now - ask.sent, self._quickest.get(ask.by, (0.0, now - 2 * KNOWN_FOR_S))
        if now - at > KNOWN_FOR_S:
            self._quickest[ask.by] = took, now
            self._bus.publish(_topic(ask.by), _encode(_Again(ask.number)))
            return
        quickest = min(took, quickest + DRIFT * (now - at))
        if took - quickest <= LATE_S:
            self._quickest[ask.by] = quickest, now
            task = asyncio.get_running_loop().create_task(self._reply(ask))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

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
