"""Recorded pictures at a moment of the lesson: decoded on from the key before it, and only while they are shown."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from typing import Any

import av
from av.codec.context import Flags
from av.video.codeccontext import VideoCodecContext

from mingtang.readings.video.carrying import Piece, pieces
from mingtang.readings.video.recorded import Recorded

DECODERS = {"vp8": "vp8", "vp9": "vp9", "h264": "h264", "av1": "libdav1d"}
STALE_MS = {"screen": 10_000, "document": 10_000}  # a screen on which nothing moves sends little
STALE = 3_000
LEAP_MS = 6_000  # farther on than this, the next key is looked for
Open = Callable[[int], Iterator[bytes]]


class Player:
    """`open_at(time)` gives the track's objects from the key at or before ms UTC."""

    def __init__(self, track: Recorded, open_at: Open) -> None:
        self.track, self._open_at = track, open_at
        self._pieces: Iterator[Piece] | None = None
        self._waiting: Piece | None = None
        self._decoder: Any = None
        self._kind = ""
        self._shown: Any = None
        self._at = self._asked = 0

    def at(self, time: int) -> Any:
        """The picture that is to be seen at a time that never goes back; None when there is none."""
        if not any(begin <= time < end for begin, end in self.track.for_all):
            return None
        if self._pieces is None or time > self._asked + LEAP_MS:
            self._seek(time)
        self._asked = time
        while self._pieces and self._waiting is not None and self._waiting.time <= time:
            self._show(self._waiting)
            self._waiting = next(self._pieces, None)
        fresh = time - self._at < STALE_MS.get(self.track.source, STALE)
        return self._shown if fresh else None

    def _seek(self, time: int) -> None:
        self._pieces = pieces(self._open_at(time))
        self._decoder, self._shown = None, None
        self._waiting = next(self._pieces, None)

    def _show(self, piece: Piece) -> None:
        if self._decoder is None or piece.told.kind != self._kind:
            self._kind = piece.told.kind
            if not piece.key or self._kind not in DECODERS:
                return
            self._decoder = _decoder(self._kind)
        packet = av.Packet(piece.data)
        packet.pts = piece.time
        with contextlib.suppress(av.FFmpegError):
            for frame in self._decoder.decode(packet):
                self._shown, self._at = frame, piece.time if frame.pts is None else frame.pts


def _decoder(kind: str) -> Any:
    """Gives each picture as soon as it has it."""
    made: Any = VideoCodecContext.create(DECODERS[kind], "r")
    made.thread_count = 1
    made.flags |= Flags.low_delay
    if kind == "av1":
        made.options = {"max_frame_delay": "1"}
    return made
