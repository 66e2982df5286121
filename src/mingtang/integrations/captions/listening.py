"""The way from a track's objects to an engine: Opus is decoded to 16 kHz on a thread of its own. A lesson that runs is
never waited for by an engine that is slow, which then misses something, and says how much."""

from __future__ import annotations

import contextlib
import logging
import queue
import threading
from collections.abc import Callable, Iterable, Iterator
from typing import Any, Protocol

import av
from av.audio.codeccontext import AudioCodecContext

from mingtang.integrations.captions.engine import RATE, Engine, Frame, Piece
from mingtang.live.media.port import Take
from mingtang.stores.media.objects import HEADER, BadObject, Kind, read

log = logging.getLogger(__name__)
HERTZ = 48_000
STRAY_MS = 20  # a sound that comes so little beside its predecessor's end follows it without a gap
PER_MS = RATE // 1000
LEAST_MS = 100  # frames are gathered up to this
MOST_WAITING = 1500  # objects: half a minute of 20 ms


class Ear:
    """One track's objects to frames. What is no sound is passed over."""

    def __init__(self) -> None:
        self._codec: Any = AudioCodecContext.create("opus", "r")
        self._codec.sample_rate, self._codec.layout = HERTZ, "mono"
        self._down: Any = _down()
        self._end, self._pcm = 0, bytearray()  # of what was decoded, in samples of UTC

    def take(self, data: bytes) -> Iterator[Frame]:
        try:
            head = read(data)
        except BadObject:
            return
        if head.kind is not Kind.sound:
            return
        if abs(head.time * PER_MS - self._end) > STRAY_MS * PER_MS:
            yield from self.rest()
            self._end = head.time * PER_MS
        decoded = self._decoded(data[HEADER:])
        self._pcm += decoded
        self._end += len(decoded) // 2
        if len(self._pcm) >= LEAST_MS * PER_MS * 2:
            yield self._frame()

    def rest(self) -> Iterator[Frame]:
        """What has been gathered so far; what comes next is not its continuation."""
        if self._pcm:
            yield self._frame()
        self._down = _down()

    def _frame(self) -> Frame:
        frame = Frame((self._end - len(self._pcm) // 2) // PER_MS, bytes(self._pcm))
        self._pcm.clear()
        return frame

    def _decoded(self, payload: bytes) -> bytes:
        try:
            frames = [low for frame in self._codec.decode(av.Packet(payload)) for low in self._down.resample(frame)]
        except av.FFmpegError:
            self._codec.flush_buffers()
            return b""
        return b"".join(bytes(frame.planes[0])[: frame.samples * 2] for frame in frames)


def _down() -> Any:
    return av.AudioResampler(format="s16", layout="mono", rate=RATE)


def written(objects: Iterable[bytes], engine: Engine) -> Iterator[Piece]:
    """All that was said in what was recorded of a track."""
    ear = Ear()
    for data in objects:
        for frame in ear.take(data):
            yield from engine.hear(frame)
    for frame in ear.rest():
        yield from engine.hear(frame)
    yield from engine.end()


class Source(Protocol):
    """What of a MediaPort is needed to listen."""

    def record(self, lesson: str, take: Take) -> Callable[[], None]: ...


class Listening:
    """Follows one track of a lesson that runs, from now on. All is done on a thread of its own: the engine is made
    there, and `said` and `failed` are called there."""

    def __init__(
        self,
        port: Source,
        lesson: str,
        track: int,
        make: Callable[[], Engine],
        said: Callable[[Piece], object],
        failed: Callable[[], object] = lambda: None,
    ) -> None:
        self._track, self._make, self._said, self._failed = track, make, said, failed
        self._waiting: queue.Queue[bytes | None] = queue.Queue(MOST_WAITING)
        self.missed = 0
        self._thread = threading.Thread(target=self._listen, name=f"captions {track}", daemon=True)
        self._thread.start()
        self._leave = port.record(lesson, self._take)

    def stop(self, within_s: float | None = None) -> None:
        """Says the rest and waits for it; not longer than `within_s` for an engine that hangs."""
        self._leave()
        with contextlib.suppress(queue.Full):
            self._waiting.put(None, timeout=within_s)
        self._thread.join(within_s)

    def _take(self, data: bytes) -> None:
        """In the relay's own turn: never waits."""
        if int.from_bytes(data[2:4], "big") != self._track:
            return
        try:
            self._waiting.put_nowait(data)
        except queue.Full:
            self.missed += 1

    def _listen(self) -> None:
        objects = iter(self._waiting.get, None)
        try:
            for piece in written(objects, self._make()):
                self._said(piece)
        except Exception:
            log.exception("an engine of captions failed", extra={"data": {"track": self._track}})
            self._failed()
            for _ in objects:  # nobody reads on: what comes is let go
                self.missed += 1
