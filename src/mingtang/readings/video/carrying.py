"""Recorded tracks as ordinary files, without decoding or encoding anything: the frames that were sent, at their times,
gaps as gaps. WebM takes VP8, VP9, AV1 and Opus; MP4 takes H.264, VP9, AV1 and Opus."""

from __future__ import annotations

import base64
import binascii
import heapq
import os
import struct
from collections.abc import Iterable, Iterator, Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any, NamedTuple

import av
import msgspec
from msgspec import Struct

from mingtang.readings.video.offers import CODECS, TAKES, Carried
from mingtang.stores.media.objects import HEADER, Kind

MILLI = Fraction(1, 1000)
RATE = 48_000
STRAY_MS = 5  # a sound that comes so little beside its predecessor's end follows it without a seam
LAST_MS = 40  # how long the last picture is shown
LAYOUT = struct.Struct("!BBHIHIBB")
CONFIGURATION, PICTURE = int(Kind.configuration), int(Kind.picture)
START = b"\0\0\0\1"


class Configured(Struct):
    """What a track's configuration object says (rule O3). `kind` is the codec as containers call it; "" for one that no
    file can take."""

    codec: str = ""
    codedWidth: int = 0  # noqa: N815 — the names are the browser's
    codedHeight: int = 0  # noqa: N815
    sampleRate: int = RATE  # noqa: N815
    numberOfChannels: int = 1  # noqa: N815
    description: str = ""

    kind: str = ""

    def __post_init__(self) -> None:
        self.kind = CODECS.get(self.codec.partition(".")[0].lower(), "")


class Piece(NamedTuple):
    """One frame on its way into a file. `data` is what a player's decoder takes; `span` how many ms a sound lasts."""

    kind: int
    key: bool
    time: int
    span: int
    data: bytes
    told: Configured


def pieces(objects: Iterable[bytes]) -> Iterator[Piece]:
    """Of one track, in its order; what cannot be a frame is left out. H.264 comes with start codes, and what the
    decoder must know before each key. Heads are read here and not by `objects.read`: an hour has a quarter million."""
    told = Configured()
    for data in objects:
        kind, flags, _, _, high, low, _, span = LAYOUT.unpack_from(data)
        if kind == CONFIGURATION:
            told = _configured(data[HEADER:]) or told
        elif told.kind:
            key, payload = bool(flags & 1), data[HEADER:]
            if told.description:
                payload = _with_starts(told, key, payload)
            yield Piece(kind, key, high << 32 | low, span, payload, told)


def _configured(payload: bytes) -> Configured | None:
    try:
        return msgspec.json.decode(payload, type=Configured)
    except msgspec.MsgspecError:
        return None


def _with_starts(told: Configured, key: bool, data: bytes) -> bytes:
    if told.kind != "h264":
        return data
    try:
        known = list(_parameters(base64.b64decode(told.description))) if key else []
        return b"".join(START + unit for unit in (*known, *_sized(data, 4)))
    except (binascii.Error, IndexError):
        return data


def _sized(data: bytes, width: int) -> Iterator[bytes]:
    place = 0
    while place + width <= len(data):
        size = int.from_bytes(data[place : place + width], "big")
        yield data[place + width : place + width + size]
        place += width + size


def _parameters(avcc: bytes) -> Iterator[bytes]:
    """The parameter sets of an avcC box."""
    place = 5
    for mask in (31, 255):
        count = avcc[place] & mask
        place += 1
        for _ in range(count):
            size = int.from_bytes(avcc[place : place + 2], "big")
            yield avcc[place + 2 : place + 2 + size]
            place += 2 + size


def carry(to: Path, tracks: Sequence[Iterable[bytes]], form: str) -> Carried:
    """Puts tracks beside one another into one file, which begins with the first frame of any. It is there whole or not
    at all. Raises OSError and av.FFmpegError; nothing to carry makes no file."""
    rows = [pieces(track) for track in tracks]
    draft = to.with_name(f".{to.name}.new")
    try:
        carried = _write(draft, rows, form)
        if carried.pictures or carried.sounds:
            os.replace(draft, to)
    finally:
        draft.unlink(missing_ok=True)
    return carried


def _write(draft: Path, rows: Sequence[Iterator[Piece]], form: str) -> Carried:
    carried = Carried()
    firsts = [(row, first) for row in rows if (first := next(row, None)) is not None]
    if not firsts or any(first.told.kind not in TAKES[form] for _, first in firsts):
        return carried
    begin = min(first.time for _, first in firsts)
    with av.open(str(draft), "w", format=form) as file:
        lanes = [_Lane(file, row, first, begin, no) for no, (row, first) in enumerate(firsts)]
        for _, _, packet in heapq.merge(*lanes):
            file.mux_one(packet)
    for lane in lanes:
        carried.pictures += lane.count if lane.picture else 0
        carried.sounds += 0 if lane.picture else lane.count
        carried.ms = max(carried.ms, lane.end)
    return carried


class _Lane:
    """One stream of a file: its frames as packets with strictly growing times, each behind its time in ms."""

    def __init__(self, file: Any, row: Iterator[Piece], first: Piece, begin: int, no: int) -> None:
        self._no = no
        self._row, self._first, self._begin = row, first, begin
        self.picture = first.kind == PICTURE
        self.count = self.end = 0
        self._next = 0
        self._stream = _picture_stream(file, first.told) if self.picture else _sound_stream(file, first.told)
        self._per_ms = 1 if self.picture else RATE // 1000
        self._base = Fraction(1, 1000 * self._per_ms)

    def __iter__(self) -> Iterator[tuple[int, int, Any]]:
        waiting, kind = self._first, self._first.told.kind
        for piece in self._row:
            if piece.told.kind == kind:
                yield self._packet(waiting, piece.time - waiting.time)
                waiting = piece
        yield self._packet(waiting, LAST_MS)

    def _packet(self, piece: Piece, ms: int) -> tuple[int, int, Any]:
        at = self._at(piece.time - self._begin)
        lasts = max(1, ms) if self.picture else piece.span * self._per_ms
        packet: Any = av.Packet(piece.data)
        packet.stream, packet.time_base = self._stream, self._base
        packet.is_keyframe = piece.key
        packet.pts = packet.dts = at
        packet.duration = lasts
        self._next = at + (1 if self.picture else lasts)
        self.count += 1
        self.end = (at + lasts) // self._per_ms
        return at // self._per_ms, self._no, packet

    def _at(self, ms: int) -> int:
        if self.picture:
            return max(ms, self._next)
        at = ms * self._per_ms
        return self._next if abs(at - self._next) <= STRAY_MS * self._per_ms else max(at, self._next)


def _picture_stream(file: Any, told: Configured) -> Any:
    """MP4 must be told how VP9 keeps its colours, which the encoder writes into the head; it is given nothing else."""
    size = {"width": told.codedWidth, "height": told.codedHeight}
    if told.kind == "vp9":
        return file.add_stream("libvpx-vp9", pix_fmt="yuv420p", time_base=MILLI, **size)
    return file.add_mux_stream(told.kind, time_base=MILLI, **size)


def _sound_stream(file: Any, told: Configured) -> Any:
    """Nothing is encoded: the encoder only writes the head that every Opus file has."""
    layout = "stereo" if told.numberOfChannels == 2 else "mono"
    return file.add_stream("libopus", rate=RATE, layout=layout, options={"application": "lowdelay"})
