"""The engine in lessons that run: it follows the voices that may be written down while staff want it, and what it hears
becomes lines of the captions. A lesson never waits for it: one that fails or falls behind is stopped, and staff are
told."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator, Callable
from functools import partial
from typing import Any, Literal, NamedTuple

from mingtang.activities.media.facts import SOUND
from mingtang.activities.media.state import State as Media
from mingtang.activities.media.state import Track
from mingtang.integrations.captions.engine import Piece
from mingtang.integrations.captions.listening import Listening
from mingtang.integrations.captions.loading import Maker
from mingtang.integrations.captions.pen import ENDS_WITHIN_S, Pen
from mingtang.live.hall import Hall
from mingtang.live.media.port import Take

log = logging.getLogger(__name__)
LONGEST = 300  # of a line, as the captions take it
IDLE_S, LOOK_S = 10.0, 1.0
Why = Literal["failed", "slow"]


def may_be_written(media: Media, track: Track) -> bool:
    """As with recording: staff and the room's own microphone, students who agreed. Groups are among themselves."""
    if track.source not in SOUND or media.group_of(track):
        return False
    return not track.asks or media.consents.get(track.member, False)


class Way:
    """A track's objects on their way to its listening."""

    def __init__(self) -> None:
        self.take: Take | None = None

    def record(self, lesson: str, take: Take) -> Callable[[], None]:
        self.take = take
        return self._leave

    def _leave(self) -> None:
        self.take = None


class Heard(NamedTuple):
    """A track that is being followed; `last` is when its last object came."""

    way: Way
    listening: Listening
    last: float


class Following:
    """One lesson with a voice in it."""

    def __init__(self, hall: Hall, lesson: str, make: Maker) -> None:
        self._hall, self._lesson, self._make = hall, lesson, make
        self._loop = asyncio.get_running_loop()
        self._heard: dict[int, Heard] = {}
        self._errands: set[asyncio.Task[None]] = set()
        self.pen = Pen(hall, lesson)
        hall.media.record(lesson, self.take)

    def take(self, data: bytes) -> None:
        """One object that was published at this node, in the relay's own turn."""
        number = int.from_bytes(data[2:4], "big")
        track = self._wanted(number)
        if track is None:
            if number in self._heard:
                self._stop(number)
            return
        heard = self._heard.get(number) or self._follow(number, track.member)
        self._heard[number] = heard._replace(last=self._loop.time())
        if heard.way.take is not None:
            heard.way.take(data)

    def _wanted(self, number: int) -> Track | None:
        states = self._states()
        if states is None or not states["captions"].listening:
            return None
        track: Track | None = states["media"].open.get(number)
        return track if track is not None and may_be_written(states["media"], track) else None

    def _states(self) -> dict[str, Any] | None:
        door = self._hall.door(self._lesson)
        return None if door is None or door.task.lesson.ended else door.task.lesson.states

    def _follow(self, number: int, member: str) -> Heard:
        way = Way()
        said: Callable[[Piece], object] = partial(self._soon, self._say, number, member)
        failed = partial(self._soon, self._fail, "failed")
        return Heard(way, Listening(way, self._lesson, number, self._make, said, failed), 0)

    def _soon(self, what: Callable[..., None], *about: object) -> None:
        """From the listening thread; a server that has ended hears nothing any more."""
        with contextlib.suppress(RuntimeError):
            self._loop.call_soon_threadsafe(what, *about)

    def _say(self, number: int, member: str, piece: Piece) -> None:
        """One of many lines of it where it is long."""
        text, end = piece.text.strip(), max(piece.begin, piece.end)
        for place in range(0, len(text), LONGEST):
            line = {"begin": piece.begin, "end": end, "text": text[place : place + LONGEST], "lang": piece.lang}
            self.pen.tell("captions.say", member=member, track=number, **line)

    def _fail(self, why: Why) -> None:
        states = self._states()
        for number in list(self._heard):
            self._stop(number)
        if states is not None and states["captions"].listening:
            log.error("captions were stopped", extra={"data": {"lesson": self._lesson, "why": why}})
            self.pen.tell("captions.fail", why=why)

    def _stop(self, number: int) -> None:
        """What is heard by now is still said; one that hangs is left to itself."""
        heard = self._heard.pop(number)
        errand = self._loop.create_task(asyncio.to_thread(heard.listening.stop, ENDS_WITHIN_S))
        self._errands.add(errand)
        errand.add_done_callback(self._errands.discard)

    def look(self, now: float) -> None:
        """Voices that are no longer to be heard end; one that misses something means that all of it is too late."""
        if any(heard.listening.missed for heard in self._heard.values()):
            return self._fail("slow")
        for number, heard in list(self._heard.items()):
            if self._wanted(number) is None or now > heard.last + IDLE_S:
                self._stop(number)
        return None

    async def close(self) -> None:
        for number in list(self._heard):
            self._stop(number)
        if self._errands:
            await asyncio.wait(self._errands)
        await asyncio.sleep(0)  # what was said last is heard
        await self.pen.close()


class Scribe:
    """Give `begin` each lesson in which media begins, before its first object."""

    def __init__(self, hall: Hall, name: str, make: Maker) -> None:
        self._hall, self._name, self._make = hall, name, make
        self._following: dict[str, Following] = {}

    def begin(self, lesson: str) -> None:
        following = self._following.get(lesson)
        if following is None:
            following = self._following[lesson] = Following(self._hall, lesson, self._make)
        following.pen.tell("captions.offer", engine=self._name)

    async def watch(self) -> None:
        while True:
            await asyncio.sleep(LOOK_S)
            now = asyncio.get_running_loop().time()
            for following in self._following.values():
                following.look(now)

    async def close(self) -> None:
        for following in self._following.values():
            await following.close()


@contextlib.asynccontextmanager
async def beside(hall: Hall, name: str, make: Maker) -> AsyncIterator[None]:
    """While lessons run in this hall."""
    scribe = Scribe(hall, name, make)
    hall.media.opened.append(scribe.begin)
    watching = asyncio.create_task(scribe.watch())
    try:
        yield
    finally:
        watching.cancel()
        await scribe.close()
