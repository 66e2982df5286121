"""Recording: of what comes in at this node's media sockets, what the lesson says is recorded goes to the writer, and
what has been stored goes into the log. While recording is off nothing is written, nor of who did not consent."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Coroutine
from functools import partial
from typing import cast

import msgspec

from mingtang.activities.media.rights import is_recorded
from mingtang.activities.media.state import State
from mingtang.core.event import Command, Refused
from mingtang.live.hall import Hall, UnknownLesson
from mingtang.stores import StoreFailed
from mingtang.stores.media.objects import Kind
from mingtang.stores.media.reels import Reels
from mingtang.web.media.writer import Failed, Noted, Writer

log = logging.getLogger(__name__)
ASTRAY_MS = 60_000  # a time so far from now is no time of capture
MOST_GROUPS = 2000
ATTEMPTS, AGAIN_S = 20, 1.0
Key = tuple[str, int]
Row = tuple[int, int, int, int]


class Recorder:
    """Give `begin` each lesson in which media begins, before its first object."""

    def __init__(self, hall: Hall, reels: Reels, most_mb: int) -> None:
        self.reels = reels
        self._hall = hall
        self._loop = asyncio.get_running_loop()
        self._writer = Writer(reels, most_mb, self._hear)
        self._begun: set[str] = set()
        self._configurations: dict[Key, bytes] = {}  # what a recording that begins later has to begin with
        self._writing: set[Key] = set()
        self._astray: set[Key] = set()
        self._erased: set[Key] = set()
        self._failed: dict[str, int] = {}  # recordings, by when they began, that came to nothing
        self._noted: dict[Key, int] = {}
        self._notes: dict[str, list[Row]] = {}
        self._errands: dict[tuple[str, str], asyncio.Task[None]] = {}
        self._closed = False

    def begin(self, lesson: str) -> None:
        if lesson not in self._begun:
            self._begun.add(lesson)
            self._hall.media.record(lesson, partial(self.take, lesson))

    def take(self, lesson: str, data: bytes) -> None:
        """One object that was published at this node."""
        state, track = self._state(lesson), int.from_bytes(data[2:4], "big")
        if data[0] == Kind.configuration:
            self._configurations[lesson, track] = data
        if state is None or self._closed or not is_recorded(state, track) or (lesson, track) in self._erased:
            self._pause((lesson, track))
        elif self._failed.get(lesson) != state.recording and self._is_timely((lesson, track), data):
            self._put(lesson, track, data)

    def _put(self, lesson: str, track: int, data: bytes) -> None:
        key = (lesson, track)
        if key not in self._writing:
            self._writing.add(key)
            if configuration := self._configurations.get(key):
                self._writer.put(lesson, track, configuration)
        if not self._writer.put(lesson, track, data):
            self._fail(Failed(lesson, "failed"))

    def _state(self, lesson: str) -> State | None:
        door = self._hall.door(lesson)
        return cast(State, door.task.lesson.states["media"]) if door is not None else None

    def _pause(self, key: Key) -> None:
        if key in self._writing:
            self._writing.discard(key)
            self._writer.pause(*key)

    def _is_timely(self, key: Key, data: bytes) -> bool:
        """A file is searched by time: a clock that is far off would put everything in the wrong place."""
        off = int.from_bytes(data[8:14], "big") - self._hall.clock()
        if abs(off) > ASTRAY_MS and key not in self._astray:
            self._astray.add(key)
            told = {"lesson": key[0], "track": key[1], "off_ms": off}
            log.warning("objects of another time are not recorded", extra={"data": told})
        return abs(off) <= ASTRAY_MS

    async def erase(self, lesson: str, tracks: list[int]) -> None:
        """Nothing of these tracks is left, and nothing more is recorded of them."""
        self._erased |= {(lesson, track) for track in tracks}
        await self._let_go(lesson, partial(self._blank, lesson, tracks))

    def _blank(self, lesson: str, tracks: list[int]) -> None:
        for track in tracks:
            self.reels.blank(lesson, track)

    async def remove(self, lesson: str) -> None:
        """Nothing of the lesson is left."""
        await self._let_go(lesson, partial(self.reels.remove, lesson))

    async def _let_go(self, lesson: str, what: Callable[[], object]) -> None:
        if self._closed:
            await asyncio.to_thread(what)
        else:
            await asyncio.wrap_future(self._writer.run(lesson, what))

    async def close(self) -> None:
        """Writes what came before and tells the log of it; while lessons are held still."""
        if self._closed:
            return
        self._closed = True
        await asyncio.to_thread(self._writer.close)
        await asyncio.sleep(0)  # what the writer told last is heard
        if self._errands:
            await asyncio.wait(self._errands.values())

    # What the writer tells

    def _hear(self, news: Noted | Failed) -> None:
        if isinstance(news, Noted):
            self._loop.call_soon_threadsafe(self._note, news)
        else:
            self._loop.call_soon_threadsafe(self._fail, news)

    def _fail(self, failed: Failed) -> None:
        """Recording is turned off in the log, so that every screen says why."""
        lesson, state = failed.lesson, self._state(failed.lesson)
        if state is None or not state.recording or self._failed.get(lesson) == state.recording:
            return
        self._failed[lesson] = state.recording
        self._writing = {key for key in self._writing if key[0] != lesson}
        log.error("recording was stopped", extra={"data": {"lesson": lesson, "trouble": failed.trouble}})
        self._start(lesson, "off", self._say_off(lesson, failed.trouble))

    async def _say_off(self, lesson: str, trouble: str) -> None:
        await self._say(lesson, "media.record", {"on": False, "trouble": trouble})

    def _note(self, noted: Noted) -> None:
        """Each group once, though a track that is opened again is told of from its beginning."""
        lesson, number, groups = noted
        state = self._state(lesson)
        track = state.tracks.get(number) if state is not None else None
        if track is None:
            return
        before = max(self._noted.get((lesson, number), 0), track.stored_until)
        fresh = [(number, *group) for group in groups if group.time > before]
        if fresh:
            self._noted[lesson, number] = fresh[-1][1]
            self._notes.setdefault(lesson, []).extend(fresh)
            self._start(lesson, "notes", self._tell(lesson))

    def _start(self, lesson: str, what: str, errand: Coroutine[None, None, None]) -> None:
        """One of a kind at a time: what is on its way takes along what came meanwhile."""
        running = self._errands.get((lesson, what))
        if running is not None and not running.done():
            return errand.close()
        self._errands[lesson, what] = self._loop.create_task(errand)
        return None

    async def _tell(self, lesson: str) -> None:
        """The last groups of a lesson are safe on the disk only when it has ended."""
        while groups := self._notes.pop(lesson, None):
            for start in range(0, len(groups), MOST_GROUPS):
                told: dict[str, object] = {"groups": groups[start : start + MOST_GROUPS]}
                if not await self._say(lesson, "media.note_stored", told):
                    await self._say(lesson, "media.note_stored_late", told)

    async def _say(self, lesson: str, kind: str, data: dict[str, object]) -> bool:
        """To the log; what it cannot take now is said again for a while. False when the lesson has ended."""
        command = self._hall.kinds.command(kind, msgspec.json.encode(data))
        for _ in range(ATTEMPTS if command is not None else 0):
            try:
                await self._hall.submit(lesson, cast(Command, command))
                return True
            except (Refused, StoreFailed) as error:
                if isinstance(error, Refused) and error.code != "store_failed":
                    return error.code != "lesson.ended"
                if self._closed:
                    return True
            except UnknownLesson:
                return True
            await asyncio.sleep(AGAIN_S)
        return True
