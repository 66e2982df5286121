"""One encoded frame of sound or picture and the sixteen bytes before it. docs/build/media.md, rules O1 to O4."""

from __future__ import annotations

import struct
from enum import IntEnum
from typing import NamedTuple

HEADER = 16
MOST_BYTES = 1 << 20
_layout = struct.Struct("!BBHIHIBB")


class Kind(IntEnum):
    configuration = 1
    picture = 2
    sound = 3


class BadObject(ValueError):  # noqa: N818 — what it says is the sentence
    """Bytes that are no media object."""


class Head(NamedTuple):
    """`time` is ms UTC on the lesson's clock when it was captured. `level` is of sound alone: its loudness in -dBov, 0
    the loudest, 127 silence. `span` is how many ms a sound lasts."""

    kind: Kind
    track: int
    seq: int
    time: int
    key: bool = False
    layer: int = 0
    level: int = 127
    span: int = 0


def pack(head: Head, payload: bytes) -> bytes:
    flags = int(head.key) | head.layer << 1
    time = head.time
    return (
        _layout.pack(head.kind, flags, head.track, head.seq, time >> 32, time & 0xFFFFFFFF, head.level, head.span)
        + payload
    )


def read(data: bytes | memoryview) -> Head:
    """The head alone; the payload is what follows it. Raises BadObject."""
    if not HEADER < len(data) <= MOST_BYTES:
        raise BadObject(f"{len(data)} bytes are no media object")
    kind, flags, track, seq, high, low, level, span = _layout.unpack_from(data)
    if kind not in (1, 2, 3) or flags > 7:
        raise BadObject(f"kind {kind} with flags {flags} is unknown")
    return Head(Kind(kind), track, seq, high << 32 | low, bool(flags & 1), flags >> 1 & 3, min(level, 127), span)
