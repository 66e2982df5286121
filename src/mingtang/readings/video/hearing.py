"""Recorded sound made audible again: Opus to samples, each at its time; and all who speak, mixed into one."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterable, Iterator, Sequence
from operator import add
from typing import Any, NamedTuple

import av
from av.audio.codeccontext import AudioCodecContext

from mingtang.readings.video.carrying import pieces

RATE = 48_000
STRAY_MS = 20  # a sound that comes so little beside its predecessor's end follows it without a seam
WINDOW_MS = 2000
Spans = Sequence[tuple[int, int]]


class Block(NamedTuple):
    """Samples of one channel from `at` on, which is counted in samples since the beginning."""

    at: int
    samples: array[float]


class Decoder:
    """Opus to floating samples of one channel, at 48 kHz."""

    def __init__(self) -> None:
        self._codec: Any = AudioCodecContext.create("opus", "r")
        self._codec.sample_rate, self._codec.layout = RATE, "mono"
        self._one: Any = None

    def decode(self, data: bytes) -> array[float]:
        """What cannot be decoded is silent."""
        samples = array("f")
        try:
            for frame in self._codec.decode(av.Packet(data)):
                for one in self._as_one(frame):
                    samples.frombytes(bytes(one.planes[0])[: one.samples * 4])
        except av.FFmpegError:
            self._codec.flush_buffers()
        return samples

    def _as_one(self, frame: Any) -> list[Any]:
        if frame.layout.nb_channels == 1 and frame.format.name == "fltp":
            return [frame]
        if self._one is None:
            self._one = av.AudioResampler(format="fltp", layout="mono", rate=RATE)
        made: list[Any] = self._one.resample(frame)
        return made


def blocks(objects: Iterable[bytes], begin: int, spans: Spans) -> Iterator[Block]:
    """A track's sound since UTC ms `begin`, where `spans` let it be heard."""
    decoder, last = Decoder(), -(1 << 60)
    for piece in pieces(objects):
        samples = decoder.decode(piece.data)
        time = piece.time
        at = (time - begin) * RATE // 1000
        at = last if abs(at - last) <= STRAY_MS * RATE // 1000 else max(at, last)
        last = at + len(samples)
        if samples and at >= 0 and any(first <= time < end for first, end in spans):
            yield Block(at, samples)


class Lane:
    """One track, window by window; it is opened when its first sound is near."""

    def __init__(self, first: int, open_it: Callable[[], Iterator[Block]]) -> None:
        """`first` is where in samples it begins, or a little before."""
        self._first, self._open = first, open_it
        self._blocks: Iterator[Block] | None = None
        self._waiting: Block | None = None

    def window(self, begin: int, end: int) -> array[float] | None:
        """The samples from `begin` to before `end`; None for silence."""
        if self._blocks is None:
            if self._first >= end:
                return None
            self._blocks = self._open()
            self._waiting = next(self._blocks, None)
        heard: array[float] | None = None
        while self._waiting is not None and self._waiting.at < end:
            heard = heard or silence(end - begin)
            rest = _lay(heard, self._waiting, begin, end)
            self._waiting = rest or next(self._blocks, None)
        return heard


def _lay(window: array[float], block: Block, begin: int, end: int) -> Block | None:
    """Puts a block where it belongs; what goes beyond the window is left."""
    skip = max(0, begin - block.at)
    part = block.samples[skip : end - block.at]
    place = block.at + skip - begin
    window[place : place + len(part)] = part
    if block.at + len(block.samples) <= end:
        return None
    return Block(end, block.samples[end - block.at :])


def silence(samples: int) -> array[float]:
    return array("f", bytes(4 * samples))


def mixed(lanes: Sequence[Lane], samples: int) -> Iterator[array[float]]:
    """All of them together, in windows that add up to `samples`; too loud together is cut off at full scale."""
    size = RATE * WINDOW_MS // 1000
    for begin in range(0, samples, size):
        end = min(begin + size, samples)
        heard = [window for lane in lanes if (window := lane.window(begin, end)) is not None]
        if not heard:
            yield silence(end - begin)
            continue
        whole = heard[0]
        for other in heard[1:]:
            whole = array("f", map(add, whole, other))
        if len(heard) > 1 and (max(whole) > 1 or min(whole) < -1):
            whole = array("f", (max(-1.0, min(1.0, sample)) for sample in whole))
        yield whole
