"""One track's file as it is read: where its groups begin, how much of it is whole, and ranges of it. Reads only; the
file may grow meanwhile, in this process or in another."""

from __future__ import annotations

import contextlib
import os
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from pathlib import Path
from threading import Lock
from typing import NamedTuple

from mingtang.stores.media.frames import HEAD, LEAST, LENGTH, Frame, found_after, frame_at
from mingtang.stores.media.objects import HEADER, MOST_BYTES, Kind

PICTURE, SOUND = int(Kind.picture), int(Kind.sound)

WINDOW = 16 * 1024
AT_ONCE = 1024 * 1024  # is read when all is wanted
FAR = 4 * 1024 * 1024  # how much is looked through at once behind damage
GROUP_MS = 2000  # of sound, where each object is a key
BACK_MS = 10_000
GAP_MS = 3000  # a silence of the file: recording was off, or the sender was away


class Group(NamedTuple):
    """From a key on. `time` never goes back in a file, whatever the sender's clock did; `configuration` is where the
    one in force lies, -1 for none."""

    time: int
    offset: int
    configuration: int


class Span(NamedTuple):
    """What is stored without a gap, in ms UTC."""

    begin: int
    end: int


class Reel:
    """`end` is where the whole part ends: what comes after it is torn, or not yet written. `holes` are damaged pieces,
    left out of every range."""

    def __init__(self, path: Path, track: int) -> None:
        """Raises OSError. The file is looked through to its end, head by head."""
        self.path, self.track = path, track
        self.end, self.size, self.seq = 0, 0, -1
        self.groups: list[Group] = []
        self.holes: list[tuple[int, int]] = []
        self.spans: list[Span] = []
        self._times: list[int] = []
        self._time, self._configuration, self._last = 0, -1, 0
        self._searched = 0
        self._lock = Lock()
        self._file = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
        self.grow()

    def __del__(self) -> None:
        """Not before the last range of it was given: another file would be read under its number."""
        with contextlib.suppress(AttributeError, OSError):
            os.close(self._file)

    @property
    def torn(self) -> int:
        """Bytes behind the whole part."""
        return self.size - self.end

    @property
    def damaged(self) -> int:
        """Bytes within the whole part that are no objects."""
        return sum(end - begin for begin, end in self.holes)

    @property
    def time(self) -> int:
        """Of the last object, in ms UTC: a range that ends before it is complete."""
        return self._time

    def is_still(self, path: Path) -> bool:
        """Whether the file at this path is the one that was opened, and nothing was cut off it."""
        now, mine = path.stat(), os.fstat(self._file)
        return (now.st_ino, now.st_dev) == (mine.st_ino, mine.st_dev) and now.st_size >= self.end

    def grow(self) -> None:
        """Takes in what was appended since."""
        with self._lock:
            self.size = os.fstat(self._file).st_size
            self._scan()

    def _scan(self) -> None:
        begin, window = self.end, b""
        while self.size > self.end:
            place = self.end - begin
            if self.size - self.end < LEAST:
                if not self._skip():
                    return
                continue
            if place + LEAST > len(window):
                begin, place = self.end, 0
                window = os.pread(self._file, WINDOW, begin)
                if len(window) < LEAST:
                    return
            if self._take_plain(window, place):
                continue
            frame = frame_at(window, place)
            if frame is not None and frame.track == self.track and self.end + frame.size <= self.size:
                self._take(frame)
            elif not self._skip():
                return

    def _take_plain(self, window: bytes, place: int) -> bool:
        """As `_take`, many at once, of what begins no group and no span: an hour of sound has 180 000."""
        if not self.spans or not self._times:
            return False
        begin, most, left = place, len(window) - LEAST, place + self.size - self.end
        now, until, next_group = self._time, self.spans[-1].end, self._times[-1] + GROUP_MS
        last, seq, mine = place, self.seq, self.track
        while place <= most:
            length, kind, flags, track, number, high, low, _, span = HEAD.unpack_from(window, place)
            time, after = high << 32 | low, place + LENGTH + length
            begins = time >= next_group if kind == SOUND else kind != PICTURE or flags & 1
            if begins or flags > 7 or track != mine or not HEADER < length <= MOST_BYTES or after > left:
                break
            if not now <= time <= now + GAP_MS:
                break
            last, place, now, seq, until = place, after, time, number, max(until, time + span)
        if place == begin:
            return False
        self._last, self._searched, self._time, self.seq = self.end + last - begin, 0, now, seq
        self.end += place - begin
        self.spans[-1] = Span(self.spans[-1].begin, until)
        return True

    def _take(self, frame: Frame) -> None:
        if frame.kind == Kind.configuration:
            self._configuration = self.end
        else:
            self.seq = frame.seq
            self._pass(frame)
            far = frame.kind == Kind.picture or not self.groups or self._time >= self._times[-1] + GROUP_MS
            if frame.key and far:
                self.groups.append(Group(self._time, self.end, self._configuration))
                self._times.append(self._time)
        self._last, self._searched = self.end, 0
        self.end += frame.size

    def _pass(self, frame: Frame) -> None:
        if frame.time < self._time - BACK_MS:
            self._go_back(frame.time)
        before, self._time = self._time, max(self._time, frame.time)
        until = self._time + frame.span
        if not self.spans or self._time > before + GAP_MS:
            self.spans.append(Span(self._time, until))
        elif until > self.spans[-1].end:
            self.spans[-1] = Span(self.spans[-1].begin, until)

    def _go_back(self, time: int) -> None:
        """A time long before the last one: the last ones were wrong, by a damaged byte or a clock put right."""
        self._time = time
        for place in range(len(self.groups) - 1, -1, -1):
            if self._times[place] <= time:
                break
            self._times[place] = time
            self.groups[place] = self.groups[place]._replace(time=time)
        while self.spans and self.spans[-1].begin > time:
            self.spans.pop()
        if self.spans:
            self.spans[-1] = Span(self.spans[-1].begin, min(self.spans[-1].end, time))

    def _skip(self) -> bool:
        """Over damage to the next object that is one. The object before it may be what claims too many bytes: then it
        goes as well."""
        here = max(self._last + 1, self._searched)
        while here < self.size:
            data = os.pread(self._file, FAR, here)
            last = here + len(data) >= self.size
            found = found_after(data, self.track, self.seq, last)
            if found >= 0:
                return self._go_on(here + found)
            if last:
                self._searched = max(here, self.size - MOST_BYTES)
                return False
            here += FAR - MOST_BYTES
        return False

    def _go_on(self, place: int) -> bool:
        begin = self.end
        if place < self.end:
            begin = self._last
            if self.groups and self.groups[-1].offset == begin:
                self.groups.pop()
                self._times.pop()
        self.holes.append((begin, place))
        self.end, self._last, self._searched = place, place, 0
        return True

    # Ranges

    def whole(self) -> list[tuple[int, int]]:
        """Where in the file everything lies that is whole."""
        with self._lock:
            return self._without_holes(0, self.end)

    def pieces(self, begin: int, end: int) -> list[tuple[int, int]]:
        """Where in the file it lies: the configuration, then the objects from the key at or before `begin` (or the
        first) to before `end`, ms UTC; [] when there is nothing. Bytes that were there once never change."""
        with self._lock:
            start, configuration = self._start(begin)
            stop = self._stop(end)
            if start < 0 or stop <= start:
                return []
            whole = self._without_holes(start, stop)
            if configuration < 0:
                return whole
            found = next(self._frames(configuration, self.end), None)
            return [(configuration, configuration + found[1].size), *whole] if found else []

    def _start(self, time: int) -> tuple[int, int]:
        """The key at or before `time`, and the configuration in force there."""
        if not self.groups:
            return -1, -1
        which = max(bisect_right(self._times, time) - 1, 0)
        now, place, configuration = self.groups[which]
        in_force = configuration
        for offset, frame in self._frames(place, self._begin_of(which + 1)):
            if frame.kind == Kind.configuration:
                in_force = offset
                continue
            now = max(now, frame.time)
            if now > time:
                break
            if frame.key:
                place, configuration = offset, in_force
        return place, configuration

    def _stop(self, time: int) -> int:
        which = bisect_left(self._times, time)
        if which == 0:
            return -1
        now, place, _ = self.groups[which - 1]
        for offset, frame in self._frames(place, self._begin_of(which)):
            if frame.kind != Kind.configuration:
                now = max(now, frame.time)
                if now >= time:
                    return offset
        return self._begin_of(which)

    def _begin_of(self, group: int) -> int:
        return self.groups[group].offset if group < len(self.groups) else self.end

    def _without_holes(self, begin: int, end: int) -> list[tuple[int, int]]:
        pieces = []
        for hole, after in self.holes:
            if begin < after and hole < end:
                if hole > begin:
                    pieces.append((begin, hole))
                begin = after
        return [*pieces, (begin, end)] if begin < end else pieces

    def _frames(self, begin: int, end: int) -> Iterator[tuple[int, Frame]]:
        for piece, stop in self._without_holes(begin, end):
            place, base, window = piece, piece, b""
            while place < stop:
                if place - base + LEAST > len(window):
                    base, window = place, os.pread(self._file, WINDOW, place)
                    if len(window) < LEAST:  # the file was taken away meanwhile
                        return
                frame = frame_at(window, place - base)
                if frame is None:
                    return
                yield place, frame
                place += frame.size

    def configuration(self) -> bytes:
        """The payload of the last one, b"" for none."""
        found = next(self._frames(self._configuration, self.end), None) if self._configuration >= 0 else None
        return self.read(found[0] + LEAST, found[0] + found[1].size) if found else b""

    def read(self, begin: int, end: int) -> bytes:
        """Bytes of the file; fewer when it has been taken away."""
        return os.pread(self._file, end - begin, begin)

    def objects(self, begin: int, end: int) -> Iterator[bytes]:
        """The objects of a range, one after the other: for readings, which take them all."""
        for start, stop in self.pieces(begin, end):
            base, window = start, b""
            while start < stop:
                size = LENGTH + int.from_bytes(window[start - base : start - base + LENGTH], "big")
                if size == LENGTH or start - base + size > len(window):
                    base, window = start, self.read(start, start + max(size, min(AT_ONCE, stop - start)))
                    if len(window) < max(size, LEAST):  # the file was taken away meanwhile
                        return
                    continue
                yield window[start - base + LENGTH : start - base + size]
                start += size
