"""One row of values in time: a keyframe, then patches up to the next, cut into chunks. Knows nothing of lessons."""

from __future__ import annotations

import gzip
import hashlib
from collections.abc import Callable
from typing import Any

import msgspec
from msgspec import Struct

from mingtang.core.patch import Json

# A chunk is cut where its patches outweigh its keyframe, so that all keyframes together are at most half of a track.
LEAST_BYTES = 16 * 1024
encode = msgspec.json.Encoder().encode
Keep = Callable[[str, bytes], None]


class Cut(Struct, frozen=True, array_like=True):
    """A chunk in its track: the name it is fetched by, when it begins (ms of the lesson) and at which place
    of the log."""

    name: str
    at: int
    seq: int


class Chunk(Struct):
    """`value` is true from `at` on; each frame is [at, seq, patch]. Times are ms since the lesson was opened."""

    at: int
    seq: int
    value: Json
    frames: list[tuple[int, int, Json]]


class Track:
    """`keep` gets each finished chunk by its name; a name says what the chunk holds, so it never changes."""

    def __init__(self, name: str, keep: Keep) -> None:
        self.name, self._keep = name, keep
        self.cuts: list[Cut] = []
        self._head = b""
        self._frames: list[bytes] = []
        self._bytes = 0
        self._began = (0, 0)
        self._open: Cut | None = None

    def add(self, at: int, seq: int, patch: Json, value: Callable[[], Json]) -> None:
        """`patch` leads to `value()`, which is asked for only when a chunk begins with it."""
        self._open = None
        if self._head and self._bytes <= max(LEAST_BYTES, 2 * len(self._head)):
            frame = encode((at, seq, patch))
            self._frames.append(frame)
            self._bytes += len(frame)
            return
        if self._head:
            self.close()
        self._head, self._began = encode(value()), (at, seq)

    def close(self) -> None:
        """Ends the chunk that is being made."""
        if self._head:
            self.cuts.append(self._cut(9))
            self._head, self._frames, self._bytes, self._open = b"", [], 0, None

    def table(self) -> list[Cut]:
        """All chunks, the one that is being made as it is now."""
        if not self._head:
            return self.cuts
        self._open = self._open or self._cut(1)
        return [*self.cuts, self._open]

    def _cut(self, level: int) -> Cut:
        at, seq = self._began
        head = b'{"at":%d,"seq":%d,"value":' % self._began
        data = head + self._head + b',"frames":[' + b",".join(self._frames) + b"]}"
        name = f"{self.name}-{hashlib.sha256(data).hexdigest()[:16]}"
        self._keep(name, gzip.compress(data, level, mtime=0))
        return Cut(name, at, seq)


def read(data: bytes) -> Chunk:
    """What `keep` was given."""
    return msgspec.json.decode(gzip.decompress(data), type=Chunk)


def packed(value: Any) -> bytes:
    return gzip.compress(encode(value), 6, mtime=0)
