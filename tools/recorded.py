"""Recorded tracks for trying things out, made without a browser: real frames and real sound, with a white flash and a
beep of 100 ms at every whole second of the lesson's clock. What is made here is what a browser would have sent.

python -m tools.recorded FOLDER [--seconds 10] [--codec vp9]     # one file a track, as in docs/build/media.md (F1)"""

from __future__ import annotations

import argparse
import base64
import contextlib
import itertools
import json
import math
import os
from array import array
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

import av
from av.audio.codeccontext import AudioCodecContext
from av.video.codeccontext import VideoCodecContext

from mingtang.live.media.objects import Head, Kind, pack

RATE = 48_000
MARK_MS = 100  # how long a flash and a beep last
TONE = 1000  # Hz
GROUP_MS = 2000
BEGIN = 1_752_000_000_000  # as bench.school: a whole second

ENCODERS = {"vp8": "libvpx", "vp9": "libvpx-vp9", "h264": "libx264", "avc": "libx264", "av1": "libsvtav1"}
STRINGS = {"vp8": "vp8", "vp9": "vp09.00.31.08", "h264": "avc1.42E01F", "avc": "avc1.42E01F", "av1": "av01.0.04M.08"}
LIVE: dict[str, dict[str, str]] = {
    "vp8": {"deadline": "realtime", "cpu-used": "8", "lag-in-frames": "0"},
    "vp9": {"deadline": "realtime", "cpu-used": "8", "lag-in-frames": "0"},
    "h264": {"preset": "ultrafast", "tune": "zerolatency", "profile": "baseline"},
    "av1": {"preset": "12", "svtav1-params": "pred-struct=1:rc=2"},
}
LIVE["avc"] = LIVE["h264"]


@dataclass(frozen=True, slots=True)
class Shot:
    """How a picture track is made. `codec` is vp8, vp9, h264 (with start codes), avc (with lengths and a description)
    or av1. With `grain` it is as hard to encode as a camera's picture, and takes its bitrate."""

    codec: str = "vp9"
    width: int = 640
    height: int = 360
    fps: int = 20
    bitrate: int = 400_000
    grain: bool = False


def picture(track: int, begin: int, ms: int, shot: Shot = Shot(), first: int = 0) -> Iterator[bytes]:
    """The configuration, then `ms` of pictures from UTC ms `begin` on; `first` is the first object's seq."""
    encoder = _encoder(shot)
    seq, told = first, False
    times: list[int] = []
    for number in range(ms * shot.fps // 1000):
        at = begin + number * 1000 // shot.fps
        times.append(at)
        frame = _frame(shot, at, number)
        frame.pts, frame.time_base = number, Fraction(1, shot.fps)
        if number % (shot.fps * GROUP_MS // 1000) == 0:
            frame.pict_type = av.video.frame.PictureType.I
        for packet in encoder.encode(frame):
            if not told:
                yield configuration(track, seq, times[0], _described(shot, encoder, bytes(packet)))
                told = True
            yield pack(Head(Kind.picture, track, seq, times[packet.pts or 0], packet.is_keyframe), _data(shot, packet))
            seq += 1
    for packet in encoder.encode(None):
        yield pack(Head(Kind.picture, track, seq, times[packet.pts or 0], packet.is_keyframe), _data(shot, packet))
        seq += 1


def sound(track: int, begin: int, ms: int, span: int = 20, first: int = 0, loud: float = 0.5) -> Iterator[bytes]:
    """The configuration, then `ms` of sound in objects of `span` ms; between the beeps it is silent."""
    encoder: Any = AudioCodecContext.create("libopus", "w")
    encoder.sample_rate, encoder.layout, encoder.format = RATE, "mono", "s16"
    encoder.bit_rate, encoder.time_base = 32_000, Fraction(1, RATE)
    encoder.options = {"application": "lowdelay", "frame_duration": str(span)}
    told = {"codec": "opus", "sampleRate": RATE, "numberOfChannels": 1}
    yield configuration(track, first, begin, told)
    samples = RATE * span // 1000
    packets: Iterator[Any] = itertools.chain.from_iterable(
        encoder.encode(_tone(begin + number * span, samples, number, loud)) for number in range(ms // span)
    )
    for number, packet in enumerate(packets):
        at = begin + number * span
        level = 127 if not _marked(at) else round(-20 * math.log10(max(loud, 1e-6) / math.sqrt(2)))
        yield pack(Head(Kind.sound, track, first + number, at, True, 0, level, span), bytes(packet))


def configuration(track: int, seq: int, at: int, told: dict[str, Any]) -> bytes:
    return pack(Head(Kind.configuration, track, seq, at), json.dumps(told).encode())


def write(file: Path, objects: Iterable[bytes]) -> int:
    """Appends `[u32 length][object]` each (F1); how many there were."""
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.open("ab") as out:
        return sum(1 for data in objects if out.write(len(data).to_bytes(4, "big") + data))


def _encoder(shot: Shot) -> VideoCodecContext:
    encoder: Any = VideoCodecContext.create(ENCODERS[shot.codec], "w")
    encoder.width, encoder.height, encoder.pix_fmt = shot.width, shot.height, "yuv420p"
    encoder.time_base, encoder.framerate = Fraction(1, shot.fps), Fraction(shot.fps)
    encoder.bit_rate, encoder.gop_size, encoder.max_b_frames = shot.bitrate, shot.fps * GROUP_MS // 1000, 0
    encoder.thread_count = 1
    encoder.options = dict(LIVE[shot.codec])
    with _priority_kept():
        encoder.open()
    found: VideoCodecContext = encoder
    return found


@contextlib.contextmanager
def _priority_kept() -> Iterator[None]:
    """SVT-AV1 makes the thread that opens it a real-time one where it may (as root), and every process that is started
    from there afterwards: a busy one would take the whole machine."""
    policy, priority = os.sched_getscheduler(0), os.sched_getparam(0)
    try:
        yield
    finally:
        os.sched_setscheduler(0, policy, priority)


def _marked(at: int) -> bool:
    return at % 1000 < MARK_MS


def _frame(shot: Shot, at: int, number: int) -> av.VideoFrame:
    """White while it is marked, else a dark field in which a bright bar wanders, so that every frame differs."""
    frame = av.VideoFrame(shot.width, shot.height, "yuv420p")
    plane = frame.planes[0]
    rows = bytearray(bytes([235 if _marked(at) else 40]) * (plane.line_size * shot.height))
    if shot.grain and not _marked(at):
        start = number * 7919 % 50_000
        rows = bytearray(_grain(len(rows) + 50_000)[start : start + len(rows)])
    left = number * 8 % (shot.width - 16)
    for row in range(shot.height // 2, shot.height // 2 + 32):
        rows[row * plane.line_size + left : row * plane.line_size + left + 16] = b"\xa0" * 16
    plane.update(bytes(rows))
    for chroma in frame.planes[1:]:
        chroma.update(b"\x80" * chroma.buffer_size)
    return frame


@cache
def _grain(size: int) -> bytes:
    chance = Random(1)
    return bytes(80 + value % 24 for value in chance.randbytes(size))


def _tone(begin: int, samples: int, number: int, loud: float) -> av.AudioFrame:
    frame = av.AudioFrame("s16", "mono", samples)
    frame.planes[0].update(_samples(begin % 1000, samples, loud))
    frame.sample_rate, frame.pts, frame.time_base = RATE, number * samples, Fraction(1, RATE)
    return frame


@cache
def _samples(ms: int, samples: int, loud: float) -> bytes:
    """Of the second's part that begins at `ms`."""
    high = loud * 32767
    marked = RATE * MARK_MS // 1000
    values = []
    for n in range(ms * RATE // 1000, ms * RATE // 1000 + samples):
        values.append(round(high * math.sin(2 * math.pi * TONE * n / RATE)) if n % RATE < marked else 0)
    return array("h", values).tobytes()


def _described(shot: Shot, encoder: VideoCodecContext, first: bytes) -> dict[str, Any]:
    told: dict[str, Any] = {"codec": STRINGS[shot.codec], "codedWidth": shot.width, "codedHeight": shot.height}
    if shot.codec == "avc":
        told["description"] = base64.b64encode(_avcc(first)).decode()
    return told


def _data(shot: Shot, packet: Any) -> bytes:
    data = bytes(packet)
    if shot.codec != "avc":
        return data
    return b"".join(len(unit).to_bytes(4, "big") + unit for unit in _units(data) if unit[0] & 31 not in (7, 8, 9))


def _units(data: bytes) -> list[bytes]:
    """The parts of H.264 between start codes."""
    return [unit.rstrip(b"\0") for unit in data.split(b"\0\0\1") if unit.rstrip(b"\0")]


def _avcc(first: bytes) -> bytes:
    """What a decoder of the form with lengths must know, from the first frame in the other form."""
    sps = next(unit for unit in _units(first) if unit[0] & 31 == 7)
    pps = next(unit for unit in _units(first) if unit[0] & 31 == 8)
    sized = [len(unit).to_bytes(2, "big") + unit for unit in (sps, pps)]
    return b"\1" + sps[1:4] + b"\xff\xe1" + sized[0] + b"\1" + sized[1]


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("folder", type=Path)
    asked.add_argument("--seconds", type=int, default=10)
    asked.add_argument("--codec", choices=sorted(ENCODERS), default="vp9")
    given = asked.parse_args()
    ms = given.seconds * 1000
    tracks = {1: sound(1, BEGIN, ms), 2: picture(2, BEGIN, ms, Shot(given.codec))}
    for number, objects in tracks.items():
        file = given.folder / f"{number}.objects"
        print(file, write(file, objects), "objects")


if __name__ == "__main__":
    main()
