"""A lesson that other nodes write to as well. The place in the log is the only lock: a wish is decided on the state as
it is, appended right there, and decided again when another node was first. Wishes are handed to the node that wrote
last while it answers, so that this is rare."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Sequence
from typing import Any

import msgspec

from mingtang import metrics
from mingtang.buses.asking import NoAnswer
from mingtang.core.erasing import last_erased
from mingtang.core.event import Fact, Refused, Row
from mingtang.core.frame import MemberWent
from mingtang.core.lesson import Lesson, Touched
from mingtang.core.upcast import Unreadable
from mingtang.live.others import Message, News, Others, Said
from mingtang.live.screen import Screen
from mingtang.live.spare import Spare
from mingtang.live.task import LessonTask
from mingtang.live.wish import Answer, Wish
from mingtang.stores import Conflict, InDoubt, StoreFailed

log = logging.getLogger(__name__)
CAREFUL_AT_ONCE = 32  # wishes decided one by one before screens are shown what became of them
TRY_FOR_S = 10.0
WROTE_LATELY_S = 2.0
LOOK_EVERY_S = 1.5
SAID_WITHIN_S = 2.5  # whoever has gone and waited longer has said it again at another node
ROWS_AT_ONCE = 500


class SharedTask(LessonTask):
    """`_writer` is the node that wrote last; "" for this one, or when nobody is known to write."""

    def __init__(self, *given: Any, others: Others) -> None:
        self._others = others
        self._news: list[list[Row]] = []
        self._look = False
        self._looked_at = 0.0
        self._askers: list[asyncio.Future[None]] = []
        self._writer = ""
        self._wrote_at = 0.0
        self.went: Callable[[str], None] = lambda member: None
        # Whether nobody waits here any more for what becomes of a wish.
        self.left: Callable[[Wish], bool] = lambda wish: False
        super().__init__(*given)
        self._spare = Spare(self._read, self._store, self.id)

    # What the others tell

    def hear(self, message: Message) -> None:
        match message:
            case News():
                if message.program == self._others.program:
                    self._yield_to(message.node)
                else:
                    self._writer = ""
                if message.rows is None:
                    self._look = True
                else:
                    self._news.append(message.rows)
                self._ring()
            case Said():
                self.hub.relay(message.no, message.topic, message.data, asyncio.get_running_loop().time())
            case _:
                return  # who is here is the door's

    def _yield_to(self, node: str) -> None:
        """Of two that write at the same time the one with the lesser name goes on, so that both know which. To one of
        another program nothing is handed: it might leave out what it does not know."""
        lately = asyncio.get_running_loop().time() - self._wrote_at < WROTE_LATELY_S
        if node < self._others.node or not lately:
            self._writer = node
            self._spare.drop()

    def look(self) -> None:
        """The log may have grown: it is read from where we are."""
        self._look = True
        self._ring()

    def poll(self, now: float) -> None:
        if now - self._looked_at >= LOOK_EVERY_S:
            self.look()

    async def current(self) -> None:
        if self._stopping:
            raise StoreFailed("The server is closing.")
        asker: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._askers.append(asker)
        self._ring()
        await asker

    async def stop(self) -> None:
        await super().stop()
        self._spare.drop()
        self._settle(StoreFailed("The server is closing."))

    def relay(self, screen: Screen, topic: str, data: Any, now: float) -> None:
        super().relay(screen, topic, data, now)
        self._others.tell(self.id, Said(self._others.node, topic, self._others.screen_no(screen.no), data))

    # Following the log

    async def _step(self) -> None:
        await self._follow()
        await super()._step()

    async def _follow(self) -> None:
        asked, self._askers = self._askers, []
        try:
            if self._broken and asked:
                await self._reload()
            if not self._broken:
                await self._read_on(bool(asked))
                await self._spare.settle(self.lesson)
            failed = StoreFailed(f"The log of lesson {self.id} cannot be read at the moment.") if self._broken else None
        except StoreFailed as error:
            if not self.outdated:
                log.warning("lesson %s: %s", self.id, error)
            failed = error
        self._settle(failed, asked)

    async def _read_on(self, look: bool) -> None:
        news, self._news = self._news, []
        look, self._look = look or self._look, False
        for rows in news:
            fresh = [row for row in rows if row.seq > self.lesson.seq]
            if fresh and fresh[0].seq == self.lesson.seq + 1 and not last_erased(fresh):
                self._take(fresh)
            else:
                look = look or bool(fresh)
        if look:
            await self._catch_up()

    def _settle(self, failed: StoreFailed | None, asked: Sequence[asyncio.Future[None]] = ()) -> None:
        for asker in asked or self._askers:
            if not asker.done():
                asker.set_result(None) if failed is None else asker.set_exception(failed)

    async def _catch_up(self) -> bool:
        """Folds what others have written since; True when there was something. When a person was erased there, all of
        the log is read again. Raises StoreFailed."""
        before = self.lesson.seq
        while rows := await self._store.read(self.id, self.lesson.seq, ROWS_AT_ONCE):
            if not last_erased(rows):
                self._take(rows)
            elif not await self._reload():
                raise StoreFailed(f"The log of lesson {self.id} cannot be read at the moment.")
        self._looked_at = asyncio.get_running_loop().time()
        self._resolve()
        return self.lesson.seq != before

    def _take(self, rows: Sequence[Row]) -> None:
        facts, touched = list[Fact](), Touched()
        try:
            for row in rows:
                fact = self.lesson.kinds.fact(row)
                touched.add(self.lesson.fold(fact))
                facts.append(fact)
        except (msgspec.MsgspecError, Unreadable) as error:
            self._send_off(error)
            raise StoreFailed(f"Record {self.lesson.seq + 1} of lesson {self.id} cannot be read: {error}.") from error
        finally:
            self._show(facts, touched)
        self._spare.take(rows)

    def _show(self, facts: list[Fact], touched: Touched) -> None:
        super()._show(facts, touched)
        for fact in facts:
            if isinstance(fact.event, MemberWent):
                self.went(fact.event.id)

    def _could_not_read(self, why: BaseException | None) -> None:
        self._send_off(why)

    def _send_off(self, error: BaseException | None) -> None:
        """A node with a newer program writes here: whoever is at this one goes on at that one."""
        if isinstance(error, Unreadable) and not self.outdated:
            self.outdated = True
            log.error("lesson %s goes on at nodes with a newer program: %s", self.id, error)
            self.farewell_all("server_restarts", 1013)

    def _rewritten(self) -> None:
        """Whom this does not reach finds it in the log, the next time he looks there."""
        self._others.tell(self.id, News(self._others.node, None, self._others.program))

    async def _reload(self) -> bool:
        self._spare.drop()
        self._broken = self._broken or self.outdated
        return not self.outdated and await super()._reload()  # what it cannot read now it can never read

    # Deciding and keeping

    async def _commit(self, wishes: list[Wish]) -> None:
        if self._broken and not await self._reload():
            return self._refuse(wishes)
        own = self._in_time(await self._hand_over(self._in_time(wishes)))
        if len(own) > 1:
            own = await self._commit_ahead(own) if self._spare.ready_at(self.lesson) else own
            self._spare.wanted(self._ring)
        self._inbox = own[CAREFUL_AT_ONCE:] + self._inbox
        for wish in own[:CAREFUL_AT_ONCE]:
            await self._commit_one(wish)

    async def _hand_over(self, wishes: list[Wish]) -> list[Wish]:
        """Gives wishes to the node that writes; returns those to be decided here."""
        ours = [w if w.cmd else w._replace(cmd=self._others.new_cmd()) for w in wishes if not w.handed]
        if not self._writer or not ours:
            return wishes
        handed = [w for w in wishes if w.handed]
        try:
            answers = await self._others.hand_over(self._writer, self.id, ours)
        except NoAnswer:
            self._writer = ""
            return handed + [wish._replace(given=True) for wish in ours]
        back = []
        for wish, answer in zip(ours, answers, strict=True):
            if answer.code == "store_failed":
                back.append(wish)
            else:
                wish.reply(answer)
        return handed + back

    async def _commit_ahead(self, wishes: list[Wish]) -> list[Wish]:
        """All in one append, ahead of the log. Returns those still to do. What is fallen back on is taken out before:
        while the append is on its way, others may say that they write, and then the spare is dropped."""
        fallback = self._spare.give()
        self.durable = False
        answers, facts, touched = self._decide(wishes)
        if answers is not None and not facts:
            self.durable = True
            self._spare.keep(fallback)
            return await self._nothing_new(wishes, answers)
        try:
            if answers is None:
                raise StoreFailed("a fact did not fold")
            rows = await self._append(facts)
        except Conflict:
            metrics.conflicts.inc()
            self._fall_back(fallback)
            return wishes
        except StoreFailed as error:
            self._fall_back(fallback)
            await self._fail(wishes, error)
            return []
        self.durable = True
        self._spare.keep(fallback)
        self._spare.take(rows)
        self._kept(rows, facts, touched)
        self._answer(wishes, answers)
        return []

    async def _nothing_new(self, wishes: list[Wish], answers: list[Answer]) -> list[Wish]:
        """Nothing was to be written, if this is the newest state."""
        try:
            if await self._catch_up():
                return wishes
        except StoreFailed as error:
            await self._fail(wishes, error)
        else:
            self._answer(wishes, answers)
        return []

    def _fall_back(self, to: Lesson) -> None:
        self.lesson = self.hub.lesson = to
        self._broken, self.durable = False, True

    async def _commit_one(self, wish: Wish) -> None:
        """Nothing is folded before it is in the log: when another node was first, only its rows have to be read."""
        loop = asyncio.get_running_loop()
        until, lost = loop.time() + TRY_FOR_S, 0
        try:
            while loop.time() < until:
                if self._too_late(wish):
                    return None
                answer, facts = self._decide_one(wish)
                if not facts:
                    if (answer.seq and self._seen(wish)) or not await self._catch_up():
                        return wish.reply(answer)
                    continue
                try:
                    rows = await self._append(facts)
                except Conflict:
                    metrics.conflicts.inc()
                    lost += 1
                    await self._catch_up()
                    await asyncio.sleep(self._seed() % 1000 / 1000 * min(0.002 * 2**lost, 0.2) if lost > 1 else 0)
                    continue
                touched = Touched()
                for fact in facts:
                    touched.add(self.lesson.fold(fact))
                self._spare.take(rows)
                self._kept(rows, facts, touched)
                return wish.reply(answer)
        except StoreFailed as error:
            return await self._fail([wish], error)
        wish.reply(Answer(code="store_failed"))

    def wish(self, wish: Wish) -> None:
        super().wish(wish if wish.handed else wish._replace(until=asyncio.get_running_loop().time() + SAID_WITHIN_S))

    def _in_time(self, wishes: list[Wish]) -> list[Wish]:
        return [wish for wish in wishes if not self._too_late(wish)]

    def _too_late(self, wish: Wish) -> bool:
        """Whether another node may have decided it by now, as this one stood still: once more would be once too often.
        What became an event is found by its id, but not what was refused, or changed nothing."""
        now = asyncio.get_running_loop().time()
        if now <= wish.until or not (wish.handed or self.left(wish)):
            return False
        wish.reply(Answer(code="store_failed"))
        return True

    def _decide_one(self, wish: Wish) -> tuple[Answer, list[Fact]]:
        if (seen := self._seen(wish)) is not None:
            return Answer(seen), []
        at = max(self._clock(), self.lesson.at)
        try:
            events = self._events(wish, at)
        except Refused as refused:
            return Answer(code=refused.code, params=refused.params), []
        seq = self.lesson.seq
        return Answer(seq + len(events)), [
            Fact(seq + place, at, wish.by, wish.cmd, event) for place, event in enumerate(events, 1)
        ]

    def _seen(self, wish: Wish) -> int | None:
        return self.lesson.seen.place(wish.by, wish.cmd)

    def _kept(self, rows: list[Row], facts: list[Fact], touched: Touched) -> None:
        if rows:
            self._writer, self._wrote_at = "", asyncio.get_running_loop().time()
            self._others.tell_rows(self.id, rows)
        self._show(facts, touched)

    async def _fail(self, wishes: list[Wish], error: StoreFailed) -> None:
        """Nothing was kept, unless the log says otherwise: a commit may fail after it was durable."""
        metrics.append_failures.inc()
        log.error("lesson %s: %s", self.id, error)
        doubt = False
        try:
            await self._catch_up()
        except StoreFailed:
            self._look, doubt = True, isinstance(error, InDoubt)
        for wish in wishes:
            if (seen := self._seen(wish)) is not None:
                wish.reply(Answer(seen))
            elif doubt or wish.given:
                self._in_doubt.append(wish)  # until the log has been read once more
            else:
                wish.reply(Answer(code="store_failed"))

    def _refuse(self, wishes: list[Wish]) -> None:
        self._in_doubt += [wish for wish in wishes if wish.given]
        for wish in wishes:
            if not wish.given:
                wish.reply(Answer(code="store_failed"))
