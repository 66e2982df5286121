"""A finished file as players see it: what is in it, when it flashes and when it beeps."""

from __future__ import annotations

from array import array
from collections.abc import Callable
from pathlib import Path
from typing import Any

import av

LOUD = 0.02
Place = tuple[int, int]


def counted(file: Path) -> dict[str, int]:
    """Packets by kind of stream, as they are demuxed."""
    found: dict[str, int] = {}
    with av.open(str(file)) as opened:
        for packet in opened.demux():
            if packet.size and packet.stream.type in ("video", "audio"):
                found[packet.stream.type] = found.get(packet.stream.type, 0) + 1
    return found


def times(file: Path, kind: str) -> list[float]:
    """Of the packets of the first such stream, in seconds."""
    with av.open(str(file)) as opened:
        stream = next(stream for stream in opened.streams if stream.type == kind)
        return [float(p.pts * p.time_base) for p in opened.demux(stream) if p.pts is not None and p.size]


def flashes(file: Path, place: Place, bright: int = 180) -> list[float]:
    """When the picture becomes bright at a place, in seconds."""
    return _risings(_brightness(file, place), lambda value: value > bright)


def _brightness(file: Path, place: Place) -> list[tuple[float, float]]:
    with av.open(str(file)) as opened:
        found = []
        for frame in opened.decode(video=0):
            plane: Any = frame.planes[0]
            found.append((float(frame.time or 0), memoryview(plane)[place[1] * plane.line_size + place[0]]))
        return found


def beeps(file: Path, loud: float = LOUD) -> list[float]:
    """When it becomes loud after silence, in seconds."""
    heard: list[tuple[float, float]] = []
    with av.open(str(file)) as opened:
        as_one = av.AudioResampler(format="flt", layout="mono", rate=48_000)
        for frame in opened.decode(audio=0):
            for one in as_one.resample(frame):
                samples = array("f", bytes(one.planes[0])[: one.samples * 4])
                for at in range(0, len(samples), 240):
                    heard.append((float(one.time or 0) + at / 48_000, max(map(abs, samples[at : at + 240]))))
    return _risings(heard, lambda value: value > loud)


def _risings(values: list[tuple[float, float]], high: Callable[[float], bool], quiet: float = 0.3) -> list[float]:
    found: list[float] = []
    last = float("-inf")
    for time, value in values:
        if high(value):
            if time - last > quiet:
                found.append(time)
            last = time
    return found
