"""What the nodes that serve one lesson tell one another: what was written, what is said, who is here, and wishes handed
to the node that writes. Nothing of it has to arrive: the log is what is true. Nodes may be of two programs for a while:
messages grow at their end alone, by fields that have a default, and one that is not understood is passed over."""

from __future__ import annotations

import itertools
import logging
import secrets
from collections.abc import Awaitable, Callable
from typing import Any

import msgspec
from msgspec import Struct

from mingtang.buses import LONGEST, Bus, Once
from mingtang.buses.asking import Asker, NoAnswer
from mingtang.core.event import Row
from mingtang.live.wish import Answer, Wish

log = logging.getLogger(__name__)
ROWS_BYTES = 256 * 1024  # beyond this the others read the log rather than the bus
ANSWER_WITHIN_S = 1.5
HANDED_WITHIN_S = 0.5  # in which it has to be decided: whoever handed it over goes on without us soon after
EVERYWHERE = "everywhere"  # in the place of a lesson; ids of lessons are hexadecimal


class News(Struct, tag="news", array_like=True):
    """These rows are in the log; None for "read it yourselves". `program` marks what the node's program knows."""

    node: str
    rows: list[Row] | None
    program: str = ""


class Rewritten(Struct, tag="rewritten", array_like=True):
    """To all nodes, by EVERYWHERE: a person was erased from this lesson, or it was taken away. What they keep of
    readings goes at once; whom this does not reach finds the erasing when he next reads on in the log."""

    node: str
    lesson: str


class Said(Struct, tag="said", array_like=True):
    """Volatile, as in protocol V1; `no` is the sending screen's number, unlike that of any other node's screen."""

    node: str
    topic: str
    no: int
    data: Any


class Here(Struct, tag="here", array_like=True):
    """Members with screens at a node: all of them when `whole`, else those that have come."""

    node: str
    members: list[str]
    whole: bool


class Left(Struct, tag="left", array_like=True):
    """A member's last screen at the node is gone."""

    node: str
    member: str


class Handed(Struct, array_like=True):
    """A wish on its way to the node that writes."""

    by: str
    cmd: str
    kind: str
    data: bytes


class Parcel(Struct, array_like=True):
    lesson: str
    wishes: list[Handed]


Message = News | Rewritten | Said | Here | Left
Hear = Callable[[Message], None]
Serve = Callable[[str, list[Handed]], Awaitable[list[Answer] | None]]
_encode = msgspec.msgpack.Encoder().encode
_message = msgspec.msgpack.Decoder(Message).decode
_parcel = msgspec.msgpack.Decoder(Parcel).decode
_answers = msgspec.msgpack.Decoder(list[Answer]).decode


class Others:
    """One of a hall. `serve` decides wishes that others hand over; None is "I have no such lesson open"."""

    def __init__(self, bus: Bus, configured: bool = True, media: Bus | None = None, node: str = "") -> None:
        """`configured` is False where no bus was asked for: then this node takes itself to be the only one. `media` is
        the bus of voice and picture: another line to the same place. `node` is its name, unlike any other's."""
        self.media = media
        self.node = node or secrets.token_hex(4)
        self.program = ""
        self.configured = configured
        self.serve: Serve | None = None
        self._bus = bus
        self._asker = Asker(bus, self.node, self._serve)
        self._numbers = itertools.count(1)
        self._place = secrets.randbits(20) << 32
        self._not_understood = Once(log)

    @property
    def up(self) -> bool:
        return self.configured and self._bus.up

    def new_cmd(self) -> str:
        """For a wish of the server's own, so that handing it over twice counts once."""
        return f"{self.node}-{next(self._numbers)}"

    def screen_no(self, no: int) -> int:
        return self._place | no

    def listen(self, lesson: str, hear: Hear) -> Callable[[], None]:
        """Returns the end of it."""

        def take(data: bytes) -> None:
            try:
                message = _message(data)
            except msgspec.MsgspecError:
                return self._not_understood("a message of another node has a shape that this program does not know")
            return hear(message)

        return self._bus.subscribe(_topic(lesson), take)

    def tell(self, lesson: str, message: Message) -> None:
        data = _encode(message)
        if len(data) <= LONGEST:
            self._bus.publish(_topic(lesson), data)

    def tell_rows(self, lesson: str, rows: list[Row]) -> None:
        small = sum(len(row.data) for row in rows) <= ROWS_BYTES
        self.tell(lesson, News(self.node, rows if small else None, self.program))

    async def hand_over(self, node: str, lesson: str, wishes: list[Wish]) -> list[Answer]:
        """The other node's answers, in order. Raises NoAnswer; what was asked may be done all the same."""
        handed = [Handed(w.by, w.cmd, str(type(w.command).__struct_config__.tag), _json(w.command)) for w in wishes]
        body = _encode(Parcel(lesson, handed))
        if len(body) > LONGEST and len(wishes) > 1:
            half = len(wishes) // 2
            first = await self.hand_over(node, lesson, wishes[:half])
            return first + await self.hand_over(node, lesson, wishes[half:])
        said = await self._asker.ask(node, body, ANSWER_WITHIN_S)
        try:
            answers = _answers(said)
        except msgspec.MsgspecError as error:
            raise NoAnswer(node) from error
        if len(answers) != len(wishes):
            raise NoAnswer(node)
        return answers

    async def _serve(self, body: bytes) -> bytes | None:
        parcel = _parcel(body)
        answers = None if self.serve is None else await self.serve(parcel.lesson, parcel.wishes)
        return None if answers is None else _encode(answers)

    async def close(self) -> None:
        await self._asker.close()
        await self._bus.close()
        if self.media is not None:
            await self.media.close()


_json = msgspec.json.Encoder().encode


def _topic(lesson: str) -> str:
    return f"lesson.{lesson}"
