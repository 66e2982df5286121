"""One running lesson: commands are decided in order, made durable, folded, answered and shown. Nobody else writes."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any, Protocol

from mingtang import metrics, traces
from mingtang.core.event import Event, Fact, Refused, Row
from mingtang.core.frame import LessonEnded, MemberPromoted, MemberRemoved, MemberRenamed, MemberSeated
from mingtang.core.lesson import Lesson, Touched
from mingtang.core.member import SERVER, STAFF
from mingtang.live import wire
from mingtang.live.clock import Clock
from mingtang.live.hub import Hub
from mingtang.live.screen import Screen
from mingtang.live.wish import Answer, Wish
from mingtang.stores import Conflict, InDoubt, Store, StoreFailed

log = logging.getLogger(__name__)
BATCH = 256
ATTEMPTS = 8
FLUSH_EVERY_S = 0.05
DELIVERIES_PER_S = 10_000  # of contributions alone: a crowd's counts must not take the time that steering needs
GATHER_S = 1e-6  # for each screen: in a lesson of ten thousand, a crowd's wishes are kept a hundred times a second
LARGE = 1000
HOPS = 3  # of the event loop, from an errand that ends a wait to the one who waited
HEAL_EVERY_S = 0.5  # how often a log that could not be read is tried again


Change = Callable[[], Awaitable[None]]


class Reader(Protocol):
    async def __call__(self) -> Lesson: ...


class LessonTask:
    """Everything happens in `_run`: between two steps of it the lesson's state equals the durable log. `outdated` when
    the log has what this program cannot read."""

    outdated = False

    def __init__(
        self, id_: str, lesson: Lesson, store: Store, read: Reader, clock: Clock, seed: Callable[[], int]
    ) -> None:
        self.id = id_
        self.lesson = lesson
        self.hub = Hub(lesson, clock, self._ring)
        self._store, self._read, self._clock, self._seed = store, read, clock, seed
        self._steering: list[Wish] = []
        self._inbox: list[Wish] = []
        self._in_doubt: list[Wish] = []  # the log may have them, and cannot be read
        self._errands: list[Callable[[], None]] = []
        self._changes: list[tuple[Change, asyncio.Future[None]]] = []
        self._bell = asyncio.Event()
        self._timer: asyncio.TimerHandle | None = None
        self._heal: asyncio.TimerHandle | None = None
        self._heal_due = False
        self._flushed_at = 0.0
        self._gather_until = 0.0
        self._gathering: asyncio.TimerHandle | None = None
        self._broken = False
        self._anew = False
        self.durable = True
        self._kept_to = lesson.seq
        self._stopping = False
        self._task = asyncio.create_task(self._run(), name=f"lesson {id_}")

    def wish(self, wish: Wish) -> None:
        if self._stopping:
            wish.reply(Answer(code="store_failed"))
            return
        by = self.lesson.people.get(wish.by) if wish.by else None
        if by is not None and by.role in STAFF:
            self._steering.append(wish)
        else:
            self._inbox.append(wish)
            if self._gathering is not None:
                return
        self._bell.set()

    def errand(self, what: Callable[[], None]) -> None:
        """Runs `what` when the state is durable and everything shown is on its way."""
        self._errands.append(what)
        self._bell.set()

    def relay(self, screen: Screen, topic: str, data: Any, now: float) -> None:
        """What a screen says, to the others."""
        self.hub.relay(screen.no, topic, data, now, screen)

    def poll(self, now: float) -> None:
        """From time to time: nobody else writes, so there is nothing to look for."""

    async def current(self) -> None:
        """Returns when all that any node had written before is folded. Raises StoreFailed."""

    async def rewrite(self, change: Change) -> None:
        """Awaits `change`, which erases a person from the log, while nothing is decided; then all screens see it as it
        is now. Raises what `change` raises, and StoreFailed."""
        done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._changes.append((change, done))
        self._bell.set()
        await done

    @property
    def waiting(self) -> int:
        """Commands not decided yet."""
        return len(self._steering) + len(self._inbox)

    async def stop(self) -> None:
        """Finishes what was asked before, then ends."""
        self._stopping = True
        self._bell.set()
        await self._task
        for wish in self._in_doubt:
            wish.reply(Answer(code="store_failed"))
        self.hub.close()

    def _ring(self) -> None:
        self._bell.set()

    async def _run(self) -> None:
        while True:
            await self._bell.wait()
            self._bell.clear()
            try:
                await self._step()
            except Exception:
                log.exception("a step of lesson %s failed", self.id)
                self._broken = self._broken or not self.durable  # nobody may be answered out of what is in no log
            free = not self.hub.fan_out.busy and not self._broken
            if self._steering or (self._inbox and not self._held()) or ((self._errands or self._changes) and free):
                self._bell.set()
            elif self._inbox:
                continue  # they are gathered, and that has its end
            elif self._stopping:
                return
            elif self._broken and self._heal is None:
                self._heal = asyncio.get_running_loop().call_later(HEAL_EVERY_S, self._try_to_heal)

    async def _step(self) -> None:
        if self._heal_due:
            self._heal_due = False
            if self._broken and not self.waiting:
                await self._reload()
        if self._changes and not self.hub.fan_out.busy:
            await self._rewrite(*self._changes.pop(0))
        if self._do_errands():
            for _ in range(HOPS):  # who asked to look does so before anything else is folded
                await asyncio.sleep(0)
        if batch := self._next():
            await self._commit(batch)
            self._do_errands()
        self._flush_when_due()

    def _next(self) -> list[Wish]:
        """What staff ask for goes before what a crowd contributes; everybody's own wishes stay in order."""
        first, self._steering = self._steering[:BATCH], self._steering[BATCH:]
        left = 0 if self._inbox and self._held() else BATCH - len(first)
        then, self._inbox = self._inbox[:left], self._inbox[left:]
        if then and not self._inbox and self.hub.reach >= LARGE:
            self._gather_until = asyncio.get_running_loop().time() + GATHER_S * self.hub.reach
        return first + then

    def _held(self) -> bool:
        """Whether a crowd's wishes wait a moment for more: each commit costs as much as a few answers do."""
        wait = 0.0 if self._stopping else self._gather_until - asyncio.get_running_loop().time()
        if wait > 0 and self._gathering is None:
            self._gathering = asyncio.get_running_loop().call_later(wait, self._gathered)
        return wait > 0

    def _gathered(self) -> None:
        self._gathering = None
        self._bell.set()

    def _try_to_heal(self) -> None:
        """Only says that it is time: the log is read by `_run`, as everything is."""
        self._heal, self._heal_due = None, True
        self._bell.set()

    def _do_errands(self) -> bool:
        if self.hub.fan_out.busy or self._broken:
            return False
        if self._anew:
            self._anew = False
            self._show_anew()
        if self.hub.fan_out.busy or not self._errands:
            return False
        errands, self._errands = self._errands, []
        for errand in errands:
            try:
                errand()
            except Exception:
                log.exception("an errand in lesson %s failed", self.id)
        return True

    def _flush_when_due(self) -> None:
        hub = self.hub
        if not hub.dirty or hub.fan_out.busy or self._broken:
            return
        loop = asyncio.get_running_loop()
        pace = max(FLUSH_EVERY_S, hub.reach / DELIVERIES_PER_S)
        wait = 0.0 if hub.dirty.steering else self._flushed_at + pace - loop.time()
        if wait <= 0:
            self._flushed_at = loop.time()
            with metrics.flush_s.time():
                hub.flush()
        elif self._timer is None:
            self._timer = loop.call_later(wait, self._due)

    def _due(self) -> None:
        self._timer = None
        self._bell.set()

    # Deciding and keeping

    async def _commit(self, wishes: list[Wish]) -> None:
        doubt = False
        for _ in range(ATTEMPTS):
            if self._broken and not await self._reload():
                break
            self.durable = False
            answers, facts, touched = self._decide(wishes)
            if answers is None:
                break
            try:
                if facts:
                    await self._append(facts)
            except Conflict:
                metrics.conflicts.inc()
                await self._reload()
                continue
            except StoreFailed as error:
                metrics.append_failures.inc()
                log.error("lesson %s: %s", self.id, error)
                doubt = isinstance(error, InDoubt)
                break
            self.durable, self._kept_to = True, self.lesson.seq
            self._show(facts, touched)
            self._answer(wishes, answers)
            return
        await self._give_up(wishes, doubt)

    async def _append(self, facts: list[Fact]) -> list[Row]:
        rows = [self.lesson.kinds.row(f) for f in facts]
        with metrics.append_s.time(), traces.span("append", lesson=self.id, events=len(facts)):
            await self._store.append(self.id, facts[0].seq - 1, rows)
        metrics.events.inc(len(facts))
        return rows

    def _decide(self, wishes: list[Wish]) -> tuple[list[Answer] | None, list[Fact], Touched]:
        """Decides and folds one after another; None when a fold failed and the state cannot be trusted."""
        answers, facts, touched = list[Answer](), list[Fact](), Touched()
        for wish in wishes:
            seen = self.lesson.seen.place(wish.by, wish.cmd)
            if seen is not None:
                answers.append(Answer(seen))
                continue
            at = max(self._clock(), self.lesson.at)
            try:
                events = self._events(wish, at)
            except Refused as refused:
                answers.append(Answer(code=refused.code, params=refused.params))
                continue
            try:
                for event in events:
                    fact = Fact(self.lesson.seq + 1, at, wish.by, wish.cmd, event)
                    touched.add(self.lesson.fold(fact))
                    facts.append(fact)
            except Exception:
                log.exception("lesson %s: an event of %s does not fold", self.id, type(wish.command).__name__)
                self._broken = True
                return None, [], touched
            answers.append(Answer(self.lesson.seq))
        return answers, facts, touched

    def _events(self, wish: Wish, at: int) -> list[Event]:
        by = SERVER if wish.by == "" else self.lesson.people.get(wish.by)
        if by is None:
            raise Refused("not_a_member")
        try:
            return self.lesson.decide(wish.command, by, at, self._seed())
        except Refused:
            raise
        except Exception as error:
            log.exception("lesson %s: %s could not be decided", self.id, type(wish.command).__name__)
            raise Refused("failed") from error

    async def _reload(self) -> bool:
        """Reads the log anew: the folded state was ahead of it. False while the store cannot be read."""
        self._broken = True
        try:
            lesson = await self._read()
        except StoreFailed as error:
            log.error("lesson %s: %s", self.id, error)
            self._could_not_read(error.__cause__)
            return False
        self._anew = self._anew or lesson.erased > self.lesson.erased
        self.lesson = self.hub.lesson = lesson
        self.hub.mark_all()
        self._broken, self.durable, self._kept_to = False, True, lesson.seq
        self._resolve()
        return True

    def _could_not_read(self, why: BaseException | None) -> None:
        """This program wrote the log alone, so it is no other's."""

    def _resolve(self) -> None:
        """The log has been read: what was in doubt is in it, or is decided anew, for good."""
        self._inbox = [wish._replace(given=False) for wish in self._in_doubt] + self._inbox
        self._in_doubt = []

    async def _rewrite(self, change: Change, done: asyncio.Future[None]) -> None:
        try:
            await change()
            if not await self._reload():
                raise StoreFailed(f"The log of lesson {self.id} cannot be read at the moment.")
        except Exception as error:
            if not done.done():
                done.set_exception(error)
            return
        self._rewritten()
        if not done.done():
            done.set_result(None)

    def _show_anew(self) -> None:
        """A person was erased: nothing that was shown before is true any more."""
        self.hub.begin_anew()
        for member in list(self.hub.screens):
            for screen in list(self.hub.screens[member]):
                self._errands.append(partial(self._greet, screen))

    def _rewritten(self) -> None:
        """Nobody else holds this lesson who would have to be told."""

    async def _give_up(self, wishes: list[Wish], doubt: bool) -> None:
        """Nothing of the batch was kept, unless the log says otherwise: a commit may fail after it was durable. While
        nobody can know, nobody is told."""
        readable = await self._reload()
        for wish in wishes:
            place = self.lesson.seen.place(wish.by, wish.cmd)
            if place is not None and place <= self._kept_to:
                wish.reply(Answer(place))
            elif doubt and not readable:
                self._in_doubt.append(wish)
            else:
                wish.reply(Answer(code="store_failed"))

    def _answer(self, wishes: list[Wish], answers: list[Answer]) -> None:
        for wish, answer in zip(wishes, answers, strict=True):
            wish.reply(answer)

    def _show(self, facts: list[Fact], touched: Touched) -> None:
        if not facts:
            return
        self.hub.mark(touched)
        for fact in facts:
            self._after(fact.event)

    def _after(self, event: Event) -> None:
        """What a few events do to connected screens besides the views."""
        match event:
            case MemberRemoved():
                self._farewell(event.id, "roster.removed", 4403)
            case MemberPromoted() | MemberRenamed() | MemberSeated():
                for screen in list(self.hub.screens.get(event.id, ())):
                    self._errands.append(partial(self._greet, screen))
            case LessonEnded():
                self._errands.append(self._close_all)
            case _:
                return
        self._bell.set()

    def _greet(self, screen: Screen) -> None:
        """A new hello for one who has changed; a screen that does not read gets it when it does."""
        if screen.behind_since is None:
            self.hub.attach(screen)

    def _close_all(self) -> None:
        if self.hub.dirty:
            self.hub.flush()
        if self.hub.fan_out.busy:
            self._errands.append(self._close_all)
            return
        for member in list(self.hub.screens):
            self._farewell(member, "lesson.ended", 4410)

    def _farewell(self, member: str, code: str, close: int) -> None:
        for screen in list(self.hub.screens.get(member, ())):
            screen.send(wire.bye(code))
            screen.port.close(close, code)
            self.hub.detach(screen)

    def farewell_all(self, code: str, close: int) -> None:
        for member in list(self.hub.screens):
            self._farewell(member, code, close)
