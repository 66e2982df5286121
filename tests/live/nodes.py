"""Several halls on one store, each with its own server and bus: many nodes in one process."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator, Callable, Sequence
from typing import Any

import msgspec

from mingtang.buses import Bus
from mingtang.buses.local import Air, LocalBus
from mingtang.core.activity import Kinds
from mingtang.live.hall import Hall
from mingtang.live.others import Others
from tests.live.stage import KINDS, LESSON, MEMBERS, HeldStore, Stage, serving


class Nodes:
    """`stages[n]` is node n; `buses[n]` may be cut."""

    def __init__(self, air: Air, store: HeldStore) -> None:
        self.air, self.store = air, store
        self.halls: list[Hall] = []
        self.stages: list[Stage] = []
        self.buses: list[LocalBus] = []
        self.others: list[Others] = []

    def cut(self, up: bool = False) -> None:
        for bus in self.buses:
            bus.up = up

    def task(self, number: int) -> Any:
        door = self.halls[number].door(LESSON)
        assert door is not None
        return door.task

    async def digests(self) -> list[str]:
        return [(await hall.look(LESSON)).digest() for hall in self.halls]


async def admit(hall: Hall) -> None:
    await hall.create(LESSON, title="Sets", code="234567")
    for number, (id_, role) in enumerate(MEMBERS.items()):
        data = {"id": id_, "name": f"Name {number}", "role": role, "seat": "remote" if number % 2 else "room"}
        command = KINDS.command("roster.admit", msgspec.json.encode(data))
        assert command is not None
        await hall.submit(LESSON, command)


@contextlib.asynccontextmanager
async def many(
    count: int = 3, media: Callable[[], Bus] | None = None, known: Sequence[Kinds] = (), **options: Any
) -> AsyncIterator[Nodes]:
    """`media` makes the bus that a node's voice and picture go over; `known` is what each node's program knows."""
    nodes = Nodes(Air(), HeldStore())
    media = media or Air().bus
    async with contextlib.AsyncExitStack() as ends:
        for number in range(count):
            bus = nodes.air.bus()
            others = Others(bus, media=media())
            hall = Hall(known[number] if known else KINDS, nodes.store, others=others, **options)
            ends.push_async_callback(others.close)
            ends.push_async_callback(hall.close)
            nodes.buses.append(bus)
            nodes.others.append(others)
            nodes.halls.append(hall)
            if len(nodes.halls) == 1:
                await admit(hall)
            stage = Stage(hall, nodes.store, await ends.enter_async_context(serving(hall)))
            ends.push_async_callback(stage.close)
            nodes.stages.append(stage)
        yield nodes
        nodes.store.gate.set()
