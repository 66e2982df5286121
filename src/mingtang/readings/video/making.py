"""One video of a whole lesson, made in a folder of its own: minute by minute, then the sound, then all joined. What is
finished is not made again when it was interrupted."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import msgspec

from mingtang.activities import kinds
from mingtang.core.event import Fact, Row
from mingtang.readings.video.encoding import join, write_pictures, write_sound
from mingtang.readings.video.footage import Footage
from mingtang.readings.video.hearing import RATE, Lane, blocks, mixed
from mingtang.readings.video.job import CANCEL, JOB, LOCK, OUT, ROWS, STATE, Job, State, tell
from mingtang.readings.video.recorded import Recorded
from mingtang.readings.video.scenes import Chapter, Course, Line, course_of
from mingtang.readings.video.subtitles import begin_of, moved
from mingtang.stores.media.reels import Reels

PIECE_MS = 60_000
LONGEST_MS = 16 * 3_600_000
LEAST_CHAPTER_MS = 1_000
TELL_S = 0.5
PICTURES, SOUND = 0.9, 0.97  # the shares of the work after which each is done
EVER = 1 << 60


class Stopped(Exception):  # noqa: N818
    """It was made to stop, or cannot go on. `code` is a message key."""

    def __init__(self, code: str, **params: Any) -> None:
        super().__init__(code)
        self.code, self.params = code, params


class Making:
    def __init__(self, folder: Path) -> None:
        """The folder has its job. Raises OSError and msgspec.MsgspecError."""
        self._folder = folder
        self._job = msgspec.json.decode((folder / JOB).read_bytes(), type=Job)
        rows = msgspec.msgpack.decode((folder / ROWS).read_bytes(), type=list[Row])
        self._facts: list[Fact] = [kinds().fact(row) for row in rows]
        self._reels = Reels(Path(self._job.media))
        self._course = course_of(self._facts)
        self._course.tracks = [track for track in self._course.tracks if self._stored(track)]
        self._begin, self._end = self._span()
        self._told = 0.0
        self.form = self._job.form

    def make(self) -> State:
        """Raises Stopped, OSError and av.FFmpegError."""
        form, length = self._job.form, self._end - self._begin
        footage: Footage | None = None
        pieces = [(at, self._folder / f"{at // PIECE_MS:04}.{form}") for at in range(0, length, PIECE_MS)]
        for at, file in pieces:
            if not file.exists():
                footage = footage or self._footage()
                self._film(footage, at, min(at + PIECE_MS, length), file)
        sound = self._folder / f"sound.{form}"
        if not sound.exists():
            write_sound(sound, self._listened(length), form)
        self._tell(SOUND)
        out = self._folder / f"{OUT}.{form}"
        join(out, pieces, sound, form, self._chapters(length), self._lines(), self._course.title)
        absent = len(footage.drawing.absent) if footage else 0
        return State("ready", 1.0, ms=length, bytes=out.stat().st_size, absent=absent)

    def _stored(self, track: Recorded) -> bool:
        reel = self._reels.reel(self._job.lesson, track.no)
        return reel is not None and bool(reel.spans)

    def _span(self) -> tuple[int, int]:
        begin, end = begin_of(self._course, self._reels, self._job.lesson), self._course.ended
        if end - begin > LONGEST_MS:
            raise Stopped("video.too_long", hours=LONGEST_MS // 3_600_000)
        return begin, max(end, begin + 1000)

    def _objects(self, track: Recorded, begin: int) -> Iterator[bytes]:
        reel = self._reels.reel(self._job.lesson, track.no)
        return iter(()) if reel is None else reel.objects(begin, EVER)

    def _footage(self) -> Footage:
        span = (self._begin, self._end)
        return Footage(self._course, self._facts, Path(self._job.assets), self._objects, span)

    def _film(self, footage: Footage, at: int, end: int, file: Path) -> None:
        frames = footage.frames(self._begin + at, self._begin + end)
        write_pictures(file, self._watched(frames), self._begin + at, self._job.form)

    def _watched(self, frames: Iterable[tuple[int, Any]]) -> Iterator[tuple[int, Any]]:
        for time_, frame in frames:
            self._tell(PICTURES * (time_ - self._begin) / (self._end - self._begin))
            yield time_, frame

    def _listened(self, length: int) -> Iterator[Any]:
        samples, done = length * RATE // 1000, 0
        lanes = [self._lane(track) for track in self._course.tracks if track.is_sound]
        for window in mixed(lanes, samples):
            done += len(window)
            self._tell(PICTURES + (SOUND - PICTURES) * done / samples)
            yield window

    def _lane(self, track: Recorded) -> Lane:
        first = (track.began - self._begin - PIECE_MS) * RATE // 1000
        opened: Callable[[], Iterator[Any]] = lambda: blocks(  # noqa: E731
            self._objects(track, self._begin), self._begin, track.for_all
        )
        return Lane(first, opened)

    def _tell(self, share: float) -> None:
        if (now := time.monotonic()) < self._told + TELL_S:
            return
        self._told = now
        if (self._folder / CANCEL).exists():
            raise Stopped("video.cancelled")
        tell(self._folder, State("running", round(share, 3)))

    def _chapters(self, length: int) -> list[tuple[int, int, str]]:
        return chapters_of(self._course, self._begin, length, self._job.words)

    def _lines(self) -> list[Line]:
        return moved(self._course.lines, self._begin, self._end)


def chapters_of(course: Course, begin: int, length: int, words: dict[str, str]) -> list[tuple[int, int, str]]:
    """One for each step on the stage; those only passed over are left out, and the first begins with the video."""
    starts = [max(0, chapter.at - begin) for chapter in course.chapters]
    kept = [  # none at all where nothing ever came on the stage
        (start, named(chapter, words))
        for start, end, chapter in zip(starts, [*starts, length][1:], course.chapters, strict=True)
        if end - start >= LEAST_CHAPTER_MS
    ]
    bounds = [0, *(start for start, _ in kept[1:]), length]
    return [(begin, end, text) for begin, end, (_, text) in zip(bounds, bounds[1:], kept, strict=False)]


def named(chapter: Chapter, words: dict[str, str]) -> str:
    return chapter.text or words.get(chapter.kind, chapter.kind).replace("{n}", str(chapter.number))


def clear(folder: Path, form: str) -> None:
    """Throws the pieces away; the video stays."""
    for file in folder.iterdir():
        if file.name not in (f"{OUT}.{form}", STATE, JOB, LOCK):
            with contextlib.suppress(OSError):
                file.unlink()
