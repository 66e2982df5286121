"""One track's file as it is written: one writer at a time, whole objects only, in the order of their numbers."""

from __future__ import annotations

import contextlib
import fcntl
import os
from pathlib import Path
from typing import NamedTuple

from mingtang.stores.media.frames import LEAST, Frame, frame_at, framed
from mingtang.stores.media.objects import Kind
from mingtang.stores.media.reel import GROUP_MS, Reel


class Busy(OSError):  # noqa: N818 — it is an answer, another one writes
    """Another process writes this track."""


class Stored(NamedTuple):
    """A group that is whole in the file: when it begins in ms UTC, where, and how many bytes it has."""

    time: int
    offset: int
    size: int


class Writing:
    """`end` is the file's length, `found` what was in it when it was opened. Every call that touches the disk may raise
    OSError; what was appended before stays whole. An object whose number was written already is passed over."""

    def __init__(self, path: Path, track: int) -> None:
        """Cuts off a torn end. Raises Busy when another process has the file."""
        self.track = track
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            self._lock(path)
            reel = Reel(path, track)
            self.cut = reel.torn
            os.ftruncate(self._file, reel.end)
        except BaseException:
            os.close(self._file)
            raise
        self.found = _groups(reel)
        self.end, self._seq = reel.end, reel.seq
        self._configuration = reel.configuration()
        self._time, self._group = -1, -1  # of the group that is being written
        self._stored: list[Stored] = []

    def _lock(self, path: Path) -> None:
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise Busy(error.errno, "is written by another process", str(path)) from error

    def append(self, objects: list[bytes]) -> int:
        """How many bytes were added. After a pause of the sender or the recording the next key is waited for."""
        if os.fstat(self._file).st_size < self.end:  # it was taken away by another process
            self._begin_anew()
        parts, place = [], self.end
        before = (self._seq, self._configuration, self._time, self._group, len(self._stored))
        for data in objects:
            part = framed(data)
            frame = frame_at(part, 0) if len(part) >= LEAST else None
            if frame is not None and frame.track == self.track and self._wants(frame, data, place):
                parts.append(part)
                place += len(part)
        try:
            self._write(b"".join(parts))
        except OSError:
            self._seq, self._configuration, self._time, self._group, stored = before
            del self._stored[stored:]
            with contextlib.suppress(OSError):
                os.ftruncate(self._file, self.end)
            raise
        added, self.end = place - self.end, place
        return added

    def _wants(self, frame: Frame, data: bytes, place: int) -> bool:
        if frame.kind == Kind.configuration:
            known, self._configuration = self._configuration, data[16:]
            return known != self._configuration
        if frame.seq <= self._seq or (self._group < 0 and not frame.key):
            return False
        self._seq = frame.seq
        if frame.key and (frame.kind == Kind.picture or self._group < 0 or frame.time >= self._time + GROUP_MS):
            self._begin_group(frame.time, place)
        return True

    def _begin_group(self, time: int, place: int) -> None:
        if self._group >= 0:
            self._stored.append(Stored(self._time, self._group, place - self._group))
        self._time, self._group = time, place

    def _write(self, data: bytes) -> None:
        place, rest = self.end, memoryview(data)
        while rest:
            done = os.pwrite(self._file, rest, place)
            place, rest = place + done, rest[done:]

    def pause(self) -> None:
        """The group that is being written ends here; the next one begins with a key."""
        if self._group >= 0:
            self._begin_group(0, self.end)
            self._time = self._group = -1

    def _begin_anew(self) -> None:
        self.end, self._seq, self._configuration, self._stored = 0, -1, b"", []
        self._time = self._group = -1
        os.ftruncate(self._file, 0)

    def ended(self) -> list[Stored]:
        """The groups that were ended since the last call."""
        stored, self._stored = self._stored, []
        return stored

    def copy(self) -> int:
        """Another descriptor of the file, for who syncs it beside the writing, and closes it."""
        return os.dup(self._file)

    def close(self) -> None:
        os.close(self._file)


def _groups(reel: Reel) -> list[Stored]:
    ends = [group.offset for group in reel.groups[1:]] + [reel.end]
    return [Stored(g.time, g.offset, end - g.offset) for g, end in zip(reel.groups, ends, strict=False)]
