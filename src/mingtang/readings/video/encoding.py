"""Pictures and sound into files, in pieces that are joined without being encoded again: H.264 and AAC, or VP9 and
Opus."""

from __future__ import annotations

import contextlib
import heapq
import html
import os
from collections.abc import Iterable, Iterator, Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
from msgspec import Struct

from mingtang.readings.video.canvas import HEIGHT, WIDTH
from mingtang.readings.video.footage import RATE
from mingtang.readings.video.hearing import RATE as HERTZ
from mingtang.readings.video.scenes import Line

MILLI = Fraction(1, 1000)
KEY_S = 10
BT601 = 6


class Form(Struct, frozen=True):
    """How a kind of file is encoded; `writing` is how it keeps captions."""

    pictures: str
    options: dict[str, str]
    sound: str
    bits: int
    writing: str


# No pictures that refer to later ones: then pieces can be put behind one another as they are.
FORMS = {
    "mp4": Form("libx264", {"preset": "veryfast", "crf": "25", "bf": "0"}, "aac", 64_000, "mov_text"),
    "webm": Form(
        "libvpx-vp9",
        {"deadline": "realtime", "cpu-used": "8", "crf": "34", "lag-in-frames": "0", "auto-alt-ref": "0"},
        "libopus",
        48_000,
        "webvtt",
    ),
}


@contextlib.contextmanager
def whole(to: Path) -> Iterator[Path]:
    """A file that is there complete or not at all."""
    draft = to.with_name(f".{to.name}.new")
    try:
        yield draft
        with draft.open("rb") as written:
            os.fsync(written.fileno())
        os.replace(draft, to)
    finally:
        draft.unlink(missing_ok=True)


def write_pictures(to: Path, frames: Iterable[tuple[int, Any]], begin: int, form: str) -> None:
    """`frames` with their times in ms UTC. Raises OSError, also when the disk is full."""
    how = FORMS[form]
    with whole(to) as draft, av.open(str(draft), "w", format=form) as file:
        stream: Any = file.add_stream(how.pictures, rate=RATE, options=dict(how.options))
        stream.width, stream.height, stream.pix_fmt = WIDTH, HEIGHT, "yuv420p"
        stream.time_base = stream.codec_context.time_base = MILLI
        stream.codec_context.gop_size, stream.codec_context.thread_count = RATE * KEY_S, 1
        stream.codec_context.colorspace = BT601
        for time, frame in frames:
            frame.pts, frame.time_base = time - begin, MILLI
            file.mux(stream.encode(frame))
        file.mux(stream.encode(None))


def write_sound(to: Path, windows: Iterable[Any], form: str) -> None:
    """`windows` of floating samples, one after another."""
    how = FORMS[form]
    with whole(to) as draft, av.open(str(draft), "w", format=form) as file:
        stream: Any = file.add_stream(how.sound, rate=HERTZ, layout="mono")
        stream.bit_rate = how.bits
        place = 0
        for samples in windows:
            frame = av.AudioFrame("flt", "mono", len(samples))
            frame.planes[0].update(samples.tobytes())
            frame.sample_rate, frame.pts, frame.time_base = HERTZ, place, Fraction(1, HERTZ)
            place += len(samples)
            file.mux(stream.encode(frame))
        file.mux(stream.encode(None))


def join(
    to: Path,
    pieces: Sequence[tuple[int, Path]],
    sound: Path,
    form: str,
    chapters: Sequence[tuple[int, int, str]] = (),
    lines: Sequence[Line] = (),
    title: str = "",
) -> None:
    """`pieces` of pictures with the ms at which each begins. Chapters are begin, end and title; lines what was said, in
    ms of the video."""
    with whole(to) as draft, av.open(str(draft), "w", format=form, options=_options(form)) as file:
        file.metadata["title"] = title
        lanes = [_pictures(file, pieces), _sounds(file, sound)]
        if lines:
            lanes.append(_captions(file, lines, FORMS[form].writing))
        told = [
            {"id": n, "start": begin, "end": end, "time_base": MILLI, "metadata": {"title": text}}
            for n, (begin, end, text) in enumerate(chapters)
        ]
        file.set_chapters(told)  # type: ignore[arg-type]
        for packet in _in_order(lanes):
            file.mux(packet)


def _options(form: str) -> dict[str, str]:
    """A player on the web can begin before it has the whole file."""
    return {"movflags": "faststart"} if form == "mp4" else {}


def _in_order(lanes: Sequence[Iterator[Any]]) -> Iterator[Any]:
    return heapq.merge(*lanes, key=lambda packet: packet.dts * packet.time_base)


def _pictures(file: Any, pieces: Sequence[tuple[int, Path]]) -> Iterator[Any]:
    with av.open(str(pieces[0][1])) as first:
        stream = file.add_stream_from_template(first.streams.video[0], opaque=True)
    return _moved(stream, pieces)


def _moved(stream: Any, pieces: Sequence[tuple[int, Path]]) -> Iterator[Any]:
    for begin, path in pieces:
        with av.open(str(path)) as piece:
            packet: Any
            for packet in piece.demux(video=0):
                if packet.dts is not None:
                    offset = int(begin * MILLI / packet.time_base)
                    packet.pts, packet.dts = packet.pts + offset, packet.dts + offset
                    packet.stream = stream
                    yield packet


def _sounds(file: Any, sound: Path) -> Iterator[Any]:
    with av.open(str(sound)) as opened:
        stream = file.add_stream_from_template(opened.streams.audio[0], opaque=True)
    return _moved_sound(stream, sound)


def _moved_sound(stream: Any, sound: Path) -> Iterator[Any]:
    with av.open(str(sound)) as opened:
        for packet in opened.demux(audio=0):
            if packet.dts is not None:
                packet.stream = stream
                yield packet


def _captions(file: Any, lines: Sequence[Line], codec: str) -> Iterator[Any]:
    stream = file.add_mux_stream(codec, time_base=MILLI)
    return (_caption(stream, line, codec) for line in sorted(lines, key=lambda line: line.begin))


def _caption(stream: Any, line: Line, codec: str) -> Any:
    text = (line.text if codec == "mov_text" else html.escape(line.text, quote=False)).encode()
    packet: Any = av.Packet(len(text).to_bytes(2, "big") + text if codec == "mov_text" else text)
    packet.stream, packet.time_base = stream, MILLI
    packet.pts = packet.dts = line.begin
    packet.duration = max(1, line.end - line.begin)
    packet.is_keyframe = True
    return packet
