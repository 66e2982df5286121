"""How objects lie in a file, `[u32 length][object]`, and how the next one is found behind damage. No file is opened."""

from __future__ import annotations

import struct
from typing import NamedTuple

from mingtang.stores.media.objects import HEADER, MOST_BYTES

LENGTH = 4
LEAST = LENGTH + HEADER
HEAD = struct.Struct("!IBBHIHIBB")
_length = struct.Struct("!I")
MOST_AHEAD = 10_000_000  # a seq farther on than this is chance


class Frame(NamedTuple):
    """`size` is the object's with its length before it."""

    size: int
    kind: int
    key: bool
    track: int
    seq: int
    time: int
    span: int


def framed(data: bytes) -> bytes:
    return _length.pack(len(data)) + data


def frame_at(data: bytes | bytearray | memoryview, place: int) -> Frame | None:
    """None for bytes that can be no object. There must be LEAST bytes at `place`."""
    length, kind, flags, track, seq, high, low, _, span = HEAD.unpack_from(data, place)
    if not HEADER < length <= MOST_BYTES or not 1 <= kind <= 3 or flags > 7:
        return None
    return Frame(length + LENGTH, kind, bool(flags & 1), track, seq, high << 32 | low, span)


def found_after(data: bytes, track: int, seq: int, last: bool) -> int:
    """Where in `data` an object of the track that comes after `seq` begins; -1 for nowhere. Another one must follow it,
    or it ends the data, if that is the `last` of the file."""
    pattern = struct.pack("!H", track)
    place = data.find(pattern, LENGTH + 2)
    while place >= 0:
        start = place - LENGTH - 2
        if _is_next(data, start, track, seq, last):
            return start
        place = data.find(pattern, place + 1)
    return -1


def _is_next(data: bytes, start: int, track: int, seq: int, last: bool) -> bool:
    if start + LEAST > len(data):
        return False
    frame = frame_at(data, start)
    if frame is None or frame.track != track or not seq < frame.seq <= seq + MOST_AHEAD:
        return False
    after = start + frame.size
    if after + LEAST > len(data):
        return last and after == len(data)
    then = frame_at(data, after)
    return then is not None and then.track == track and frame.seq <= then.seq <= frame.seq + MOST_AHEAD
