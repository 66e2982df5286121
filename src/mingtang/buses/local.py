"""A bus between halls of one process: for tests, trials and the simulation of faults."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from mingtang.buses import Listeners, Take


class Air:
    """What local buses speak through. `lose` says of each message whether it is lost."""

    def __init__(self) -> None:
        self.buses: list[LocalBus] = []
        self.lose: Callable[[str, bytes], bool] = lambda topic, data: False

    def bus(self) -> LocalBus:
        made = LocalBus(self)
        self.buses.append(made)
        return made


class LocalBus:
    """`up` may be set by who plays the fault: a bus that is down neither gives nor takes."""

    def __init__(self, air: Air) -> None:
        self.up = True
        self._air = air
        self._listeners = Listeners()

    def publish(self, topic: str, data: bytes) -> None:
        if not self.up or self._air.lose(topic, data):
            return
        for other in self._air.buses:
            if other is not self and other.up:
                asyncio.get_running_loop().call_soon(other.give, topic, data)

    def give(self, topic: str, data: bytes) -> None:
        self._listeners.give(topic, data)

    def subscribe(self, topic: str, take: Take) -> Callable[[], None]:
        self._listeners.add(topic, take)

        def end() -> None:
            self._listeners.remove(topic, take)

        return end

    async def close(self) -> None:
        self.up = False
        if self in self._air.buses:
            self._air.buses.remove(self)
