"""One simulated lesson: a server that dies and comes back, people, faults, all from one seed."""

from __future__ import annotations

import asyncio
import logging
from dataclasses import dataclass, field
from random import Random
from typing import Any

import msgspec

from bench import measured
from bench.chaos import script
from bench.chaos.disk import Disk, Handle
from bench.chaos.line import Frame, Line
from bench.chaos.loop import VirtualLoop
from bench.chaos.people import Book, Person
from mingtang.activities import find, kinds
from mingtang.core.activity import Kinds
from mingtang.core.event import Fact, Row
from mingtang.core.frame import MemberRenamed
from mingtang.live.hall import Hall, UnknownLesson
from mingtang.stores import StoreFailed

KINDS = Kinds([*kinds().activities.values(), *find(measured)])
LESSON = "l1"
EPOCH = 1_800_000_000_000
ROLES = {
    "t1": "teacher",
    "a1": "assistant",
    "s1": "student",
    "s2": "student",
    "s3": "student",
    "s4": "student",
    "w1": "wall",
}
TWICE = ("t1", "s1")  # they have the lesson open on two screens
FAULTS = ("crash", "restart", "drop", "drop", "drop", "slow", "failing", "gone", "reader", "leave", "flap")
ACTS_FOR_S = 25.0
SETTLE_S = 150.0  # beyond every time of grace


@dataclass
class World:
    """What is left of a run, for the judge."""

    seed: int
    disk: Disk
    people: list[Person]
    faults: list[str] = field(default_factory=list)
    happened: list[str] = field(default_factory=list)


class Run:
    def __init__(self, seed: int) -> None:
        self._chance = Random(f"{seed}/world")
        self._loop = asyncio.get_running_loop()
        self._hall: Hall | None = None
        self._handle: Handle | None = None
        self._servers = 0
        disk = Disk(Random(f"{seed}/disk"), self._between)
        books = {member: Book() for member in ROLES}
        screens = [*ROLES, *TWICE]
        people = [Person(m, ROLES[m], Random(f"{seed}/{n}/{m}"), self._dial, books[m]) for n, m in enumerate(screens)]
        self.world = World(seed, disk, people)

    # The server

    async def boot(self) -> None:
        self._servers += 1
        jump = self._chance.choice((0, 0, -3_600_000, 60_000)) if self._servers > 1 else 0
        seeds = Random(f"{self.world.seed}/server/{self._servers}")
        self._handle = Handle(self.world.disk)
        self._hall = Hall(
            KINDS, self._handle, clock=lambda: EPOCH + jump + int(self._loop.time() * 1000),
            seed=lambda: seeds.getrandbits(63),
        )  # fmt: skip

    def crash(self) -> None:
        """Between any two steps: nothing of the server runs any more; what it had sent to the disk may still arrive."""
        if self._hall is None or self._handle is None:
            return
        self._handle.dead = True
        for person in self.world.people:
            if person.line is not None:
                person.line.power_cut()
        mine = asyncio.current_task()
        for task in sorted(asyncio.all_tasks(), key=lambda one: (len(one.get_name()), one.get_name())):
            if task is not mine and task.get_name() != "world":
                task.cancel()
        self._hall = self._handle = None

    def _dial(self, person: Person, line: Line) -> None:
        line.written = self._check
        asyncio.create_task(self._answer(person, line))  # noqa: RUF006 — it ends by itself, or with its server

    async def _answer(self, person: Person, line: Line) -> None:
        await asyncio.sleep(0.03)
        hall = self._hall
        if hall is None:
            return line.cut()
        try:
            door = hall.door(LESSON) or await hall.open(LESSON)
        except UnknownLesson:
            return line.cut(4404)
        except StoreFailed:
            return line.cut(1013)
        back = person.seq or None
        wants = frozenset(w for w in person.wants if back is None or w in person.parts)
        if line.up and not line.enter(door, person.member, back, wants):
            line.cut(4403)

    def _check(self, frame: Frame) -> None:
        """Nobody may be told what is not on the disk."""
        if frame.get("seq", 0) > self.world.disk.head(LESSON):
            self.world.faults.append(
                f"a {frame['t']} of {frame['seq']} was sent, the disk has {self.world.disk.head(LESSON)}"
            )

    def _between(self, log: list[Row]) -> Row | None:
        """Another writer was first: it has given somebody another name."""
        joined = [row for row in log if row.kind == "member.joined"]
        if not joined:
            return None
        event = MemberRenamed(id=msgspec.json.decode(self._chance.choice(joined).data)["id"], name=f"Name {len(log)}")
        return KINDS.row(Fact(len(log) + 1, log[-1].at, "", "", event))

    # The lesson

    async def play(self) -> World:
        await self.boot()
        await self._admit()
        for person in self.world.people:
            person.come()
        await asyncio.sleep(1)
        script.prepare(self.world.people[0])
        faults = asyncio.create_task(self._trouble(), name="world")
        await asyncio.gather(*(asyncio.create_task(self._live(p), name="world") for p in self.world.people))
        await faults
        await self._settle()
        return self.world

    async def _admit(self) -> None:
        assert self._hall is not None
        self.world.disk.calm = True
        await self._hall.create(LESSON, title="Sets", code="234567")
        for number, (member, role) in enumerate(ROLES.items()):
            seat = "remote" if number % 2 else "room"
            await self.submit("roster.admit", id=member, name=f"Name {number}", role=role, seat=seat)
        self.world.disk.calm = False

    async def submit(self, kind: str, **data: Any) -> None:
        command = KINDS.command(kind, msgspec.json.encode(data))
        assert command is not None
        assert self._hall is not None
        await self._hall.submit(LESSON, command)

    async def _live(self, person: Person) -> None:
        number, chance = 0, person.random
        await asyncio.sleep(chance.random())
        while self._loop.time() < ACTS_FOR_S and not person.gone:
            number += 1
            if person.role in ("teacher", "assistant"):
                script.steer(person, chance, number)
            elif person.role == "student":
                script.take_part(person, chance, number)
            await asyncio.sleep(chance.expovariate(1.0))

    # Trouble

    async def _trouble(self) -> None:
        while self._loop.time() < ACTS_FOR_S:
            await asyncio.sleep(self._chance.expovariate(0.5))
            fault = self._chance.choice(FAULTS)
            self.world.happened.append(f"{self._loop.time():.2f} {fault}")
            await getattr(self, f"_{fault}")()
        self.world.disk.mood, self.world.disk.calm = "well", True

    async def _crash(self) -> None:
        self.crash()
        await asyncio.sleep(self._chance.uniform(0.05, 2))
        await self.boot()

    async def _restart(self) -> None:
        """As an upgrade does: what was asked is finished, screens are told to come back."""
        if self._hall is not None:
            hall, self._hall = self._hall, None
            await hall.close()
        for person in self.world.people:  # as uvicorn does with every connection when it ends
            if person.line is not None:
                person.line.close(1012, "restart")
        await self.boot()

    def _somebody(self) -> Person:
        return self._chance.choice(self.world.people)

    async def _drop(self) -> None:
        if (line := self._somebody().line) is not None:
            line.cut()

    async def _flap(self) -> None:
        person = self._somebody()
        for _ in range(4):
            if person.line is not None:
                person.line.cut()
            await asyncio.sleep(0.4)

    async def _reader(self) -> None:
        if (line := self._somebody().line) is not None:
            line.slow = True

    async def _leave(self) -> None:
        students = [p for p in self.world.people if p.role == "student" and p.member != "s1" and not p.gone]
        if len(students) > 2:
            students[0].go()

    async def _moody(self, mood: str) -> None:
        self.world.disk.mood = mood
        await asyncio.sleep(self._chance.uniform(0.2, 2))
        self.world.disk.mood = "well"

    async def _slow(self) -> None:
        await self._moody("slow")

    async def _failing(self) -> None:
        await self._moody("failing")

    async def _gone(self) -> None:
        await self._moody("gone")

    async def _settle(self) -> None:
        """No faults any more: everybody comes back, everything is answered, who has gone is noticed."""
        for person in self.world.people:
            if person.line is not None:
                person.line.slow = False
        await asyncio.sleep(SETTLE_S)


def play(seed: int) -> World:
    """One run; nothing is logged meanwhile, as failing is what it is here for."""
    logging.disable(logging.CRITICAL)
    loop = VirtualLoop()
    asyncio.set_event_loop(loop)

    async def whole() -> World:
        asyncio.current_task().set_name("world")  # type: ignore[union-attr]
        return await Run(seed).play()

    try:
        return loop.run_until_complete(whole())
    finally:
        for task in asyncio.all_tasks(loop):
            task.cancel()
        loop.run_until_complete(asyncio.sleep(0))
        asyncio.set_event_loop(None)
        loop.close()
        logging.disable(logging.NOTSET)
