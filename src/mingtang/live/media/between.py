"""What nodes tell one another of voice and picture: who has which tracks, who wants them, the objects, and how far they
have come. It goes over a bus of its own: pictures must not delay the hints that answers wait for."""

from __future__ import annotations

import logging
from collections.abc import Callable

import msgspec
from msgspec import Struct

from mingtang.buses import LONGEST, Bus, Once

log = logging.getLogger(__name__)
PIECE = LONGEST - 1024


class Have(Struct, tag="have", array_like=True):
    """To all who relay the lesson: the tracks whose senders are at this node, and who of the stage has a line here.
    `ask` when the others are to say the same."""

    node: str
    tracks: list[int]
    members: list[str]
    ask: bool


class Wanted(Struct, tag="wanted", array_like=True):
    """To one node: the whole set of its tracks that are wanted, each with its highest layer."""

    node: str
    lesson: str
    tracks: dict[int, int]


class Part(Struct, tag="part", array_like=True):
    """An object, or a part of it with `more` to follow. `place` counts the bytes that were there before it: a gap says
    that something was lost."""

    node: str
    lesson: str
    place: int
    more: bool
    data: bytes


class Got(Struct, tag="got", array_like=True):
    """All up to here has come, or is lost."""

    node: str
    lesson: str
    place: int


class Asked(Struct, tag="asked", array_like=True):
    """A viewer's wish for a track's sender, as a text frame."""

    node: str
    lesson: str
    text: bytes


Letter = Wanted | Part | Got | Asked
_encode = msgspec.msgpack.Encoder().encode
_letter = msgspec.msgpack.Decoder(Letter).decode
_have = msgspec.msgpack.Decoder(Have).decode


class Between:
    """`take` is given the letters to this node."""

    def __init__(self, bus: Bus, node: str) -> None:
        self.node = node
        self.take: Callable[[Letter], None] = lambda letter: None
        self._bus = bus
        self._not_understood = Once(log)
        self._end = bus.subscribe(f"media.{node}", self._take)

    @property
    def up(self) -> bool:
        return self._bus.up

    def send(self, node: str, letter: Letter) -> None:
        self._bus.publish(f"media.{node}", _encode(letter))

    def tell(self, lesson: str, have: Have) -> None:
        self._bus.publish(f"media.of.{lesson}", _encode(have))

    def listen(self, lesson: str, hear: Callable[[Have], None]) -> Callable[[], None]:
        def take(data: bytes) -> None:
            try:
                hear(_have(data))
            except msgspec.MsgspecError:
                self._not_understood("another node says what it has in a shape that this program does not know")

        return self._bus.subscribe(f"media.of.{lesson}", take)

    def _take(self, data: bytes) -> None:
        try:
            letter = _letter(data)
        except msgspec.MsgspecError:
            return self._not_understood("a letter of another node has a shape that this program does not know")
        return self.take(letter)

    def close(self) -> None:
        self._end()
