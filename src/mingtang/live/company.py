"""Which members of a lesson have screens at other nodes, as those say themselves, and a door that asks before it says
that somebody has gone."""

from __future__ import annotations

import asyncio
from functools import partial
from typing import Any

from mingtang.live.door import Door
from mingtang.live.others import Here, Left, Message, Others
from mingtang.live.screen import Port, Screen
from mingtang.live.shared import SharedTask
from mingtang.live.task import FLUSH_EVERY_S
from mingtang.live.wish import Wish
from mingtang.stores import StoreFailed

BEAT_EVERY_S = 3.0
SILENT_FOR_S = 10.0
LOOK_AGAIN_S = 0.5


class Company:
    def __init__(self) -> None:
        self._nodes: dict[str, set[str]] = {}
        self._heard: dict[str, float] = {}

    def hear(self, message: Here | Left, now: float) -> set[str]:
        """Returns the members whom nobody has a screen of any more, as far as this message tells."""
        members = self._nodes.setdefault(message.node, set())
        self._heard[message.node] = now
        if isinstance(message, Left):
            gone = {message.member}
        else:
            gone = members - set(message.members) if message.whole else set[str]()
            members |= set(message.members)
        members -= gone
        return {member for member in gone if not self.has(member)}

    def has(self, member: str) -> bool:
        return any(member in members for members in self._nodes.values())

    def silent(self, now: float) -> set[str]:
        """Forgets nodes that have not been heard for long; returns whom they alone had."""
        gone = set[str]()
        for node in [n for n, at in self._heard.items() if now - at > SILENT_FOR_S]:
            del self._heard[node]
            gone |= self._nodes.pop(node)
        return {member for member in gone if not self.has(member)}

    def unheard(self, seconds: float) -> None:
        """This node could not hear: nobody was silent in that time."""
        self._heard = {node: at + seconds for node, at in self._heard.items()}


class SharedDoor(Door):
    """A member with screens at two nodes comes once and goes once; whom a node that died had, others say gone."""

    def __init__(self, task: SharedTask, *given: Any, others: Others) -> None:
        super().__init__(task, *given)
        self._others, self._shared = others, task
        self._company = Company()
        self._beaten = self._swept = 0.0
        self.presence.elsewhere = self._elsewhere
        self._late: set[asyncio.Task[None]] = set()
        task.went, task.left = self._went, self._left
        self._end = others.listen(task.id, self._hear)

    def _hear(self, message: Message) -> None:
        if isinstance(message, Here | Left):
            now = asyncio.get_running_loop().time()
            for member in self._company.hear(message, now):
                self.presence.abandoned(member, now)
        else:
            self._shared.hear(message)

    def _elsewhere(self, member: str) -> bool | None:
        if self._others.configured and not self._others.up:
            return None
        return self._company.has(member)

    def _went(self, member: str) -> None:
        """Somebody said of one who has a screen here that he has gone."""
        if self.presence.screens_of(member):
            self.presence.failed(member)

    def _left(self, wish: Wish) -> bool:
        asked = self._asked.get((wish.by, wish.cmd))
        return asked is not None and all(screen.gone for screen in asked)

    def _note(self, kind: str, member: str) -> None:
        known = self.task.lesson.people.get(member)
        if kind == "roster.go" and known is not None and not known.here and not self.task.waiting:
            return  # the node that had the screen has said so
        super()._note(kind, member)

    def enter(self, port: Port, member: str, back: int | None, wants: frozenset[str]) -> Screen | None:
        screen = super().enter(port, member, back, wants)
        if screen is not None and self.presence.screens_of(member) == 1:
            self._others.tell(self.task.id, Here(self._others.node, [member], False))
        return screen

    def _attach(self, screen: Screen, back: int | None) -> None:
        """Who comes from a node that was further never goes back: he keeps what he sees until we are there too."""
        task = self.task
        if back is None or back <= task.hub.seq or task.outdated or task.lesson.ended:
            super()._attach(screen, back)
        elif back <= task.lesson.seq and not task.hub.dirty:
            task.hub.flush()  # there is nothing to send: only the place moves on
            super()._attach(screen, back)
        elif back <= task.lesson.seq:  # it is shown soon; nobody who comes may make it sooner for a crowd
            again = partial(task.errand, partial(self._attach, screen, back))
            asyncio.get_running_loop().call_later(FLUSH_EVERY_S, again)
        else:
            waiting = asyncio.get_running_loop().create_task(self._attach_later(screen, back))
            self._late.add(waiting)
            waiting.add_done_callback(self._late.discard)

    async def _attach_later(self, screen: Screen, back: int) -> None:
        while not screen.gone:
            try:
                await self.task.current()
            except StoreFailed:
                await asyncio.sleep(LOOK_AGAIN_S)
            else:
                return self.task.errand(partial(self._attach, screen, min(back, self.task.lesson.seq)))

    def leave(self, screen: Screen) -> None:
        super().leave(screen)
        if not self.presence.screens_of(screen.member):
            self._others.tell(self.task.id, Left(self._others.node, screen.member))

    def sweep(self, now: float) -> None:
        if not self._others.up:
            self._company.unheard(now - self._swept)
        self._swept = now
        for member in self._company.silent(now):
            self.presence.abandoned(member, now)
        if now - self._beaten >= BEAT_EVERY_S:
            self._beaten = now
            self._others.tell(self.task.id, Here(self._others.node, self.presence.here(), True))
        super().sweep(now)

    async def close(self) -> None:
        await super().close()
        for waiting in self._late:
            waiting.cancel()
        self._others.tell(self.task.id, Here(self._others.node, [], True))
        self._end()
        self._end = lambda: None
        self._shared.went, self._shared.left = lambda member: None, lambda wish: False  # see Hub.close
