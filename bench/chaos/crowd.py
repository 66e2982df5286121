"""Real sockets before a real server that is killed: people vote, ask and draw, and say it until it is acknowledged."""

from __future__ import annotations

import asyncio
import json
import random
import time
from typing import Any

import websockets

from mingtang.core.patch import Json, apply

STROKE = "AAIEAAA"
SOONEST_S, LATEST_S = 0.2, 1.5  # as browser/socket.ts has it for the first tries
PATIENCE_S, AGAIN_AFTER_S = 10.0, 1.0


class Member:
    """`acknowledged` maps each command to its place; `current` is when it last got the whole state, None while away."""

    def __init__(self, url: str, cookie: str, number: int, chance: random.Random) -> None:
        self.url, self.cookie, self.number, self.chance = url, cookie, number, chance
        self.acknowledged: dict[str, int] = {}
        self.refused: dict[str, str] = {}
        self.waiting: dict[str, Json] = {}
        self.made: set[str] = set()  # what must be an event; the same vote again is none
        self.parts: Json = {}
        self.role = ""
        self.seq = 0
        self.went_back = 0
        self.current: float | None = None
        self.resting = asyncio.Event()
        self._said = 0
        self._socket: Any = None

    async def stay(self) -> None:
        """Connects again and again, as a browser does."""
        tries = 0
        while True:
            try:
                await self._listen()
                tries = 0
            except (OSError, websockets.WebSocketException, TimeoutError):
                tries += 1
            self.current, self._socket = None, None
            most = min(LATEST_S, SOONEST_S * 2 ** (min(tries, 5) + 1))
            await asyncio.sleep(self.chance.uniform(SOONEST_S, most))

    async def _listen(self) -> None:
        back = f"?back={self.seq}" if self.seq else ""
        headers = {"Cookie": self.cookie}
        way = websockets.connect(
            self.url + back, compression=None, additional_headers=headers, max_size=None, open_timeout=PATIENCE_S,
            ping_interval=None, close_timeout=0.1,
        )  # fmt: skip
        async with way as socket:
            async for message in socket:
                self._take(socket, json.loads(message))

    def _take(self, socket: Any, frame: Json) -> None:
        match frame["t"]:
            case "hello" | "again":
                self.parts = frame.get("parts", self.parts)
                self.role = frame["you"]["role"]
                self.current, self._socket = time.monotonic(), socket
                self._place(frame["seq"])
                for cmd in self.waiting:
                    asyncio.create_task(self._send(cmd))  # noqa: RUF006 — a lost one is said again
            case "patch":
                for part, patch in frame["parts"].items():
                    self.parts = {**self.parts, part: apply(self.parts.get(part, {}), patch)}
                self._place(frame["seq"])
            case "ok":
                if self.waiting.pop(frame["id"], None) is not None:
                    self.acknowledged[frame["id"]] = frame["seq"]
            case "no" if frame["code"] not in ("store_failed", "slow_down", "failed"):
                if self.waiting.pop(frame.get("id", ""), None) is not None:
                    self.refused[frame["id"]] = frame["code"]

    def _place(self, seq: int) -> None:
        self.went_back += seq < self.seq
        self.seq = seq

    async def _send(self, cmd: str) -> None:
        socket, command = self._socket, self.waiting.get(cmd)
        if socket is None or command is None:
            return
        try:
            await socket.send(json.dumps({"t": "do", "id": cmd, **command}))
        except websockets.WebSocketException:
            return

    async def do(self, kind: str, /, **data: Any) -> None:
        self._said += 1
        cmd = f"m{self.number}-{self._said}"
        self.waiting[cmd] = {"kind": kind, "data": data}
        if kind in ("questions.ask", "ink.draw"):
            self.made.add(cmd)
        await self._send(cmd)

    async def act(self, pace_s: float) -> None:
        """Votes, asks and draws until it is to rest; then only what is unanswered is said again, until all is."""
        turn = 0
        while not self.resting.is_set():
            turn += 1
            await self._something(turn)
            await asyncio.sleep(self.chance.expovariate(1 / pace_s))
        asked = 0.0
        while self.waiting:
            if (now := time.monotonic()) - asked > AGAIN_AFTER_S:
                asked = now
                for cmd in list(self.waiting):
                    await self._send(cmd)
            await asyncio.sleep(0.02)

    async def _something(self, turn: int) -> None:
        if len(self.waiting) > 20:
            return
        match self.chance.choice(("vote", "vote", "vote", "ask", "draw")):
            case "vote":
                await self.do("poll.vote", id="q1", answer=["abc"[turn % 3]])
            case "ask":
                await self.do("questions.ask", text=f"Question {turn} of {self.number}?")
            case "draw":
                stroke = {"tool": "pen", "color": 1, "width": 24, "points": STROKE}
                await self.do("ink.draw", page="b1", id=f"m{self.number}x{turn}", **stroke)
