"""The other nodes that relay the same lesson. One that wants our tracks is a viewer like any other, with a line that is
full when too much of it is on the way; one that has tracks we want is where they come from."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Iterable

from mingtang import metrics
from mingtang.live import wire
from mingtang.live.media import objects
from mingtang.live.media.between import PIECE, Asked, Between, Got, Have, Part, Wanted
from mingtang.live.media.line import Line
from mingtang.live.media.objects import BadObject
from mingtang.live.media.tracks import BINARY, Item

log = logging.getLogger(__name__)
ON_ITS_WAY = 256 * 1024
BEAT_EVERY_S = 3.0
SILENT_FOR_S = 10.0
LOST_FOR_S = 2.0


class Reader:
    """The way to a node that wants tracks of ours: the Port of its line."""

    fd = -1

    def __init__(self, between: Between, lesson: str, node: str, ended: Callable[[], None]) -> None:
        self.write: Callable[[bytes], None] = self._write
        self.line: Line | None = None
        self._between, self._lesson, self._node, self._ended = between, lesson, node, ended
        self._place = self._got = 0

    def _write(self, frame: bytes) -> None:
        if frame[0] & 0xF != BINARY or self.line is None:
            return  # what is said to a viewer concerns no node
        data = wire.payload(frame)
        for begin in range(0, len(data), PIECE):
            piece, more = data[begin : begin + PIECE], begin + PIECE < len(data)
            self._between.send(self._node, Part(self._between.node, self._lesson, self._place, more, piece))
            self._place += len(piece)
        if self._place - self._got > ON_ITS_WAY and not self.line.viewer.full:
            self.line.viewer.fill(_now())

    def got(self, place: int) -> None:
        self._got = max(self._got, min(place, self._place))
        if self.line is not None and self.line.viewer.full and self._place - self._got <= ON_ITS_WAY // 2:
            self.line.viewer.drain(_now())

    def sweep(self, now: float) -> None:
        if self.line is None:
            return
        full_since = self.line.viewer.full_since
        if now - self.line.heard > SILENT_FOR_S:
            self._ended()
        elif full_since is not None and now - full_since > LOST_FOR_S:
            self.got(self._place)  # what was on its way is lost, or the node will find that it was

    def close(self, code: int, reason: str) -> None:
        self._ended()

    def abort(self) -> None:
        """There is no connection: the node asks again when it still wants something."""


class Source:
    """A node that has tracks of others' senders: what has come from it, and what we asked for. As the Port of their
    line it takes what viewers ask of the senders."""

    fd = -1

    def __init__(self, between: Between, lesson: str, node: str) -> None:
        self.write: Callable[[bytes], None] = self._write
        self.tracks: frozenset[int] = frozenset()
        self.members: frozenset[str] = frozenset()
        self.heard = 0.0
        self.line = Line(self, "", 0.0)
        self._between, self._lesson, self._node = between, lesson, node
        self._asked: dict[int, int] = {}
        self._asked_at = 0.0
        self._place = 0
        self._parts: list[bytes] = []
        self._broken: set[int] = set()
        self._told = True

    def _write(self, frame: bytes) -> None:
        self._between.send(self._node, Asked(self._between.node, self._lesson, wire.payload(frame)))

    def close(self, code: int, reason: str) -> None:
        """A node is not closed."""

    def abort(self) -> None:
        """As close()."""

    def want(self, tracks: dict[int, int], now: float) -> None:
        """Said when it changes, and from time to time."""
        if tracks != self._asked or (tracks and now - self._asked_at >= BEAT_EVERY_S):
            self._asked, self._asked_at = tracks, now
            self._acknowledge()
            self._between.send(self._node, Wanted(self._between.node, self._lesson, tracks))

    def take(self, part: Part) -> Item | None:
        """The object that is whole now, unless it decodes to nothing."""
        if part.place != self._place:
            self._parts, self._broken = [], set(self._asked)
        self._place = part.place + len(part.data)
        self._acknowledge()
        self._parts.append(part.data)
        if part.more:
            return None
        data, self._parts = b"".join(self._parts), []
        try:
            return self._fresh(Item(objects.read(data), data))
        except BadObject:
            return None  # the end of one whose beginning was lost

    def _fresh(self, item: Item) -> Item | None:
        head = item.head
        if item.configures:
            return item
        if item.key:
            self._broken.discard(head.track)
        if head.track in self._broken:
            metrics.media_dropped.labels("lost").inc()
            return None
        return item

    def _acknowledge(self) -> None:
        """Once a turn of the loop, however many have come in it."""
        if self._told:
            self._told = False
            asyncio.get_running_loop().call_soon(self._tell)

    def _tell(self) -> None:
        self._told = True
        self._between.send(self._node, Got(self._between.node, self._lesson, self._place))


class Neighbours:
    """Of one lesson. `lost` is told of members whom no other node has a line of any more, `found` of those that one
    has; `told` says what this node has itself: tracks, and members of the stage."""

    def __init__(
        self,
        between: Between,
        lesson: str,
        told: Callable[[], tuple[Iterable[int], Iterable[str]]],
        found: Callable[[Iterable[str]], None],
        lost: Callable[[Iterable[str]], None],
        changed: Callable[[], None],
    ) -> None:
        self.readers: dict[str, Reader] = {}
        self.sources: dict[str, Source] = {}
        self._between, self._lesson = between, lesson
        self._own, self._found, self._lost, self._changed = told, found, lost, changed
        self._said: tuple[frozenset[int], frozenset[str]] | None = None
        self._beaten = 0.0
        self._end = between.listen(lesson, self._hear)
        self.say(ask=True)

    @property
    def up(self) -> bool:
        return self._between.up

    def has(self, member: str) -> bool:
        return any(member in source.members for source in self.sources.values())

    def say(self, ask: bool = False, anyway: bool = True) -> None:
        own = self._own()
        tracks, members = frozenset(own[0]), frozenset(own[1])
        if anyway or (tracks, members) != self._said:
            self._said = (tracks, members)
            self._between.tell(self._lesson, Have(self._between.node, sorted(tracks), sorted(members), ask))

    def _hear(self, have: Have) -> None:
        source = self.sources.get(have.node)
        if source is None:
            source = self.sources[have.node] = Source(self._between, self._lesson, have.node)
        before, source.tracks, source.members = source.members, frozenset(have.tracks), frozenset(have.members)
        source.heard = _now()
        self._found(source.members)
        self._lost(before - source.members)
        if have.ask:
            self.say()
        self._changed()

    def want(self, tracks: dict[int, int]) -> None:
        """Of each node what it has, and nothing of two."""
        left, now = dict(tracks), _now()
        for source in self.sources.values():
            source.want({n: left.pop(n) for n in sorted(source.tracks & left.keys())}, now)

    def reader(self, node: str, leave: Callable[[Line], None]) -> Reader:
        """The line of a node that wants something of us."""
        found = self.readers.get(node)
        if found is None:
            found = self.readers[node] = Reader(self._between, self._lesson, node, lambda: self._drop(node, leave))
            found.line = Line(found, "", _now())
        return found

    def _drop(self, node: str, leave: Callable[[Line], None]) -> None:
        reader = self.readers.pop(node, None)
        if reader is not None and reader.line is not None:
            line, reader.line = reader.line, None
            leave(line)

    def sweep(self, now: float) -> None:
        self.say(anyway=now - self._beaten >= BEAT_EVERY_S)
        self._beaten = now if now - self._beaten >= BEAT_EVERY_S else self._beaten
        for reader in list(self.readers.values()):
            reader.sweep(now)
        if self.up:
            for node in [n for n, source in self.sources.items() if now - source.heard > SILENT_FOR_S]:
                self._lost(self.sources.pop(node).members)

    def close(self) -> None:
        """Says that nothing is here any more, and holds nobody who was told."""
        self._between.tell(self._lesson, Have(self._between.node, [], [], False))
        self._end()
        self._end = lambda: None
        self._own, self._changed = lambda: ((), ()), lambda: None
        self._found = self._lost = lambda members: None


def _now() -> float:
    return asyncio.get_running_loop().time()
