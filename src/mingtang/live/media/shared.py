"""A relay whose lesson is relayed by other nodes as well: what their senders send is seen here, and what is sent here
is seen there. Each node writes to its own viewers; between two nodes each track goes once."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from typing import Any

from mingtang.live.media.between import Asked, Between, Got, Letter, Part, Wanted
from mingtang.live.media.line import Line
from mingtang.live.media.neighbours import Neighbours
from mingtang.live.media.relay import ALL, Relay, now_s
from mingtang.live.media.tracks import Item, rank_of


class SharedRelay(Relay):
    def __init__(self, *given: Any, lesson: str, between: Between) -> None:
        super().__init__(*given)
        self._wanting = False
        self._neighbours = Neighbours(between, lesson, self._own, self._found, self._lost, self._sort_out)

    def close(self, code: int, reason: str) -> None:
        super().close(code, reason)
        self._neighbours.close()

    def sweep(self, now: float) -> None:
        super().sweep(now)
        self._neighbours.sweep(now)
        self._want()

    # What others are told, and what they tell

    def _say(self) -> None:
        self._neighbours.say(anyway=False)

    def _own(self) -> tuple[list[int], list[str]]:
        tracks = [track for track, line in self.speakers.items() if line.member != ALL]
        state = self.state
        return tracks, [m for m in {*state.stage, state.device} if m in self.members and m != ALL]

    def _elsewhere(self, member: str) -> bool | None:
        return self._neighbours.has(member) if self._neighbours.up else None

    def _found(self, members: Iterable[str]) -> None:
        for member in members:
            self.absence.came(member)

    def _lost(self, members: Iterable[str]) -> None:
        for member in members:
            if member not in self.members and not self._neighbours.has(member):
                self.absence.left(member, now_s())

    def _sort_out(self) -> None:
        """What a node no longer has comes from nowhere until another says that it has it."""
        sources = {source.line: source.tracks for source in self._neighbours.sources.values()}
        for track, line in list(self.speakers.items()):
            if line.member == ALL and track not in sources.get(line, ()):
                del self.speakers[track]
        self._want()

    def _want(self) -> None:
        """Once a turn of the loop, however many come in it."""
        if not self._wanting:
            self._wanting = True
            asyncio.get_running_loop().call_soon(self._want_now)

    def _want_now(self) -> None:
        """Of others' tracks, what somebody here looks at."""
        self._wanting = False
        wanted: dict[int, int] = {}
        readers = {reader.line for reader in self._neighbours.readers.values()}
        for line in self.lines():
            for number, sight in line.viewer.sights.items() if line not in readers else ():
                wanted[number] = max(wanted.get(number, 0), sight.wish)
        here = {number for number, line in self.speakers.items() if line.member != ALL}
        self._neighbours.want({n: layer for n, layer in wanted.items() if n not in here})

    def take(self, letter: Letter) -> None:
        """What another node says to this one."""
        reader = self._neighbours.readers.get(letter.node)
        source = self._neighbours.sources.get(letter.node)
        match letter:
            case Wanted():
                self._serve(letter)
            case Part() if source is not None:
                item = source.take(letter)
                if item is not None:
                    self._pass_on(item, source.line)
            case Got() if reader is not None:
                reader.got(letter.place)
            case Asked() if reader is not None and reader.line is not None:
                self.hear(reader.line, letter.text)

    def _serve(self, wanted: Wanted) -> None:
        new = wanted.node not in self._neighbours.readers
        line = self._neighbours.reader(wanted.node, self.leave).line
        if line is not None:
            line.heard = now_s()
            if new:
                self.enter(line)
            self.see(line, wanted.tracks)

    def _pass_on(self, item: Item, source: Line) -> None:
        """What another node has let pass; nothing twice, also when two nodes send the same."""
        head, opened = item.head, self.state.open.get(item.head.track)
        if opened is None:
            return
        rank = rank_of(opened.source)
        if item.configures or head.seq > self.track(head.track, rank).last:
            self.speakers.setdefault(head.track, source)
            self.spread(item, rank)
