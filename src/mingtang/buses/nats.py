"""A bus over NATS core: no stream, no acknowledgement, since the log is what is true."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections import deque
from collections.abc import Callable
from urllib.parse import urlsplit

from nats.aio.client import Client
from nats.aio.msg import Msg
from nats.aio.subscription import Subscription
from nats.errors import Error

from mingtang.buses import Listeners, Take

log = logging.getLogger(__name__)
PREFIX = "mingtang."
MOST_WAITING = 20_000
PING_EVERY_S, MOST_SILENT_PINGS = 2, 2
AGAIN_AFTER_S = 0.25


class NatsBus:
    """Tries again for as long as it is open when NATS is not there."""

    def __init__(self, address: str) -> None:
        """`address` is nats://[user:password@]host:port, several with commas."""
        self._servers = address.split(",")
        self._nats = Client()
        self._listeners = Listeners()
        self._subscriptions: dict[str, Subscription] = {}
        self._out: deque[tuple[str, bytes]] = deque()
        self._bell = asyncio.Event()
        self._closed = False
        self._task = asyncio.create_task(self._live(), name="bus")

    @property
    def up(self) -> bool:
        return bool(self._nats.is_connected)

    def publish(self, topic: str, data: bytes) -> None:
        if self.up and len(self._out) < MOST_WAITING:
            self._out.append((topic, data))
            self._bell.set()

    def subscribe(self, topic: str, take: Take) -> Callable[[], None]:
        if self._listeners.add(topic, take):
            self._bell.set()

        def end() -> None:
            if self._listeners.remove(topic, take):
                self._bell.set()

        return end

    async def _live(self) -> None:
        await self._connect()
        while not self._closed:
            await self._bell.wait()
            self._bell.clear()
            try:
                await self._follow_topics()
                await self._send()
            except (Error, OSError, TimeoutError) as error:
                log.debug("NATS: %s", error)

    async def _connect(self) -> None:
        async def quiet(error: Exception) -> None:
            log.debug("NATS: %s", error)

        while not self._closed:
            with contextlib.suppress(Error, OSError, TimeoutError):
                await self._nats.connect(
                    self._servers, name="mingtang", no_echo=True, allow_reconnect=True, max_reconnect_attempts=-1,
                    reconnect_time_wait=AGAIN_AFTER_S, connect_timeout=2, ping_interval=PING_EVERY_S,  # type: ignore[arg-type]
                    max_outstanding_pings=MOST_SILENT_PINGS, error_cb=quiet,
                )  # fmt: skip
                log.info("the bus is up", extra={"data": {"servers": [place_of(s) for s in self._servers]}})
                return
            await asyncio.sleep(AGAIN_AFTER_S)

    async def _follow_topics(self) -> None:
        """What is subscribed to follows what is listened to; NATS' own client takes it up again after a cut."""
        wanted = set(self._listeners.topics())
        for topic in wanted - self._subscriptions.keys():
            self._subscriptions[topic] = await self._nats.subscribe(PREFIX + topic, cb=self._heard)
        for topic in self._subscriptions.keys() - wanted:
            with contextlib.suppress(Error):
                await self._subscriptions.pop(topic).unsubscribe()

    async def _send(self) -> None:
        while self._out and self.up:
            topic, data = self._out.popleft()
            await self._nats.publish(PREFIX + topic, data)

    async def _heard(self, message: Msg) -> None:
        try:
            self._listeners.give(message.subject.removeprefix(PREFIX), message.data)
        except Exception:
            log.exception("a message could not be taken")

    async def close(self) -> None:
        if self._closed:
            return
        self._closed = True
        self._bell.set()
        with contextlib.suppress(Error, OSError, TimeoutError):
            await self._send()
            if self.up:
                await asyncio.wait_for(self._nats.flush(), 2)
        self._task.cancel()
        await asyncio.gather(self._task, return_exceptions=True)
        with contextlib.suppress(Error, OSError, TimeoutError):
            await self._nats.close()


def place_of(address: str) -> str:
    """Where a server is, for people and logs: never its password."""
    parts = urlsplit(address)
    return f"{parts.hostname or address.rpartition('@')[2]}:{parts.port or 4222}"
