"""Recorded tracks as ordinary files, without decoding or encoding anything: the frames that were sent, at their times,
gaps as gaps. WebM takes VP8, VP9, AV1 and Opus; MP4 takes H.264, VP9, AV1 and Opus."""

from __future__ import annotations

import base64
import binascii
import heapq
import os
from collections.abc import Iterable, Iterator, Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import msgspec
from msgspec import Struct

from mingtang.readings.video.offers import CODECS, TAKES, Carried
from mingtang.stores.media.objects import HEADER, Head, Kind, read

MILLI = Fraction(1, 1000)
RATE = 48_000
STRAY_MS = 5  # a sound that comes so little beside its predecessor's end follows it without a seam
LAST_MS = 40  # how long the last picture is shown
START = b"\0\0\0\1"


class Configured(Struct):
    """What a track's configuration object says (rule O3)."""

    codec: str = ""
    codedWidth: int = 0  # noqa: N815 — the names are the browser's
    codedHeight: int = 0  # noqa: N815
    sampleRate: int = RATE  # noqa: N815
    numberOfChannels: int = 1  # noqa: N815
    description: str = ""

    @property
    def kind(self) -> str:
        """As containers call the codec; "" for one that no file can take."""
        return CODECS.get(self.codec.partition(".")[0].lower(), "")


class Piece(Struct):
    """One frame on its way into a file. `data` is what a player's decoder takes."""

    head: Head
    data: bytes
    told: Configured


def pieces(objects: Iterable[bytes]) -> Iterator[Piece]:
    """Of one track, in its order; what cannot be a frame is left out. H.264 comes with start codes, and what the
    decoder must know before each key."""
    told = Configured()
    for data in objects:
        head = read(data)
        if head.kind is Kind.configuration:
            told = _configured(data[HEADER:]) or told
        elif told.kind:
            yield Piece(head, _with_starts(told, head, data[HEADER:]), told)


def _configured(payload: bytes) -> Configured | None:
    try:
        return msgspec.json.decode(payload, type=Configured)
    except msgspec.MsgspecError:
        return None


def _with_starts(told: Configured, head: Head, data: bytes) -> bytes:
    if told.kind != "h264" or not told.description:
        return data
    try:
        known = list(_parameters(base64.b64decode(told.description))) if head.key else []
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
    begin = min(first.head.time for _, first in firsts)
    with av.open(str(draft), "w", format=form) as file:
        lanes = [_Lane(file, row, first, begin) for row, first in firsts]
        for packet in heapq.merge(*lanes, key=lambda packet: packet.pts * packet.time_base):
            carried.ms = max(carried.ms, int((packet.pts + packet.duration) * packet.time_base * 1000))
            file.mux(packet)
    for lane in lanes:
        carried.pictures += lane.count if lane.picture else 0
        carried.sounds += 0 if lane.picture else lane.count
    return carried


class _Lane:
    """One stream of a file: its frames as packets with strictly growing times."""

    def __init__(self, file: Any, row: Iterator[Piece], first: Piece, begin: int) -> None:
        self._row, self._first, self._begin = row, first, begin
        self.picture = first.head.kind is Kind.picture
        self.count = 0
        self._next = 0
        self._stream = _picture_stream(file, first.told) if self.picture else _sound_stream(file, first.told)

    def __iter__(self) -> Iterator[Any]:
        waiting = self._first
        for piece in self._row:
            if piece.told.kind == waiting.told.kind:
                yield self._packet(waiting, piece.head.time - waiting.head.time)
                waiting = piece
        yield self._packet(waiting, LAST_MS)

    def _packet(self, piece: Piece, ms: int) -> Any:
        packet: Any = av.Packet(piece.data)
        packet.stream = self._stream
        packet.is_keyframe = piece.head.key
        packet.time_base = MILLI if self.picture else Fraction(1, RATE)
        packet.pts = packet.dts = self._at(piece.head)
        packet.duration = max(1, ms) if self.picture else piece.head.span * RATE // 1000
        self._next = packet.pts + (1 if self.picture else packet.duration)
        self.count += 1
        return packet

    def _at(self, head: Head) -> int:
        at = head.time - self._begin
        if self.picture:
            return max(at, self._next)
        at = at * RATE // 1000
        return self._next if abs(at - self._next) <= STRAY_MS * RATE // 1000 else max(at, self._next)


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
