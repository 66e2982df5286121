"""Three real nodes on a real PostgreSQL and a real NATS, any of which is killed, paused or cut off: what was
acknowledged is in the log exactly once, nobody saw anything else, and all see the same at the end. Each node has a
network namespace of its own where that can be had, so that it can lose sight of one of the two alone.

MINGTANG_FAULT_ROUNDS=20 makes it longer; a failing run is told with its seed (MINGTANG_FAULT_SEED)."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import random
import signal
from collections.abc import Callable, Coroutine, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest
import websockets

from bench.chaos.cut import HUB, Cables, usable
from mingtang.activities import kinds
from mingtang.core.lesson import Lesson, replay
from mingtang.core.member import Role
from mingtang.stores.reading import open_reader
from tests.live.stage import Client
from tests.nats import Nats
from tests.postgres import Postgres
from tests.server import Server

pytestmark = pytest.mark.slow
ROUNDS = int(os.environ.get("MINGTANG_FAULT_ROUNDS", "9"))
SEED = int(os.environ.get("MINGTANG_FAULT_SEED", "0")) or random.randrange(1, 1 << 30)
QUESTION = {"form": "single", "text": "How many?", "options": ["None", "One", "Three"]}
STUDENTS, PATIENCE_S = 9, 30.0


class Nodes:
    """Servers with data folders of their own on one database, as three machines would be."""

    def __init__(self, folder: Path) -> None:
        self.cables = Cables(3) if usable() else None
        if self.cables is None:
            self.postgres, self.nats = Postgres().start(), Nats().start()
        else:
            self.postgres, self.nats = Postgres(also=HUB).start(), Nats(HUB).start()
        self.store = self.postgres.made("mingtang")
        shared = {"store": self.store, "bus": self.nats.url, "assets": str(folder / "assets")}
        self.servers = [Server(folder / str(n) / "data", **self._place(n), **shared) for n in range(3)]
        for n in range(3):
            (folder / str(n)).mkdir()

    def start(self) -> None:
        for server in self.servers:
            server.start()

    def _place(self, n: int) -> dict[str, Any]:
        return {} if self.cables is None else {"host": self.cables.address(n), "within": self.cables.within(n)}

    def any(self, chance: random.Random) -> Server:
        return chance.choice(self.servers)

    def stop(self) -> None:
        for server in self.servers:
            with contextlib.suppress(AssertionError, ProcessLookupError):  # it did not start, or is killed
                os.kill(server.pid, signal.SIGCONT)
            server.kill()
        self.nats.stop()
        self.postgres.remove()
        if self.cables is not None:
            self.cables.remove()


@pytest.fixture
def nodes(tmp_path: Path) -> Iterator[Nodes]:
    made = Nodes(tmp_path)
    try:
        made.start()
        yield made
    finally:
        made.stop()


async def connect(server: Server, lesson: str, cookie: str) -> Client:
    url = f"ws://{server.host}:{server.port}/live/{lesson}"
    way = websockets.connect(
        url, compression=None, additional_headers={"Cookie": cookie}, max_size=None, open_timeout=3
    )
    client = Client(await way)
    async with asyncio.timeout(3):
        await client.until(lambda f: f["t"] in {"hello", "again"})
    return client


class Person:
    """A browser behind a balancer: each connection may be to another node; unanswered commands are sent again."""

    def __init__(self, nodes: Nodes, lesson: str, cookie: str, chance: random.Random) -> None:
        self.nodes, self.lesson, self.cookie, self.chance = nodes, lesson, cookie, chance
        self.acknowledged: dict[str, int] = {}
        self.answered = asyncio.Event()
        self.client: Client | None = None

    async def do(self, kind: str, cmd: str, **data: Any) -> None:
        """Until it is answered for good."""
        while True:
            try:
                async with asyncio.timeout(4):
                    if self.client is None:
                        self.client = await connect(self.nodes.any(self.chance), self.lesson, self.cookie)
                    answer = await self.client.do(kind, id_=cmd, **data)
            except (OSError, websockets.WebSocketException, TimeoutError):
                await self.away()
                await asyncio.sleep(0.05)  # as a browser waits before it tries again
                continue
            if answer["t"] == "ok":
                self.acknowledged[cmd] = answer["seq"]
                self.answered.set()
                return
            assert answer["code"] in {"store_failed", "slow_down"}, answer
            await asyncio.sleep(0.1)

    async def away(self) -> None:
        client, self.client = self.client, None
        if client is not None:
            with contextlib.suppress(Exception):
                await asyncio.wait_for(client.socket.close(), 0.2)
            client.socket.transport.abort()


async def vote(person: Person, over: asyncio.Event) -> None:
    turn = 0
    while not over.is_set():
        cmd = f"{id(person):x}-{turn}"
        await person.do("poll.vote", cmd, id="q1", answer=["abc"[turn % 3]])
        turn += 1
        if person.chance.random() < 0.1:
            await person.away()
        await asyncio.sleep(0.02)  # people do not vote as fast as they can


# Faults: each is done, lasts until the lesson has gone on for a while without what is gone, and is over.

Goes = Callable[[int], Coroutine[Any, Any, None]]
Fault = Callable[[Nodes, random.Random, Goes], Coroutine[Any, Any, None]]


async def killed(nodes: Nodes, chance: random.Random, goes_on: Goes) -> None:
    server = nodes.any(chance)
    await asyncio.to_thread(server.kill)
    await goes_on(STUDENTS)
    await asyncio.to_thread(server.start)


async def paused(nodes: Nodes, chance: random.Random, goes_on: Goes) -> None:
    server = nodes.any(chance)
    os.kill(server.pid, signal.SIGSTOP)
    await goes_on(chance.randrange(5, 40))
    os.kill(server.pid, signal.SIGCONT)


async def bus_cut(nodes: Nodes, chance: random.Random, goes_on: Goes) -> None:
    await asyncio.to_thread(nodes.nats.stop)
    await goes_on(chance.randrange(5, 40))
    await asyncio.to_thread(nodes.nats.start)


async def bus_paused(nodes: Nodes, chance: random.Random, goes_on: Goes) -> None:
    nodes.nats.signal(signal.SIGSTOP)
    await goes_on(chance.randrange(5, 40))
    nodes.nats.signal(signal.SIGCONT)


async def store_crashed(nodes: Nodes, chance: random.Random, goes_on: Goes) -> None:
    """Nobody is answered meanwhile, so there is nothing to go on."""
    await asyncio.to_thread(nodes.postgres.stop, chance.choice([signal.SIGINT, signal.SIGQUIT]))
    await asyncio.to_thread(nodes.postgres.start)


async def out_of_sight(nodes: Nodes, chance: random.Random, goes_on: Goes, *ports: int) -> None:
    """Packets between one node and these ports vanish; the others go on, and whose screen is there goes to them."""
    if nodes.cables is None:
        assert not os.environ.get("CI"), "network namespaces need root, iproute2 and nftables"
        return
    node = chance.randrange(3)
    await asyncio.to_thread(nodes.cables.cut, node, *ports)
    await goes_on(chance.randrange(60, 120))
    await asyncio.to_thread(nodes.cables.heal, node)


async def store_out_of_sight(nodes: Nodes, chance: random.Random, goes_on: Goes) -> None:
    await out_of_sight(nodes, chance, goes_on, nodes.postgres.port)


async def bus_out_of_sight(nodes: Nodes, chance: random.Random, goes_on: Goes) -> None:
    await out_of_sight(nodes, chance, goes_on, nodes.nats.port)


async def both_out_of_sight(nodes: Nodes, chance: random.Random, goes_on: Goes) -> None:
    await out_of_sight(nodes, chance, goes_on, nodes.postgres.port, nodes.nats.port)


FAULTS: list[Fault] = [
    *(killed, store_out_of_sight, paused, bus_out_of_sight, bus_cut),
    *(store_crashed, both_out_of_sight, bus_paused, killed),
]


def rows(nodes: Nodes, lesson: str) -> list[Any]:
    reader = open_reader(nodes.store)
    try:
        return reader.rows(lesson)
    finally:
        reader.close()


async def test_three_nodes_under_faults_lose_and_double_nothing(nodes: Nodes) -> None:
    print(f"MINGTANG_FAULT_SEED={SEED}")
    chance = random.Random(SEED)
    first, _, third = nodes.servers
    lesson = await asyncio.to_thread(first.lesson)
    cookies = []
    for n in range(STUDENTS):
        cookies.append(await asyncio.to_thread(nodes.servers[n % 3].join, lesson["code"], f"Student {n}"))
    teacher = Person(nodes, lesson["id"], await asyncio.to_thread(teachers_cookie, third, lesson["id"]), chance)
    await teacher.do("poll.make", "make", id="q1", question=QUESTION)
    await teacher.do("poll.open", "open", id="q1")
    people = [Person(nodes, lesson["id"], cookie, random.Random(SEED + n)) for n, cookie in enumerate(cookies)]
    over = asyncio.Event()
    voting = [asyncio.create_task(vote(person, over)) for person in people]
    witnesses = [Witness(nodes, n, lesson["id"], cookies[n]) for n in range(3)]
    watching = [asyncio.create_task(witness.watch()) for witness in witnesses]
    tally = Tally(people)
    for turn in range(ROUNDS):
        print(FAULTS[turn % len(FAULTS)].__name__)
        await FAULTS[turn % len(FAULTS)](nodes, chance, tally.more)
        await tally.more(3 * STUDENTS)  # the lesson goes on after each fault
        await teacher.do("lesson.rename", f"title-{turn}", title=f"Round {turn}")
    over.set()
    async with asyncio.timeout(PATIENCE_S):
        await asyncio.gather(*voting)
    for task in watching:
        task.cancel()
    await asyncio.gather(*watching, return_exceptions=True)
    await agreed(nodes, lesson["id"], people, teacher)
    only_what_the_log_says(rows(nodes, lesson["id"]), witnesses)


class Tally:
    """Counts what has been acknowledged to all together."""

    def __init__(self, people: list[Person]) -> None:
        self._people = people
        self._pulse = asyncio.Event()
        for person in people:
            person.answered = self._pulse

    async def more(self, count: int) -> None:
        until = self._now() + count
        while self._now() < until:
            await asyncio.wait_for(self._pulse.wait(), PATIENCE_S)
            self._pulse.clear()

    def _now(self) -> int:
        return sum(len(person.acknowledged) for person in self._people)


class Witness:
    """A screen at one node, through all that happens to it: `saw` is what it showed at each place of the log."""

    def __init__(self, nodes: Nodes, number: int, lesson: str, cookie: str) -> None:
        self._nodes, self._number, self._lesson, self._cookie = nodes, number, lesson, cookie
        self.saw: list[tuple[int, str]] = []

    async def watch(self) -> None:
        while True:
            try:
                async with asyncio.timeout(10):
                    client = await connect(self._nodes.servers[self._number], self._lesson, self._cookie)
                while True:
                    frame = await client.read()
                    if frame["t"] != "patch":  # what is one's own comes before the patch for the same place
                        continue
                    shown = {name: client.parts[name] for name in ("poll", "lesson") if name in client.parts}
                    self.saw.append((client.seq, json.dumps(shown, sort_keys=True)))
            except (OSError, websockets.WebSocketException, TimeoutError):
                await asyncio.sleep(0.05)  # the line is down: again, like a browser


def only_what_the_log_says(kept: list[Any], witnesses: list[Witness]) -> None:
    """Each picture that a screen showed is the log's at that place, and nobody's who was ahead of it."""
    told, lesson = dict[int, str](), Lesson(kinds())
    for row in kept:
        lesson.fold(kinds().fact(row))
        told[row.seq] = json.dumps({n: lesson.view(Role.student, n) for n in ("poll", "lesson")}, sort_keys=True)
    for witness in witnesses:
        assert witness.saw
        assert [seen for seen in witness.saw if told[seen[0]] != seen[1]] == []


async def agreed(nodes: Nodes, lesson: str, people: list[Person], teacher: Person) -> None:
    kept = rows(nodes, lesson)
    assert [row.seq for row in kept] == list(range(1, len(kept) + 1))
    by_cmd: dict[str, list[int]] = {}
    for row in kept:
        if row.cmd:
            by_cmd.setdefault(row.cmd, []).append(row.seq)
    for person in (*people, teacher):
        for cmd, seq in person.acknowledged.items():
            assert by_cmd.get(cmd) == [seq], f"{cmd} was acknowledged at {seq} and stands at {by_cmd.get(cmd)}"
    votes = [row.cmd for row in kept if row.kind == "poll.voted"]
    assert set(votes) <= {cmd for person in people for cmd in person.acknowledged}, "every vote was answered in the end"
    await the_same_is_seen(nodes, lesson, people, len(kept))


async def the_same_is_seen(nodes: Nodes, lesson: str, people: list[Person], head: int) -> None:
    """A screen that followed all the way, and fresh ones at each node, have what the log says."""
    for person in people:
        await person.away()
    shown = [await connect(server, lesson, people[n].cookie) for n, server in enumerate(nodes.servers)]
    async with asyncio.timeout(PATIENCE_S):
        for client in shown:
            await client.see(lambda c: c.seq >= head)
        told = replay(kinds(), (kinds().fact(row) for row in rows(nodes, lesson)))
        while any(client.seq < told.seq for client in shown):  # those who have just come are facts too
            for client in shown:
                await client.see(partial(up_to, told.seq))
            told = replay(kinds(), (kinds().fact(row) for row in rows(nodes, lesson)))
    expected = {part: value for part, value in told.views(Role.student).items() if "/" not in part}
    for client in shown:
        assert {part: client.parts[part] for part in expected} == expected
        await client.socket.close()


def up_to(seq: int, client: Client) -> bool:
    return client.seq >= seq


def teachers_cookie(server: Server, lesson: str) -> str:
    with server.teacher() as teacher:
        teacher.get(f"/teach/{lesson}")
        return "; ".join(f"{c.name}={c.value}" for c in teacher.cookies.jar)
