"""A real server, killed again and again while real sockets vote, ask and draw; its disk slow, its network lossy.

    python -m bench.chaos.real [--kills 100] [--people 200] [--slow-disk 20] [--loss 10]

Afterwards the log is folded: each acknowledged command is in it exactly once, everybody's screen is the view of the log
at the place it tells, nobody ever went back. Printed too: how long after the server listens the last person is current.
`--loss` needs root: server and people each get a network namespace, and nftables drops so many of 100 packets."""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import json
import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bench.chaos.crowd import Member
from bench.machine import BUILD, ROOT, allow_many_files, table
from mingtang.activities import kinds
from mingtang.core.event import Row
from mingtang.core.lesson import Lesson, digest_of
from mingtang.core.member import Role
from mingtang.stores.reading import open_reader
from tests.server import Server

QUESTION = {"form": "single", "text": "How many?", "options": ["None", "One", "Three"]}
SERVER_NS, PEOPLE_NS = "mt-server", "mt-people"
SERVER_IP, PEOPLE_IP = "10.99.7.1", "10.99.7.2"


@dataclass
class Trial:
    """What came of a run. `current_s`: for each kill, from listening to the last person being current."""

    events: int = 0
    acknowledged: int = 0
    current_s: list[float] = field(default_factory=list)
    broken: list[str] = field(default_factory=list)


def run(
    server: Server,
    people: int,
    kills: int,
    seed: int = 1,
    pace_s: float = 0.5,
    trouble: Callable[[Server], None] = lambda server: None,
) -> Trial:
    """`trouble` is called once when everybody is in."""
    trial = Trial()
    lesson = server.lesson()
    with server.teacher() as teacher:
        teacher.get(f"/teach/{lesson['id']}")
        staff = "; ".join(f"{c.name}={c.value}" for c in teacher.cookies.jar)
    cookies = [staff, *(server.join(lesson["code"], f"Student {n}") for n in range(1, people))]
    members = asyncio.run(_live(server, lesson["id"], cookies, kills, random.Random(seed), pace_s, trouble, trial))
    server.stop()
    reader = open_reader(str(server.data / "lessons.db"))
    judge(reader.rows(lesson["id"]), members, trial)
    reader.close()
    return trial


async def _live(
    server: Server, lesson: str, cookies: list[str], kills: int, chance: random.Random, pace_s: float,
    trouble: Callable[[Server], None], trial: Trial,
) -> list[Member]:  # fmt: skip
    url = f"{server.url.replace('http', 'ws')}/live/{lesson}"
    members = [Member(url, cookie, n, random.Random(f"{chance.random()}")) for n, cookie in enumerate(cookies)]
    staying = [asyncio.create_task(m.stay()) for m in members]
    await _all_current(members, 0)
    await _prepare(members[0])
    trouble(server)
    acting = [asyncio.create_task(m.act(pace_s)) for m in members[1:]]
    for _ in range(kills):
        await asyncio.sleep(chance.uniform(0.1, 1.0))
        await asyncio.to_thread(server.kill)
        died = time.monotonic()
        await asyncio.to_thread(server.start)
        up = time.monotonic()
        await _all_current(members, died)  # who is quick is current before this process hears that the server is up
        trial.current_s.append(max(up, *(m.current or up for m in members)) - up)
    await asyncio.sleep(0 if kills else 3)
    for member in members:
        member.resting.set()
    await asyncio.gather(*acting)
    await asyncio.sleep(0.3)  # the last flush
    for task in staying:
        task.cancel()
    await asyncio.gather(*staying, return_exceptions=True)
    return members


async def _all_current(members: list[Member], since: float) -> None:
    while any(m.current is None or m.current < since for m in members):
        await asyncio.sleep(0.01)


async def _prepare(teacher: Member) -> None:
    await teacher.do("slides.insert", id="b1", kind="board")
    await teacher.do("slides.turn", to="b1")
    await teacher.do("ink.allow", allowed=True)
    await teacher.do("poll.make", id="q1", question=QUESTION)
    await teacher.do("poll.open", id="q1")
    while teacher.waiting:
        await asyncio.sleep(0.01)


def judge(rows: list[Row], members: list[Member], trial: Trial) -> None:
    places: dict[str, list[int]] = {}
    for row in rows:
        if row.cmd:
            places.setdefault(row.cmd, []).append(row.seq)
    for member in members:
        trial.acknowledged += len(member.acknowledged)
        trial.broken += _counted(member, places)
    trial.events = len(rows)
    trial.broken += _seen(rows, members)


def _counted(member: Member, places: dict[str, list[int]]) -> Iterator[str]:
    if member.went_back:
        yield f"member {member.number} went back {member.went_back} times"
    for cmd, seq in member.acknowledged.items():
        at = places.get(cmd, [])
        if at and (at != list(range(at[0], at[0] + len(at))) or at[-1] != seq):
            yield f"{cmd} was acknowledged at {seq} and stands at {at}"
        if not at and cmd in member.made:
            yield f"{cmd} was acknowledged at {seq} and is not in the log"
    yield from (
        f"{cmd} was refused ({code}) and is in the log" for cmd, code in member.refused.items() if cmd in places
    )


def _seen(rows: list[Row], members: list[Member]) -> Iterator[str]:
    at: dict[int, list[Member]] = {}
    for member in members:
        at.setdefault(member.seq, []).append(member)
    lesson = Lesson(kinds())
    for row in rows:
        lesson.fold(kinds().fact(row))
        for member in at.get(lesson.seq, ()):
            for part, value in member.parts.items():
                if digest_of(value) != digest_of(lesson.view(Role(member.role), part)):
                    yield f"member {member.number} saw another {part} at {lesson.seq} than the log has"


# Worse worlds


def slow_disk(ms: int) -> dict[str, str]:
    """The environment of a process whose fsync takes `ms` longer."""
    BUILD.mkdir(exist_ok=True)
    source, library = ROOT / "bench" / "floor" / "slowdisk.c", BUILD / "slowdisk.so"
    subprocess.run(["gcc", "-O2", "-shared", "-fPIC", "-o", str(library), str(source), "-ldl"], check=True)
    return {"LD_PRELOAD": str(library), "SLOWDISK_MS": str(ms)}


@contextlib.contextmanager
def namespaces(loss: int) -> Iterator[None]:
    """Two network namespaces joined by a cable that loses `loss` of a hundred packets each way. Needs root."""
    _drop_namespaces()
    try:
        for name in (SERVER_NS, PEOPLE_NS):
            _do("ip", "netns", "add", name)
        _do("ip", "link", "add", "mtv0", "netns", SERVER_NS, "type", "veth", "peer", "name", "mtv1", "netns", PEOPLE_NS)
        for name, device, address in ((SERVER_NS, "mtv0", SERVER_IP), (PEOPLE_NS, "mtv1", PEOPLE_IP)):
            _do("ip", "-n", name, "address", "add", f"{address}/24", "dev", device)
            _do("ip", "-n", name, "link", "set", device, "up")
            _do("ip", "-n", name, "link", "set", "lo", "up")
            rule = f'iifname "{device}" numgen random mod 100 < {loss} drop'
            rules = f"table inet bad {{\nchain come {{\ntype filter hook input priority 0;\n{rule}\n}}\n}}\n"
            _do("ip", "netns", "exec", name, "nft", rules)
        yield
    finally:
        _drop_namespaces()


def _do(*command: str) -> None:
    subprocess.run(command, check=True, capture_output=True)


def _drop_namespaces() -> None:
    for name in (SERVER_NS, PEOPLE_NS):
        subprocess.run(["ip", "netns", "del", name], check=False, capture_output=True)


def among(people: int, kills: int, loss: int, data: Path) -> Trial:
    """The same from inside the people's namespace, with the server in its own."""
    with namespaces(loss):
        inside = ["ip", "netns", "exec", PEOPLE_NS, sys.executable, "-m", "bench.chaos.real"]
        asked = ["--people", str(people), "--kills", str(kills), "--within", str(data)]
        env = {**os.environ, "PYTHONPATH": f"{ROOT / 'src'}:{ROOT}"}
        done = subprocess.run([*inside, *asked], cwd=ROOT, env=env, capture_output=True, text=True, check=False)
    if done.returncode:
        return Trial(broken=[done.stderr[-2000:]])
    told: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return Trial(**told)


def main() -> int:
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--kills", type=int, default=100)
    asked.add_argument("--people", type=int, default=200)
    asked.add_argument("--slow-disk", type=int, default=0, metavar="MS")
    asked.add_argument("--loss", type=int, default=0, metavar="PERCENT")
    asked.add_argument("--within", type=Path, help=argparse.SUPPRESS)
    given = asked.parse_args()
    allow_many_files()
    if given.within:
        server = Server(given.within, host=SERVER_IP, within=("ip", "netns", "exec", SERVER_NS)).start()
        print(json.dumps(run(server, given.people, given.kills).__dict__))
        return 0
    return tried(given.people, given.kills, given.slow_disk, given.loss)


def tried(people: int, kills: int, slow: int = 0, loss: int = 0) -> bool:
    """Prints what came of it; True when a promise was broken."""
    with tempfile.TemporaryDirectory(prefix="mingtang-chaos-") as place:
        data = Path(place) / "data"
        if loss:
            trial = among(people, kills, loss, data)
        else:
            trial = run(Server(data, environment=slow_disk(slow) if slow else {}).start(), people, kills)
    report(trial, people, kills)
    return bool(trial.broken)


def report(trial: Trial, people: int, kills: int) -> None:
    took = sorted(trial.current_s)
    rows = [
        ["people, kills", f"{people}, {kills}"],
        ["events in the log", trial.events],
        ["acknowledged commands, all in the log once", trial.acknowledged],
        ["all current again after the server listens: median", f"{took[len(took) // 2]:.2f} s" if took else "-"],
        ["the worst", f"{took[-1]:.2f} s" if took else "-"],
        ["broken promises", len(trial.broken)],
    ]
    table("A real server under faults", ["", "measured"], rows)
    for one in trial.broken[:20]:
        print(one)


if __name__ == "__main__":
    sys.exit(main())
