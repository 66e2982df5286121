"""Between one lesson and its screens: who comes in and goes out, and what the frames they send ask for."""

from __future__ import annotations

import asyncio
import itertools
from collections import OrderedDict
from functools import partial

import msgspec

from mingtang import metrics
from mingtang.core.activity import Kinds
from mingtang.core.member import Role
from mingtang.live import wire
from mingtang.live.budget import Budget
from mingtang.live.presence import Presence
from mingtang.live.screen import NEVER, Port, Screen
from mingtang.live.task import LessonTask
from mingtang.live.wish import Answer, Wish

MOST_STRIKES = 20
MOST_SCREENS = 16
REMEMBERED = 16  # answers that left no event, for each member; of a crowd together no more than
MOST_REMEMBERED = 4096
MOST_UNANSWERED = 32  # of one member, that are kept while the log is away; a browser has 24 on their way
PASSING = frozenset({"store_failed", "slow_down", "failed"})  # answers that may be another one next time

_numbers = itertools.count(1)


class Allowance:
    """What one member may ask for, all screens together."""

    __slots__ = ("commands", "looks", "unanswered", "words")

    def __init__(self) -> None:
        self.commands = Budget(20, 60)
        self.looks = Budget(10, 60)
        self.words = Budget(60, 120)
        self.unanswered = 0


class Door:
    def __init__(self, task: LessonTask, kinds: Kinds) -> None:
        self.task = task
        self._kinds = kinds
        self._budgets: dict[str, Allowance] = {}
        # Ordered: what a plain dict has forgotten at its front is looked through again each time.
        self._answered: OrderedDict[tuple[str, str], Answer] = OrderedDict()
        self._asked: dict[tuple[str, str], list[Screen]] = {}  # said and not answered: who waits for it
        self.presence = Presence(partial(self._note, "roster.come"), partial(self._note, "roster.go"))
        here = [m.id for m in task.lesson.people.members.values() if m.here]
        self.presence.expect(here, asyncio.get_running_loop().time())

    # Screens

    def crowded(self, member: str) -> bool:
        """More screens than a person can look at."""
        return self.presence.screens_of(member) >= MOST_SCREENS

    def knows(self, member: str) -> bool:
        return self.task.lesson.people.get(member) is not None

    def sweep(self, now: float) -> None:
        self.presence.sweep(now)
        self.task.poll(now)

    async def close(self) -> None:
        """What was asked before is finished."""
        await self.task.stop()
        self.presence.close()

    def enter(self, port: Port, member: str, back: int | None, wants: frozenset[str]) -> Screen | None:
        """None when the member is not (or no longer) one of this lesson, or the lesson has ended."""
        known = self.task.lesson.people.get(member)
        if known is None:
            return None
        screen = Screen(port, known, next(_numbers), asyncio.get_running_loop().time())
        screen.wants = wants
        self.presence.arrived(member)
        self.task.errand(partial(self._attach, screen, back))
        return screen

    def leave(self, screen: Screen) -> None:
        if not screen.gone:
            screen.gone, screen.from_flush = True, NEVER
            self.task.errand(partial(self.task.hub.detach, screen))
        self.presence.left(screen.member, asyncio.get_running_loop().time())

    def cannot_follow(self, screen: Screen) -> None:
        self.task.hub.fall_behind(screen, asyncio.get_running_loop().time())

    def follows_again(self, screen: Screen) -> None:
        screen.behind_since = None
        self.task.errand(partial(self._attach, screen, screen.upto))

    def _attach(self, screen: Screen, back: int | None) -> None:
        if self.task.lesson.ended:
            screen.send(wire.bye("lesson.ended"))
            screen.port.close(4410, "lesson.ended")
        elif self.task.outdated:
            screen.port.close(1013, "unreadable")
        elif screen.behind_since is None:
            self.task.hub.attach(screen, back)

    def _note(self, kind: str, member: str) -> None:
        known = self.task.lesson.people.get(member)
        if known is None or known.role is Role.wall or self.task.lesson.ended:
            return
        command = msgspec.convert({"id": member}, self._kinds.commands[kind])
        self.task.wish(Wish(command, "", "", partial(self._noted, member)))

    def _noted(self, member: str, answer: Answer) -> None:
        if answer.code in PASSING:
            self.presence.failed(member)

    # Frames

    def receive(self, screen: Screen, data: bytes) -> bool:
        """Takes one text frame. False when the client has sent nonsense too often and is to be closed (D4)."""
        if len(data) > wire.LONGEST:
            return self._strike(screen, wire.no("too_large"))
        try:
            sent = wire.decode(data)
        except msgspec.ValidationError:
            return self._strike(screen, wire.no("bad_shape", None, **_id_of(data)))
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            return self._strike(screen, wire.no("bad_json"))
        match sent:
            case wire.Do():
                return self._do(screen, sent)
            case wire.Want() | wire.Drop():
                self._look(screen, sent)
            case wire.Say():
                self._say(screen, sent)
        return True

    def _look(self, screen: Screen, sent: wire.Want | wire.Drop) -> None:
        """Each look at a part that nobody else sees is made for this screen alone, so it has its price."""
        if not self._budget(screen.member).looks.take(asyncio.get_running_loop().time()):
            screen.send(wire.no("slow_down", part=sent.part))
        else:
            act = self.task.hub.want if isinstance(sent, wire.Want) else self.task.hub.drop
            self.task.errand(partial(act, screen, sent.part))

    def _strike(self, screen: Screen, answer: bytes) -> bool:
        screen.strikes += 1
        screen.send(answer)
        return screen.strikes < MOST_STRIKES

    def _budget(self, member: str) -> Allowance:
        found = self._budgets.get(member)
        if found is None:
            found = self._budgets[member] = Allowance()
        return found

    def _do(self, screen: Screen, do: wire.Do) -> bool:
        came = asyncio.get_running_loop().time()
        if not self._budget(screen.member).commands.take(came):
            screen.send(wire.no("slow_down", id=do.id))
            return True
        before = self._answered.get((screen.member, do.id))
        if before is not None:
            _reply(screen, do.id, before)
            return True
        try:
            command = self._kinds.command(do.kind, do.data)
        except (msgspec.ValidationError, msgspec.DecodeError, RecursionError):
            return self._strike(screen, wire.no("bad_shape", id=do.id))
        if command is None:
            return self._strike(screen, wire.no("unknown_kind", id=do.id))
        waiting = self._asked.setdefault((screen.member, do.id), [])
        waiting.append(screen)
        if len(waiting) == 1:  # said again meanwhile, it is the same command and gets the same answer (D3)
            allowance = self._budget(screen.member)
            allowance.unanswered += 1
            given = do.again and allowance.unanswered <= MOST_UNANSWERED
            reply = partial(self._answer, screen.member, do.id, came)
            self.task.wish(Wish(command, screen.member, do.id, reply, given=given))
        return True

    def _answer(self, member: str, cmd: str, came: float, answer: Answer) -> None:
        metrics.commands.answered(answer.code, asyncio.get_running_loop().time() - came)
        self._budget(member).unanswered -= 1
        if answer.code not in PASSING and self.task.lesson.seen.place(member, cmd) is None:
            self._answered[member, cmd] = answer
            if len(self._answered) > min(MOST_REMEMBERED, REMEMBERED * len(self.task.lesson.people.members)):
                self._answered.popitem(last=False)
        for screen in self._asked.pop((member, cmd), ()):
            _reply(screen, cmd, answer)

    def _say(self, screen: Screen, say: wire.Say) -> None:
        """Volatile: over budget or not allowed is dropped without a word (V1)."""
        by = self.task.lesson.people.get(screen.member)
        now = asyncio.get_running_loop().time()
        if by is None or not self._budget(screen.member).words.take(now):
            return
        if self.task.lesson.may_relay(by, say.topic, say.data):
            self.task.relay(screen, say.topic, say.data, now)


def _reply(screen: Screen, cmd: str, answer: Answer) -> None:
    screen.send(wire.no(answer.code, answer.params, id=cmd) if answer.code else wire.ok(cmd, answer.seq))


class _OnlyId(msgspec.Struct):
    id: str


def _id_of(data: bytes) -> dict[str, str]:
    """The id of a frame of wrong shape, if it has one, so that its sender knows what was refused."""
    try:
        return {"id": msgspec.json.decode(data, type=_OnlyId).id[:64]}
    except (msgspec.ValidationError, msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return {}
