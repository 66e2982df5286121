"""People in front of screens, as the browser's half is: they keep parts by patches, come back by themselves, and say an
unanswered command again with its old id."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable
from random import Random
from typing import Any, NamedTuple

from bench.chaos.line import Frame, Line
from mingtang.core.patch import Json, apply

PASSING = frozenset({"store_failed", "slow_down", "failed"})
FINAL = frozenset({4401, 4403, 4404, 4410})
SAY_AGAIN_S = 4.0
LEFT_S = 15.0  # another screen of the same person takes over what is older


class Sight(NamedTuple):
    """What one person had on screen at a place of the log."""

    seq: int
    role: str
    member: str
    parts: Json
    mine: Json | None  # None where it may be newer than the place: in a hello


class Command(NamedTuple):
    kind: str
    data: Json
    at: float
    screen: int


class Person:
    """One screen of a person; all of a person share a `book`. `dial(person, line)` connects, or cuts the line."""

    def __init__(self, member: str, role: str, random: Random, dial: Callable[[Person, Line], Any], book: Book) -> None:
        self.member, self.role, self.random, self.book = member, role, random, book
        self._dial = dial
        self.line: Line | None = None
        self.live = False
        self.gone = False
        self._catching_up = False
        self.parts: Json = {}
        self.mine: Json = {}
        self.seq = 0
        self.wants: set[str] = set()
        self.sights: list[Sight] = []
        self.faults: list[str] = []

    # Coming and going

    def come(self) -> None:
        if self.gone or self.line is not None:
            return
        self.line = Line(self.random, self._hear, self._lost)
        self._dial(self, self.line)

    def go(self) -> None:
        self.gone = True
        if self.line is not None:
            self.line.cut()

    def _lost(self, code: int) -> None:
        self.line, self.live = None, False
        if code in FINAL:
            self.faults.append(f"{self.member} was sent away with {code}")
        elif not self.gone:
            asyncio.get_running_loop().call_later(self.random.uniform(0.2, 2.0), self.come)

    # Saying

    def do(self, kind: str, /, **data: Any) -> str:
        cmd = f"{self.member}-{len(self.book.said) + 1}"
        self.book.said[cmd] = Command(kind, data, asyncio.get_running_loop().time(), id(self))
        self._say(cmd)
        return cmd

    def _say(self, cmd: str) -> None:
        if cmd in self.book.answers or self.gone:
            return
        if self.live and self.line is not None:
            command = self.book.said[cmd]
            again = {"again": True} if self.book.sent[cmd] else {}
            frame = {"t": "do", "id": cmd, "kind": command.kind, "data": command.data, **again}
            self.book.sent[cmd] += self.line.send(frame)
        asyncio.get_running_loop().call_later(SAY_AGAIN_S, self._say, cmd)

    def want(self, part: str) -> None:
        self.wants.add(part)
        if self.live and self.line is not None:
            self.line.send({"t": "want", "part": part})

    # Hearing

    def _hear(self, frame: Frame, last: bool) -> None:
        match frame["t"]:
            case "ok" | "no" if "id" in frame:
                self._answered(frame)
            case "hello":
                self.parts, self.mine = frame["parts"], frame["mine"]
                self._arrived(frame)
            case "again":
                self.mine, self._catching_up = frame["mine"], True
                self._arrived(frame)
            case "patch":
                self._patch(frame)
                if not self._catching_up and self.random.random() < 0.1:
                    self._note()
            case "mine":
                self.mine = apply(self.mine, frame["patch"])
            case "part" if frame["part"] in self.wants:
                self.parts = {**self.parts, frame["part"]: frame["value"]}
        if last:  # `again` tells `mine` as it is now, and in the same breath the patches that lead there
            self._catching_up = False

    def _answered(self, frame: Frame) -> None:
        cmd = frame["id"]
        failed = frame.get("code") == "store_failed" and self.book.sent[cmd] == 1  # to a browser that is final
        if frame["t"] == "no" and frame["code"] in PASSING and not failed:
            return  # it is said again after a while
        before = self.book.answers.setdefault(cmd, frame)
        if {**before, "seq": 0} != {**frame, "seq": 0}:  # places are compared with the log
            self.faults.append(f"{cmd} was answered {before}, and then {frame}")

    def _arrived(self, frame: Frame) -> None:
        self._place(frame["seq"])
        self.live = True
        for part in self.wants - self.parts.keys():
            self.want(part)
        now = asyncio.get_running_loop().time()
        for cmd, said in list(self.book.said.items()):
            if cmd not in self.book.answers and (said.screen == id(self) or now - said.at > LEFT_S):
                self._say(cmd)
        if frame["t"] == "hello":
            self._note(whole=False)

    def _patch(self, frame: Frame) -> None:
        parts = dict(self.parts)
        for part, patch in frame["parts"].items():
            if part in parts:
                parts[part] = apply(parts[part], patch)
        self.parts = parts
        self._place(frame["seq"])

    def _place(self, seq: int) -> None:
        if seq < self.seq:
            self.faults.append(f"{self.member} went back from {self.seq} to {seq}")
        self.seq = seq

    def _note(self, whole: bool = True) -> None:
        self.sights.append(Sight(self.seq, self.role, self.member, self.parts, self.mine if whole else None))


class Book:
    """A member's commands and the answers to them, over all screens of the member."""

    def __init__(self) -> None:
        self.said: dict[str, Command] = {}
        self.answers: dict[str, Frame] = {}
        self.sent = Counter[str]()
