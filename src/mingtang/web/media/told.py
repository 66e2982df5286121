"""Which tracks a lesson has, asked for by many watchers at once: from the lesson while it is held here, else from its
log, read once for all who ask in the same second."""

from __future__ import annotations

import asyncio
import time
from collections import OrderedDict

from mingtang.activities.media.rights import may_hear
from mingtang.core.lesson import Lesson
from mingtang.readings import recorded
from mingtang.readings.recorded import Recorded, RecordedTrack
from mingtang.web.node import Node

LANE = "replay"
FRESH_S = 1.0
MOST_KEPT = 200


class ToldMedia:
    def __init__(self, node: Node) -> None:
        self._node = node
        self._told: OrderedDict[str, tuple[float, asyncio.Future[Recorded]]] = OrderedDict()
        node.remains.also.append(self.forget)

    def forget(self, lesson: str) -> None:
        self._told.pop(lesson, None)

    async def of(self, lesson: str) -> Recorded:
        door = self._node.hall.door(lesson)
        if door is not None:
            return _of_held(door.task.lesson)
        at, asked = self._told.get(lesson, (0.0, None))
        if asked is None or time.monotonic() > at + FRESH_S:
            asked = asyncio.ensure_future(self._node.reader.ask(LANE, recorded.without_groups, lesson))
            self._told[lesson] = (time.monotonic(), asked)
            while len(self._told) > MOST_KEPT:
                self._told.popitem(last=False)
        return await asyncio.shield(asked)

    async def hears(self, lesson: str, member: str, told: Recorded) -> bool:
        """When the lesson is over everybody; before that not who sits in the room (M5)."""
        if told.ended:
            return True
        door = self._node.hall.door(lesson)
        now = door.task.lesson if door is not None else await self._node.hall.look(lesson)
        return may_hear(now.states["media"], now.people, member)


def _of_held(lesson: Lesson) -> Recorded:
    tracks = {
        no: RecordedTrack(track.source, track.codec, track.member, track.began)
        for no, track in lesson.states["media"].tracks.items()
    }
    names = {track.member: lesson.people.name(track.member) for track in tracks.values()}
    return Recorded(tracks, names, lesson.states["lesson"].ended)
