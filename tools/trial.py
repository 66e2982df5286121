"""Starts deploy/compose.yaml on this machine's container engine and holds a lesson through its door: people join and
vote, a node is killed, one is stopped in turn, all is taken down and started again. It is a project of its own, with
a port, an image and volumes of its own, and goes when it is over: a hall that runs here is not touched.

python -m tools.trial [--compose "docker compose"] [--keep]"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import json
import os
import secrets
import shlex
import socket
import subprocess
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import websockets
from websockets.protocol import State

from tools import cast
from tools.demo_deck import deck

FILE = Path(__file__).resolve().parents[1] / "deploy" / "compose.yaml"
NODES = ("node1", "node2", "node3")
PROJECT = "mingtang-trial"
PEOPLE = 12
BEGAN = time.monotonic()
POLL = {"form": "single", "text": "How many?", "options": ["None", "One", "Three"]}
CHOICES = "abc"
# Within a node: what an address of its own answers, with these headers.
ASK = """
import http.client, sys
asked = http.client.HTTPConnection("127.0.0.1", 8123, timeout=10)
asked.request("GET", sys.argv[1], headers={"Cookie": sys.argv[2]} if len(sys.argv) > 2 else {})
answer = asked.getresponse()
print(answer.status, len(answer.read()))
"""
# Within a node: how many connections the door holds to it.
HELD = """
rows = [row.split() for name in ("tcp", "tcp6") for row in open(f"/proc/net/{name}").readlines()[1:]]
print(sum(row[1].endswith(":1FBB") and row[3] == "01" and not row[2].startswith("0100007F") for row in rows))
"""


class Failed(Exception):  # noqa: N818 — it is a sentence for a person
    pass


class Hall:
    """The containers, by the engine's own command line."""

    def __init__(self, command: str) -> None:
        self._command = [*shlex.split(command), "--project-name", PROJECT, "--file", str(FILE)]
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        self.address = f"http://localhost:{port}"
        own = {"POSTGRES_PASSWORD": "p@ss/word:1 %", "MINGTANG_PUBLIC_URL": self.address, "MINGTANG_DOOR": str(port)}
        self._env = {**os.environ, **own, "MINGTANG_IMAGE": PROJECT}

    def run(self, *words: str) -> str:
        done = subprocess.run([*self._command, *words], env=self._env, capture_output=True, text=True, check=False)
        if done.returncode:
            raise Failed(f"{' '.join(words)}: {(done.stderr or done.stdout).strip()[-2000:]}")
        return done.stdout

    def up(self, *words: str) -> None:
        self.run("up", "--detach", "--wait", "--wait-timeout", "180", *words)

    def within(self, node: str, code: str, *words: str) -> str:
        return self.run("exec", "-T", node, "python", "-c", code, *words).strip()

    def asked(self, node: str, path: str, cookie: str = "") -> int:
        """The status that a node gives by itself, not through the door."""
        return int(self.within(node, ASK, path, cookie).split()[0])

    def key(self, node: str) -> str:
        return self.run("exec", "-T", node, "cat", "/data/teacher.key").strip()

    def state(self, service: str) -> dict[str, Any]:
        said = json.loads(self.run("ps", "--all", "--format", "json", service).splitlines()[0])
        return dict(said[0] if isinstance(said, list) else said)


class Phone:
    """A member who votes until he is answered, by whichever node the door leads him to."""

    def __init__(self, address: str, lesson: str, cookies: httpx.Cookies) -> None:
        self._url = f"{address.replace('http', 'ws', 1)}/live/{lesson}"
        self._cookie = "; ".join(f"{name}={value}" for name, value in cookies.items())
        self._line: websockets.ClientConnection | None = None

    async def come(self) -> None:
        """Returns when the lesson is shown."""
        while self._line is None:
            with contextlib.suppress(OSError, TimeoutError, websockets.WebSocketException):
                line = await websockets.connect(
                    self._url, additional_headers={"Cookie": self._cookie}, compression=None, max_size=None
                )
                await _frame(line, lambda frame: frame["t"] in ("hello", "again"))
                self._line = line
                return
            await asyncio.sleep(0.1)

    async def vote(self, answer: str) -> None:
        said = {"t": "do", "id": secrets.token_hex(6), "kind": "poll.vote", "data": {"id": "q1", "answer": [answer]}}
        while True:
            await self.come()
            assert self._line is not None
            try:
                await self._line.send(json.dumps(said))
                told = await _frame(self._line, lambda frame: frame.get("id") == said["id"])
            except (OSError, TimeoutError, websockets.WebSocketException):
                self._line = None
                continue
            if told["t"] == "ok":
                return
            await asyncio.sleep(0.1)  # store_failed, slow_down: said again, as the page does

    async def back(self) -> float:
        """After a fault: how long it took to be here again from now on, 0 for who was not cut off within a second."""
        assert self._line is not None
        began = time.monotonic()
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._line.wait_closed(), 1)
        if self._line.close_code is None and self._line.state is State.OPEN:
            return 0.0
        self._line = None
        await self.come()
        return time.monotonic() - began

    async def go(self) -> None:
        line, self._line = self._line, None
        if line is not None:
            await line.close()


async def _frame(line: websockets.ClientConnection, wanted: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
    async with asyncio.timeout(5):
        while True:
            frame: dict[str, Any] = json.loads(await line.recv())
            if wanted(frame):
                return frame


def told(sentence: str) -> None:
    print(f"{time.monotonic() - BEGAN:6.1f} s  {sentence}", flush=True)


def must(true: bool, sentence: str) -> None:
    if not true:
        raise Failed(f"not so: {sentence}")
    told(sentence)


class Lesson:
    """One lesson through the door, and who is in it."""

    def __init__(self, hall: Hall, teacher: httpx.AsyncClient) -> None:
        self._hall, self._teacher = hall, teacher
        self.id = ""
        self.phones: list[Phone] = []
        self.answers: list[str] = []

    async def begin(self) -> None:
        form = {"title": "Trial", "deck": ("deck.pdf", deck("en"), "application/pdf")}
        files = {name: value if isinstance(value, tuple) else (None, value) for name, value in form.items()}
        made = (await self._teacher.post("/api/teach/lessons", files=files)).raise_for_status().json()
        self.id = made["id"]
        async with await cast.console(self._hall.address, self._teacher, self.id) as staff:
            await staff.until(lambda parts: parts["slides"].get("deck", {}).get("state") in ("ready", "failed"))
            slides = staff.parts["slides"]
            must(slides["deck"]["state"] == "ready", f"a presentation of {slides['deck']['pages']} pages is drawn")
            await self._pictures([step["asset"] for step in slides["steps"].values() if "asset" in step])
            await staff.do("poll.make", id="q1", question=POLL)
            await staff.do("poll.open", id="q1")
        for number in range(PEOPLE):
            async with httpx.AsyncClient(base_url=self._hall.address) as browser:
                given = {"name": f"Student {number}", "seat": "room"}
                (await browser.post(f"/api/lessons/{made['code']}/join", json=given)).raise_for_status()
                self.phones.append(Phone(self._hall.address, self.id, browser.cookies))

    async def _pictures(self, assets: list[str]) -> None:
        for node in NODES:
            found = [self._hall.asked(node, f"/assets/{asset}/640.webp") for asset in assets]
            must(set(found) == {200}, f"{node} has the pictures of all {len(assets)} pages")

    async def vote(self, turn: int) -> None:
        """All at once; each time the count is another."""
        self.answers = [CHOICES[(turn + (number < PEOPLE // 3)) % 3] for number in range(PEOPLE)]
        await asyncio.gather(*(phone.vote(answer) for phone, answer in zip(self.phones, self.answers, strict=True)))

    async def counted(self) -> dict[str, int]:
        """As a fresh console shows it, once what is acknowledged has reached the node that it came to."""
        counts: dict[str, int] = {}

        def all_told(parts: dict[str, Any]) -> bool:
            last = max(parts["poll"]["q1"]["rounds"].items())[1]
            counts.clear()
            counts.update({key: n for key, n in last["counts"].items() if n})
            return counts == Counter(self.answers)

        async with await cast.console(self._hall.address, self._teacher, self.id) as staff:
            with contextlib.suppress(TimeoutError):
                await staff.until(all_told, 10)
        return counts

    async def check(self, when: str) -> None:
        wanted, found = dict(Counter(self.answers)), await self.counted()
        must(found == wanted, f"{when} the count is {found}, as {PEOPLE} were acknowledged")

    async def leave(self) -> None:
        await asyncio.gather(*(phone.go() for phone in self.phones))


async def killed(hall: Hall, lesson: Lesson) -> None:
    """The node with most people dies without a word."""
    held = {node: int(hall.within(node, HELD)) for node in NODES}
    node = max(held, key=lambda name: held[name])
    hall.run("kill", node)
    back = [seconds for seconds in await asyncio.gather(*(phone.back() for phone in lesson.phones)) if seconds]
    must(bool(back), f"{node} killed: {len(back)} people are cut off, and back within {max(back, default=0):.1f} s")
    await lesson.check("a node down,")
    await lesson.vote(1)
    await lesson.check("voted again,")
    hall.up()
    must(hall.asked(node, "/ready") == 200, f"{node} is ready again")


async def renewed(hall: Hall, lesson: Lesson) -> None:
    """Node by node is stopped and made anew, as for a new version, while everybody goes on asking at the door."""
    for turn, node in enumerate(NODES, 2):
        over, refused = asyncio.Event(), Counter[int]()
        asking = asyncio.create_task(_ask(hall.address, over, refused))
        await asyncio.to_thread(hall.run, "stop", node)
        must(hall.state(node).get("ExitCode") == 0, f"{node} is told to stop, and ends by itself within its time")
        await lesson.vote(turn)
        await lesson.check(f"{node} stopped,")
        await asyncio.to_thread(hall.up, "--no-deps", "--force-recreate", node)
        over.set()
        asked = await asking
        must(not refused, f"{node} is back; meanwhile the door refused nobody of {asked}: {dict(refused)}")


async def _ask(address: str, over: asyncio.Event, refused: Counter[int]) -> int:
    asked = 0
    async with httpx.AsyncClient(base_url=address, timeout=10) as browser:
        while not over.is_set():
            answer = await browser.get("/health")
            asked += 1
            if answer.status_code != 200:
                refused[answer.status_code] += 1
            await asyncio.sleep(0.02)
    return asked


async def run(hall: Hall) -> None:
    hall.up("--build")
    for node in NODES:
        must(hall.asked(node, "/ready") == 200, f"{node} is ready")
    keys = {hall.key(node) for node in NODES}
    must(len(keys) == 1, "all nodes have the same teacher's link")
    async with contextlib.aclosing(await cast.teacher(hall.address, keys.pop())) as teacher:
        teacher.headers["Origin"] = hall.address
        cookie = "; ".join(f"{name}={value}" for name, value in teacher.cookies.items())
        for node in NODES:
            must(hall.asked(node, "/api/teach/lessons", cookie) == 200, f"{node} knows who signed in at the door")
            must(hall.asked(node, "/api/teach/lessons") == 401, f"{node} knows nobody else")
        lesson = Lesson(hall, teacher)
        await lesson.begin()
        await lesson.vote(0)
        await lesson.check("at first")
        await killed(hall, lesson)
        await renewed(hall, lesson)
        await lesson.leave()
        hall.run("down")
        hall.up()
        await lesson.check("after down and up,")
        await lesson.vote(6)
        await lesson.check("and as people go on,")
        await lesson.leave()


def main() -> int:
    reader = argparse.ArgumentParser(description=(__doc__ or "").partition("\n\n")[0])
    reader.add_argument("--compose", default="docker compose", help="what reads a compose file here")
    reader.add_argument("--keep", action="store_true", help="leave the containers as they are at the end")
    given = reader.parse_args()
    hall = Hall(given.compose)
    try:
        asyncio.run(run(hall))
    except Failed as failed:
        print(f"FAILED: {failed}")
        return 1
    finally:
        if not given.keep:
            hall.run("down", "--volumes", "--timeout", "20")
    print("All of it is so.")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
