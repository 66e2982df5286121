"""The relay hands frames to the kernel by the number of a viewer's socket. When he goes the next connection may get
that number, and must not get a byte of the lesson: neither of what comes then nor of a picture that is on its way."""

from __future__ import annotations

import asyncio
import os
import socket
from collections.abc import Callable

import pytest
import uvloop

from mingtang.live.media import spread
from mingtang.live.media.line import Line
from tests.live.media import PICTURE, Eye, configuration, look, picture, started
from tests.live.stage import LESSON, Stage, staged

VIEWERS = [member for member in ("s1", "s2", "s3", "a1") for _ in range(2)]
MOST = 60
Loops = Callable[[], asyncio.AbstractEventLoop]


class Rush:
    """Stands where the relay hands over a frame. With the first picture the last viewer `goes`. With each somebody new
    connects and the next is sent, so that a turn of the loop finds both, until the free `number` is one of theirs."""

    def __init__(self, port: int, number: int, teacher: Eye, goes: Callable[[], None]) -> None:
        self.address, self.number, self.teacher, self.goes = ("127.0.0.1", port), number, teacher, goes
        self.others = [socket.socket() for _ in range(MOST)]  # made before: they take no number that becomes free
        self.sent, self.met, self.over = 1, False, asyncio.Event()
        self.first = 0

    def write(self, number: int, frame: bytes) -> int:
        if not self.first:
            self.first = number
            self.goes()
        self.met = self.met or self._is_met()
        if self.met or self.sent == MOST:
            self.over.set()
        elif number == self.first:
            self._next()
        return os.write(number, frame)

    def _next(self) -> None:
        self.sent += 1
        other = self.others[self.sent - 1]
        other.setblocking(False)
        other.connect_ex(self.address)
        self.teacher.socket.protocol.send_binary(picture(1, self.sent))
        self.teacher.socket.send_data()

    def _is_met(self) -> bool:
        try:
            with socket.socket(fileno=os.dup(self.number)) as there:
                return there.getpeername() in [other.getsockname() for other in self.others]
        except OSError:
            return False

    def heard(self) -> bytes:
        heard = b""
        for other in self.others:
            with other:
                try:
                    heard += other.recv(1 << 16)
                except OSError:  # nothing, or not connected at all
                    continue
        return heard


async def watched(stage: Stage) -> tuple[Eye, list[Eye]]:
    """The teacher shows a picture, and all viewers have got it."""
    await stage.submit("media.enter", by="t1")
    assert await started(stage, "t1", PICTURE) == 1
    teacher, eyes = await look(stage, "t1"), [await look(stage, member) for member in VIEWERS]
    for eye in eyes:
        await eye.see(t1=2)
        await eye.settled()
    await teacher.send(configuration(1), picture(1, 0, key=True))
    for eye in eyes:
        await eye.until(lambda eye: eye.seqs(1) == [0])
    return teacher, eyes


def last_line(stage: Stage) -> Line:
    relay = stage.hall.media.at(LESSON)
    assert relay is not None
    return list(relay.members[VIEWERS[-1]])[-1]


async def one_goes(how: str, monkeypatch: pytest.MonkeyPatch) -> None:
    async with staged() as stage:
        teacher, eyes = await watched(stage)
        line, viewer = last_line(stage), eyes.pop()
        goes = {
            "vanishes": viewer.socket.transport.abort,
            "is cut": line.port.abort,
            "is too slow": line.viewer.give_up,
        }[how]
        rush = Rush(stage.port, line.port.fd, teacher, goes)
        monkeypatch.setattr(spread, "_straight", rush.write)
        await teacher.send(picture(1, 1))
        for eye in eyes:
            await eye.until(lambda eye: rush.over.is_set() and eye.seqs(1)[-1] == rush.sent)
        assert rush.met, "nobody got the number while pictures were on their way: this shows nothing"
        assert rush.heard() == b""


@pytest.mark.parametrize("loops", [asyncio.new_event_loop, uvloop.new_event_loop], ids=["asyncio", "uvloop"])
@pytest.mark.parametrize("at_once", [1, spread.SLICE], ids=["one a turn", "all at once"])
@pytest.mark.parametrize("how", ["vanishes", "is cut", "is too slow"])
def test_who_gets_the_number_of_a_viewer_who_goes_while_pictures_are_sent_gets_nothing_of_them(
    how: str, at_once: int, loops: Loops, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(spread, "SLICE", at_once)
    with asyncio.Runner(loop_factory=loops) as runner:
        runner.run(one_goes(how, monkeypatch))
