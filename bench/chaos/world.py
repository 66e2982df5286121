"""One simulated lesson: servers that die and come back, people, faults, all from one seed."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from random import Random
from typing import Any

import msgspec

from bench.chaos import script
from bench.chaos.disk import Disk
from bench.chaos.line import Frame, Line
from bench.chaos.loop import VirtualLoop
from bench.chaos.people import Book, Person
from bench.chaos.servers import KINDS, Air, Server, owned
from mingtang.core.erasing import erase
from mingtang.core.event import Fact, Row
from mingtang.core.frame import MemberErased, MemberRenamed
from mingtang.live.hall import UnknownLesson
from mingtang.stores import StoreFailed

LESSON = "l1"
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
FAULTS_OF_MANY = ("crash", "pause", "pause", "deaf", "lossy", "late")
JUMPS = (0, 0, -3_600_000, 60_000)  # of a server's clock, in ms
ERASES = 0.2
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
    def __init__(self, seed: int, servers: int = 1) -> None:
        self._chance = Random(f"{seed}/world")
        self._erasing = Random(f"{seed}/erasing")
        self._loop = asyncio.get_running_loop()
        self._servers: list[Server | None] = [None] * servers
        self._air = Air(Random(f"{seed}/air")) if servers > 1 else None
        self._booted = 0
        disk = Disk(Random(f"{seed}/disk"), self._between)
        books = {member: Book() for member in ROLES}
        screens = [*ROLES, *TWICE]
        people = [Person(m, ROLES[m], Random(f"{seed}/{n}/{m}"), self._dial, books[m]) for n, m in enumerate(screens)]
        self.world = World(seed, disk, people)

    # The servers

    def boot(self, place: int) -> None:
        self._booted += 1
        jump = self._chance.choice(JUMPS) if self._booted > len(self._servers) else 0
        self._servers[place] = Server(str(self._booted), self.world.seed, self.world.disk, self._air, jump)

    def crash(self, place: int) -> None:
        """Between any two steps: nothing of the server runs any more; what it had sent to the disk may still arrive."""
        server, self._servers[place] = self._servers[place], None
        if server is not None:
            self._hang_up(server, Line.power_cut)
            server.crash()

    def _hang_up(self, server: Server, how: Callable[[Line], None]) -> None:
        for person in self.world.people:
            if person.line is not None and person.line.server is server:
                how(person.line)

    def _dial(self, person: Person, line: Line) -> None:
        line.written = partial(self._check, person.member)
        running = [server for server in self._servers if server is not None]
        if not running:
            self._loop.call_later(0.03, line.cut)
            return
        server = line.server = running[0] if len(running) == 1 else self._chance.choice(running)
        line.reach = server.reach
        server.begin(self._answer(person, line, server))

    async def _answer(self, person: Person, line: Line, server: Server) -> None:
        await asyncio.sleep(0.03)
        await server.handle.runs.wait()
        try:
            door = server.hall.door(LESSON) or await server.hall.open(LESSON)
            if not door.knows(person.member):
                await door.task.current()
        except UnknownLesson:
            return line.cut(4404)
        except StoreFailed:
            return line.cut(1013)
        back = person.seq or None
        wants = frozenset(w for w in person.wants if back is None or w in person.parts)
        if line.up and not line.enter(door, person.member, back, wants):
            line.cut(4403)

    def _check(self, member: str, frame: Frame) -> None:
        """Nobody may be told what is not on the disk, nor that something could not be kept which is."""
        disk = self.world.disk
        if frame.get("seq", 0) > disk.head(LESSON):
            self.world.faults.append(f"a {frame['t']} of {frame['seq']} was sent, the disk has {disk.head(LESSON)}")
        kept = frame.get("code") == "store_failed" and [(row.by, row.cmd) for row in disk.logs[LESSON]]
        if kept and (member, frame["id"]) in kept:
            self.world.faults.append(f"{frame['id']} was said not to be kept, and it is")

    def _between(self, log: list[Row]) -> Row | None:
        """Another writer was first: it has given somebody another name, or, once, erased somebody."""
        joined = [row for row in log if row.kind == "member.joined"]
        if not joined:
            return None
        member = msgspec.json.decode(self._chance.choice(joined).data)["id"]
        if not self.world.disk.before and self._erasing.random() < ERASES:
            return self._erase(log, member)
        event = MemberRenamed(id=member, name=f"Name {len(log)}")
        return KINDS.row(Fact(len(log) + 1, log[-1].at, "", "", event))

    def _erase(self, log: list[Row], member: str) -> Row:
        self.world.happened.append(f"{self._loop.time():.2f} erased")
        self.world.disk.before.append(list(log))
        for fact in erase(KINDS, [KINDS.fact(row) for row in log], member):
            log[fact.seq - 1] = KINDS.row(fact)
        return KINDS.row(Fact(len(log) + 1, log[-1].at, "", "", MemberErased(id=member)))

    # The lesson

    async def play(self) -> World:
        for place in range(len(self._servers)):
            self.boot(place)
        await self._admit()
        for person in self.world.people:
            person.come()
        await asyncio.sleep(1)
        script.prepare(self.world.people[0])
        faults = asyncio.create_task(self._trouble())
        await asyncio.gather(*(asyncio.create_task(self._live(p)) for p in self.world.people))
        await faults
        await self._settle()
        return self.world

    async def _admit(self) -> None:
        assert self._servers[0] is not None
        self.world.disk.calm = True
        await self._servers[0].hall.create(LESSON, title="Sets", code="234567")
        for number, (member, role) in enumerate(ROLES.items()):
            seat = "remote" if number % 2 else "room"
            await self.submit("roster.admit", id=member, name=f"Name {number}", role=role, seat=seat)
        self.world.disk.calm = False

    async def submit(self, kind: str, **data: Any) -> None:
        command = KINDS.command(kind, msgspec.json.encode(data))
        assert command is not None
        assert self._servers[0] is not None
        await self._servers[0].hall.submit(LESSON, command)

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
            fault = self._chance.choice(FAULTS if self._air is None else (*FAULTS, *FAULTS_OF_MANY))
            self.world.happened.append(f"{self._loop.time():.2f} {fault}")
            await getattr(self, f"_{fault}")()
        self.world.disk.mood, self.world.disk.calm = "well", True

    def _anywhere(self) -> int:
        return 0 if len(self._servers) == 1 else self._chance.randrange(len(self._servers))

    async def _crash(self) -> None:
        place = self._anywhere()
        self.crash(place)
        await asyncio.sleep(self._chance.uniform(0.05, 2))
        self.boot(place)

    async def _restart(self) -> None:
        """As an upgrade does: what was asked is finished, screens are told to come back."""
        place = self._anywhere()
        server, self._servers[place] = self._servers[place], None
        if server is not None:
            await server.close()
            self._hang_up(server, lambda line: line.close(1012, "restart"))  # as uvicorn does when it ends
        self.boot(place)

    async def _pause(self) -> None:
        """A server stands still; some people see that nothing comes, and go elsewhere."""
        server = self._servers[self._anywhere()]
        if server is None:
            return
        server.pause()
        await asyncio.sleep(self._chance.uniform(0.1, 3))
        self._hang_up(server, lambda line: line.cut() if self._chance.random() < 0.7 else None)
        await asyncio.sleep(self._chance.uniform(0.1, 5))
        server.run_on()

    async def _deaf(self) -> None:
        """A server has lost the bus, and knows it."""
        server = self._servers[self._anywhere()]
        if server is not None and server.way is not None:
            server.way.up = False
            await asyncio.sleep(self._chance.uniform(0.2, 4))
            server.way.up = not server.dead

    async def _lossy(self) -> None:
        await self._airy("lossy")

    async def _late(self) -> None:
        await self._airy("late")

    async def _airy(self, mood: str) -> None:
        if self._air is not None:
            self._air.mood = mood
            await asyncio.sleep(self._chance.uniform(0.2, 4))
            self._air.mood = "well"

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


def play(seed: int, servers: int = 0) -> World:
    """One run; nothing is logged meanwhile, as failing is what it is here for. Of four lessons one has three servers,
    unless it is said how many."""
    servers = servers or (3 if seed % 4 == 3 else 1)
    logging.disable(logging.CRITICAL)
    loop = VirtualLoop()
    loop.set_task_factory(owned)
    asyncio.set_event_loop(loop)

    async def whole() -> World:
        return await Run(seed, servers).play()

    try:
        return loop.run_until_complete(whole())
    finally:
        for task in asyncio.all_tasks(loop):
            task.cancel()
        loop.run_until_complete(asyncio.sleep(0))
        asyncio.set_event_loop(None)
        loop.close()
        logging.disable(logging.NOTSET)
