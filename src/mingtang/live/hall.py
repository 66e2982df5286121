"""All running lessons of this node: opened when somebody comes, put away when nobody is left."""

from __future__ import annotations

import asyncio
import logging
from collections import Counter
from collections.abc import Callable
from functools import partial

import msgspec

import mingtang
from mingtang import metrics
from mingtang.core.activity import Kinds
from mingtang.core.erasing import Progress
from mingtang.core.event import Command, Refused, Row
from mingtang.core.lesson import Lesson
from mingtang.core.upcast import Unreadable
from mingtang.live import wire
from mingtang.live.chance import chances
from mingtang.live.clock import Clock, system_clock
from mingtang.live.company import SharedDoor
from mingtang.live.door import Door
from mingtang.live.media.between import Between
from mingtang.live.media.relays import Relays
from mingtang.live.others import HANDED_WITHIN_S, Handed, Others
from mingtang.live.shared import SharedTask
from mingtang.live.task import Change, LessonTask
from mingtang.live.wish import Answer, Wish
from mingtang.stores import Store, StoreFailed

log = logging.getLogger(__name__)
SWEEP_EVERY_S = 1.0
PING_EVERY_S = 20.0
SILENT_FOR_S = 45.0
BEHIND_FOR_S = 30.0
IDLE_FOR_S = 600.0
LOOK_WITHIN_S = 10.0
ROWS_AT_ONCE = 500  # other lessons go on while a long log is read


class UnknownLesson(Exception):  # noqa: N818
    """There is no log by that name."""


class Hall:
    """`submit` and `look` are for this program's own pages; screens come in by a Door."""

    def __init__(
        self,
        kinds: Kinds,
        store: Store,
        clock: Clock | None = None,
        seed: Callable[[], int] | None = None,
        others: Others | None = None,
    ) -> None:
        """`others` when this node is one of many, or may be."""
        self.kinds, self.store, self._others = kinds, store, others
        if others is not None:
            others.serve, others.program = self._serve, f"{mingtang.__version__} {kinds.mark}"
        self.clock = clock or system_clock()
        between = None if others is None or others.media is None else Between(others.media, others.node)
        self.media = Relays(self._task, self.clock, between)
        self._seed = seed or chances().__next__
        self._doors: dict[str, Door] = {}
        self._opening: dict[str, asyncio.Future[Door]] = {}
        self._used: dict[str, float] = {}
        self._sweeper: asyncio.Task[None] | None = None
        self._closed = False

    # For pages

    async def create(self, lesson: str, title: str, code: str, course: str = "") -> None:
        """Begins a log. Raises Refused("store_failed") when it cannot be written."""
        door = await self._open(lesson, new=True)
        opening = {"title": title, "code": code, "course": course}
        command = self.kinds.command("lesson.open", msgspec.json.encode(opening))
        if command is None:
            raise LookupError("there is no activity that opens lessons")
        await self._wish(door, command, "", "")

    async def submit(self, lesson: str, command: Command, by: str = "", cmd: str = "") -> int:
        """The place of the log where it is durable. Raises Refused or UnknownLesson. `by` "" is the server."""
        return await self._wish(await self._open(lesson), command, by, cmd)

    async def look(self, lesson: str) -> Lesson:
        """The lesson at a moment when all of it is durable: read it at once, without awaiting in between."""
        door = await self._open(lesson)
        try:
            async with asyncio.timeout(LOOK_WITHIN_S):
                await door.task.current()
                while True:
                    still: asyncio.Future[None] = asyncio.get_running_loop().create_future()
                    door.task.errand(partial(_end, still))
                    await still
                    if door.task.durable:  # nothing was folded between the errand and here
                        return door.task.lesson
        except TimeoutError as error:
            raise StoreFailed(f"The log of lesson {lesson} cannot be read at the moment.") from error

    def standing(self) -> metrics.Standing:
        """May be asked from another thread: what it tells is a number or two old at worst."""
        doors = list(self._doors.values())
        roles = Counter(s.role.value for d in doors for held in list(d.task.hub.screens.values()) for s in list(held))
        waiting = sum(door.task.waiting for door in doors)
        return metrics.Standing(len(doors), dict(roles), waiting, *self.media.standing())

    async def rewrite(self, lesson: str, change: Change) -> None:
        """`change` erases a person from the log, while nothing is decided here. Raises what it raises, UnknownLesson,
        StoreFailed."""
        await (await self._open(lesson)).task.rewrite(change)

    async def put_away(self, lesson: str) -> None:
        """Closes a lesson that is over, before its log goes; screens that look at it are sent off."""
        door = self._doors.pop(lesson, None)
        self._used.pop(lesson, None)
        self.media.put_away(lesson)
        if door is not None:
            door.task.farewell_all("lesson.ended", 4410)
            await door.close()

    def busy(self) -> bool:
        """Whether there is a lesson with somebody in it that has not ended."""
        return any(not door.presence.empty and not door.task.lesson.ended for door in self._doors.values())

    @property
    def outdated(self) -> bool:
        """Whether a lesson that is open here is written to by a newer program than this."""
        return any(door.task.outdated for door in self._doors.values())

    async def close(self) -> None:
        """Every screen is told to come back soon (1012); what was asked before is finished."""
        self._closed = True
        if self._sweeper is not None:
            self._sweeper.cancel()
        self.media.close()
        for door in list(self._doors.values()):
            door.task.farewell_all("server_restarts", 1012)
            await door.close()
        self._doors.clear()

    # For screens

    def door(self, lesson: str) -> Door | None:
        """The lesson's door if it is open already."""
        return self._doors.get(lesson)

    async def open(self, lesson: str) -> Door:
        """Raises UnknownLesson, StoreFailed, Unreadable."""
        return await self._open(lesson)

    def _task(self, lesson: str) -> LessonTask | None:
        door = self._doors.get(lesson)
        return None if door is None else door.task

    async def _wish(self, door: Door, command: Command, by: str, cmd: str) -> int:
        answered: asyncio.Future[Answer] = asyncio.get_running_loop().create_future()
        door.task.wish(Wish(command, by, cmd, lambda answer: None if answered.done() else answered.set_result(answer)))
        answer = await answered
        if answer.code:
            raise Refused(answer.code, **(answer.params or {}))
        return answer.seq

    async def _open(self, lesson: str, new: bool = False) -> Door:
        if self._sweeper is None and not self._closed:
            self._sweeper = asyncio.create_task(self._sweep(), name="sweep of the hall")
        door = self._doors.get(lesson)
        if door is not None:
            self._used[lesson] = asyncio.get_running_loop().time()
            return door
        opening = self._opening.get(lesson)
        if opening is None:
            opening = self._opening[lesson] = asyncio.ensure_future(self._load(lesson, new))
            opening.add_done_callback(lambda _: self._opening.pop(lesson, None))
        return await asyncio.shield(opening)

    async def _load(self, id_: str, new: bool) -> Door:
        if self._closed:
            raise StoreFailed("The server is closing.")
        lesson = await self._read(id_)
        if lesson.seq == 0 and not new:
            raise UnknownLesson(id_)
        door = self._doors[id_] = self._door(id_, lesson)
        self._used[id_] = asyncio.get_running_loop().time()
        return door

    def _door(self, id_: str, lesson: Lesson) -> Door:
        given = (id_, lesson, self.store, partial(self._read, id_), self.clock, self._seed)
        if self._others is None:
            return Door(LessonTask(*given), self.kinds)
        return SharedDoor(SharedTask(*given, others=self._others), self.kinds, others=self._others)

    # For other nodes

    def grown(self, lesson: str) -> None:
        """Somebody may have written to the lesson; "" for any of them."""
        doors = [self._doors[lesson]] if lesson in self._doors else [] if lesson else list(self._doors.values())
        for door in doors:
            if isinstance(door.task, SharedTask) and not (self._others and self._others.up):
                door.task.look()

    async def _serve(self, lesson: str, handed: list[Handed]) -> list[Answer] | None:
        door = self._doors.get(lesson)
        if door is None or self._closed:
            return None
        return await asyncio.gather(*(self._decide(door, wish) for wish in handed))

    async def _decide(self, door: Door, handed: Handed) -> Answer:
        command = self.kinds.command(handed.kind, handed.data)
        if command is None:
            return Answer(code="unknown_kind")
        answered: asyncio.Future[Answer] = asyncio.get_running_loop().create_future()
        until = asyncio.get_running_loop().time() + HANDED_WITHIN_S
        door.task.wish(Wish(command, handed.by, handed.cmd, answered.set_result, handed=True, until=until))
        return await answered

    async def _read(self, id_: str) -> Lesson:
        lesson, progress = Lesson(self.kinds), Progress()
        while (rows := await self.store.read(id_, progress.after, ROWS_AT_ONCE)) or not progress.ends():
            if progress.take(rows):
                lesson = lesson if rows[0].seq > 1 else Lesson(self.kinds)
                self._fold(id_, lesson, rows)
            await asyncio.sleep(0)
        return lesson

    def _fold(self, id_: str, lesson: Lesson, rows: list[Row]) -> None:
        for row in rows:
            try:
                lesson.take(self.kinds.fact(row))
            except (msgspec.MsgspecError, Unreadable) as error:
                raise StoreFailed(f"Record {row.seq} of lesson {id_} cannot be read: {error}.") from error

    # From time to time

    async def _sweep(self) -> None:
        loop = asyncio.get_running_loop()
        pinged = loop.time()
        while True:
            due = loop.time() + SWEEP_EVERY_S
            await asyncio.sleep(SWEEP_EVERY_S)
            now = loop.time()
            metrics.loop_lag_s.observe(max(0.0, now - due))
            ping = now - pinged >= PING_EVERY_S
            pinged = now if ping else pinged
            self._sweep_media(now, ping)
            self._sweep_lessons(now, ping)

    def _sweep_lessons(self, now: float, ping: bool) -> None:
        """Not in `_sweep` itself, whose names would hold the last lesson for as long as there is no other."""
        for id_, door in list(self._doors.items()):
            try:
                self._sweep_one(id_, door, now, ping)
            except Exception:
                log.exception("sweeping lesson %s failed", id_)

    def _sweep_media(self, now: float, ping: bool) -> None:
        try:
            self.media.sweep(now, ping)
        except Exception:
            log.exception("sweeping voice and picture failed")

    def _sweep_one(self, id_: str, door: Door, now: float, ping: bool) -> None:
        door.sweep(now)
        for screens in list(door.task.hub.screens.values()):
            for screen in list(screens):
                if screen.gone:  # its line is closed, and it waits to be taken out
                    continue
                if now - screen.heard > SILENT_FOR_S:
                    metrics.cut.labels("silent").inc()
                    screen.port.abort()
                elif screen.behind_since is not None and now - screen.behind_since > BEHIND_FOR_S:
                    metrics.cut.labels("slow").inc()
                    screen.port.close(4408, "slow")
                    screen.port.abort()
                elif ping and screen.behind_since is None:
                    screen.write(wire.PING)
        if door.presence.empty and now - self._used.get(id_, 0.0) > IDLE_FOR_S:
            asyncio.create_task(self._put_away(id_, door))  # noqa: RUF006 — it ends by itself, and close() stops the rest

    async def _put_away(self, id_: str, door: Door) -> None:
        if self._doors.get(id_) is door:
            del self._doors[id_]
            self._used.pop(id_, None)
            self.media.put_away(id_)
            await door.close()


def _end(waiting: asyncio.Future[None]) -> None:
    if not waiting.done():
        waiting.set_result(None)
