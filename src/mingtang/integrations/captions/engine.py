"""What a program that writes down speech has to be, and one that needs no model, for tests."""

from __future__ import annotations

from array import array
from collections.abc import Iterable
from typing import NamedTuple, Protocol

RATE = 16_000
LOUD = 0.02


class Frame(NamedTuple):
    """`pcm` are samples of 16 bits, one channel, 16 kHz, in this machine's order; the first is of `at`, ms UTC."""

    at: int
    pcm: bytes

    @property
    def end(self) -> int:
        return self.at + len(self.pcm) // 2 * 1000 // RATE


class Piece(NamedTuple):
    """Words that were said from `begin` to `end`, ms UTC. `lang` is a tag like zh or en, "" where it is not known."""

    begin: int
    end: int
    text: str
    lang: str = ""


class Engine(Protocol):
    """One for each track, used by one thread at a time. Frames come in order; between two there may be a gap."""

    def hear(self, frame: Frame) -> Iterable[Piece]:
        """What is finished by now; it may be nothing for a long time."""

    def end(self) -> Iterable[Piece]:
        """The rest. Nothing is heard afterwards."""


class Beeps:
    """Says of every spell of sound how long it was."""

    def __init__(self, quiet_ms: int = 200, loud: float = LOUD) -> None:
        self._quiet_ms, self._loud = quiet_ms, round(loud * 32767)
        self._begin = self._last = -1

    def hear(self, frame: Frame) -> Iterable[Piece]:
        step = RATE // 100
        samples = array("h", frame.pcm)
        for place in range(0, len(samples), step):
            now = frame.at + place * 1000 // RATE
            if max(map(abs, samples[place : place + step])) > self._loud:
                if self._begin < 0:
                    self._begin = now
                self._last = now + 10
            elif self._begin >= 0 and now - self._last >= self._quiet_ms:
                yield from self.end()

    def end(self) -> Iterable[Piece]:
        if self._begin >= 0:
            yield Piece(self._begin, self._last, f"{self._last - self._begin} ms", "en")
            self._begin = -1
