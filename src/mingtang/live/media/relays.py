"""All relays of this node, by lesson: the MediaPort that Mingtang has of itself. docs/build/media.md, Seams."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Mapping
from functools import partial

from mingtang import metrics
from mingtang.live import wire
from mingtang.live.clock import Clock
from mingtang.live.media.between import Between, Letter
from mingtang.live.media.inside import Listener
from mingtang.live.media.line import Line
from mingtang.live.media.port import Take
from mingtang.live.media.relay import ALL, Relay
from mingtang.live.media.shared import SharedRelay
from mingtang.live.media.viewer import Port
from mingtang.live.task import LessonTask

log = logging.getLogger(__name__)
SILENT_FOR_S = 45.0
FULL_FOR_S = 30.0
Seek = Callable[[str, int, int, int], AsyncIterator[bytes]]
Find = Callable[[str], LessonTask | None]


class Relays:
    """`find` gives the task of a lesson that is open. `opened` are told of each lesson in which media begins, before
    its first object; `seek` is the store's."""

    def __init__(self, find: Find, clock: Clock, between: Between | None = None) -> None:
        """`between` when this node is one of many."""
        self.opened: list[Callable[[str], None]] = []
        self.seek: Seek = _nothing
        self._find, self._clock, self._between = find, clock, between
        if between is not None:
            between.take = self._take
        self._relays: dict[str, Relay] = {}
        self._takes: dict[str, list[Take]] = {}
        self._guests: dict[tuple[str, str], Line] = {}

    # For sockets

    def at(self, lesson: str) -> Relay | None:
        return self._relays.get(lesson)

    def enter(self, lesson: str, port: Port, member: str) -> tuple[Relay, Line] | None:
        """None when the lesson is not open, or the member has more sockets than a person needs."""
        relay = self._open(lesson)
        if relay is None or relay.crowded(member):
            return None
        line = Line(port, member, asyncio.get_running_loop().time())
        relay.enter(line)
        return relay, line

    def _open(self, lesson: str) -> Relay | None:
        relay, task = self._relays.get(lesson), self._find(lesson)
        if relay is None and task is not None:
            takes = self._takes.setdefault(lesson, [])
            relay = self._relays[lesson] = self._made(task, takes)
            for tell in self.opened:
                tell(lesson)
        return relay

    def _made(self, task: LessonTask, takes: list[Take]) -> Relay:
        if self._between is None:
            return Relay(task, self._clock, takes)
        return SharedRelay(task, self._clock, takes, lesson=task.id, between=self._between)

    def _take(self, letter: Letter) -> None:
        relay = self._relays.get(letter.lesson)
        if isinstance(relay, SharedRelay):
            relay.take(letter)

    # The MediaPort

    def publish(self, lesson: str, member: str, data: bytes) -> None:
        relay = self._open(lesson)
        if relay is not None:
            guest = self._guests.get((lesson, member))
            if guest is None:
                guest = self._guests[lesson, member] = Line(Listener(_ignore), member, 0.0)
            relay.publish(guest, data)

    def subscribe(self, lesson: str, member: str, tracks: Mapping[int, int], take: Take) -> Callable[[], None]:
        """`member` "" is the server itself."""
        entered = self.enter(lesson, Listener(take), member)
        if entered is None:
            return _nobody
        relay, line = entered
        relay.see(line, dict(tracks))
        return partial(relay.leave, line)

    def record(self, lesson: str, take: Take) -> Callable[[], None]:
        takes = self._takes.setdefault(lesson, [])
        takes.append(take)
        return lambda: takes.remove(take) if take in takes else None

    # From time to time

    def sweep(self, now: float, ping: bool) -> None:
        for lesson, relay in list(self._relays.items()):
            relay.sweep(now)
            for line in relay.lines():
                _look_after(line, now, ping)
            if relay.empty:
                self.put_away(lesson)

    def standing(self) -> tuple[int, int]:
        """Lines that watch, and lines that send."""
        relays = list(self._relays.values())
        return sum(relay.watching for relay in relays), sum(relay.sending for relay in relays)

    def put_away(self, lesson: str, code: int = 1012, reason: str = "restart") -> None:
        relay = self._relays.pop(lesson, None)
        if relay is not None:
            relay.close(code, reason)
        for guest in [guest for guest in self._guests if guest[0] == lesson]:
            del self._guests[guest]
        if not self._takes.get(lesson, True):
            del self._takes[lesson]

    def close(self) -> None:
        """Every socket is told to come back soon."""
        for lesson in list(self._relays):
            self.put_away(lesson)
        if self._between is not None:
            self._between.close()


def _look_after(line: Line, now: float, ping: bool) -> None:
    full_since = line.viewer.full_since
    if line.member == ALL or isinstance(line.port, Listener):
        return
    if now - line.heard > SILENT_FOR_S:
        metrics.media_cut.labels("silent").inc()
        line.port.abort()
    elif full_since is not None and now - full_since > FULL_FOR_S:
        line.viewer.give_up()
    elif ping and full_since is None:
        line.port.write(wire.PING)


def _ignore(data: bytes) -> None:
    """For who sends and does not listen."""


def _nobody() -> None:
    """The end of what did not begin."""


async def _nothing(lesson: str, track: int, begin: int, end: int) -> AsyncIterator[bytes]:
    """Where nothing is stored."""
    for nothing in tuple[bytes, ...]():
        yield nothing
