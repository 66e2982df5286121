"""The one thread that writes what is recorded at this node: everything at least every 250 ms, each track by one process
at a time. It knows files and bytes; what may be recorded is the recorder's to know."""

from __future__ import annotations

import errno
import logging
import os
import threading
import time
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import NamedTuple

from mingtang.stores.media.reels import Reels
from mingtang.stores.media.writing import Busy, Stored, Writing

log = logging.getLogger(__name__)
FLUSH_S = 0.1
NOTE_S = 10.0
IDLE_S = 3.0  # then a track is let go of, as its sender may come in at another node
BUSY_S = 8.0  # how long what another process still holds is waited for
MOST_WAITING = 64 * 1024 * 1024
FULL = (errno.ENOSPC, errno.EDQUOT)
Key = tuple[str, int]


class Noted(NamedTuple):
    """Groups of a track that are whole and safe on the disk, oldest first; some may have been told before."""

    lesson: str
    track: int
    groups: list[Stored]


class Failed(NamedTuple):
    """Nothing more can be written of a lesson: the disk is `full`, its `quota` is used up, or it `failed` otherwise."""

    lesson: str
    trouble: str


class _Open:
    """A track that is being written. `waiting` are objects that could not be written yet, since `since`."""

    def __init__(self) -> None:
        self.writing: Writing | None = None
        self.objects: list[bytes] = []
        self.used = self.since = time.monotonic()


class Writer:
    """`told` is called from threads. `put`, `pause` and `run` are for one other thread; they never wait."""

    def __init__(self, reels: Reels, most_mb: int, told: Callable[[Noted | Failed], None]) -> None:
        self._reels, self._most, self._told = reels, most_mb * 1_000_000, told
        self._queue: deque[tuple[Key, bytes | Callable[[], None] | None]] = deque()
        self._came = self._done = 0
        self._open: dict[Key, _Open] = {}
        self._bytes: dict[str, int] = {}
        self._bell, self._closing = threading.Event(), threading.Event()
        self._syncer = ThreadPoolExecutor(1, "media sync")
        self._thread = threading.Thread(target=self._run, name="media writer", daemon=True)
        self._thread.start()

    def put(self, lesson: str, track: int, data: bytes) -> bool:
        """False when the disk is so slow that it is not taken."""
        if self._came - self._done > MOST_WAITING:
            return False
        self._came += len(data)
        self._say((lesson, track), data)
        return True

    def pause(self, lesson: str, track: int) -> None:
        """No more of it for now: what there is of it is ended and told of."""
        self._say((lesson, track), None)

    def run(self, lesson: str, what: Callable[[], object]) -> Future[object]:
        """Between two writings, all tracks of the lesson being let go of before."""
        done: Future[object] = Future()

        def do() -> None:
            for key in [key for key in self._open if key[0] == lesson]:
                self._end(key)
            self._bytes.pop(lesson, None)
            try:
                done.set_result(what())
            except Exception as error:
                done.set_exception(error)

        self._say((lesson, 0), do)
        return done

    def _say(self, key: Key, what: bytes | Callable[[], None] | None) -> None:
        self._queue.append((key, what))
        if not self._bell.is_set():
            self._bell.set()

    def close(self) -> None:
        """Writes what came before, then ends."""
        self._closing.set()
        self._bell.set()
        self._thread.join()
        self._syncer.shutdown()

    # In the thread

    def _run(self) -> None:
        noted = time.monotonic()
        while True:
            self._bell.wait()
            closing = self._closing.wait(FLUSH_S)
            note = closing or time.monotonic() - noted >= NOTE_S
            noted = time.monotonic() if note else noted
            try:
                self._turn(note, closing)
            except Exception:
                log.exception("writing media failed")
            if closing and not self._queue:
                return
            if not self._open and not closing:
                self._bell.clear()
                if self._queue or self._closing.is_set():  # it was rung before it was stilled
                    self._bell.set()

    def _turn(self, note: bool, closing: bool) -> None:
        self._drain()
        now = time.monotonic()
        for key, track in list(self._open.items()):
            self._write(key, track, now)
            if closing or (now - track.used > IDLE_S and not track.objects):
                self._end(key)
            elif note:
                self._note(key, track)

    def _drain(self) -> None:
        for _ in range(len(self._queue)):
            key, what = self._queue.popleft()
            if isinstance(what, bytes):
                track = self._open.get(key)
                if track is None:
                    track = self._open[key] = _Open()
                track.objects.append(what)
                self._done += len(what)
            elif what is None:
                self._end(key)
            else:
                what()

    def _write(self, key: Key, track: _Open, now: float) -> None:
        if not track.objects:
            return
        objects, track.objects, track.used = track.objects, [], now
        try:
            writing = track.writing or self._begin(key, track)
            track.since = now
            self._bytes[key[0]] += writing.append(objects)
        except Busy:
            track.objects = objects
            if now - track.since > BUSY_S:
                log.warning("a track is written elsewhere", extra={"data": {"lesson": key[0], "track": key[1]}})
                track.objects = []
                self._fail(key, "failed")
        except OSError as error:
            log.error("media of lesson %s cannot be written: %s", key[0], error)
            self._fail(key, "full" if error.errno in FULL else "failed")
        except Exception:
            log.exception("media of lesson %s cannot be written", key[0])
            self._fail(key, "failed")
        else:
            if self._bytes[key[0]] > self._most:
                self._fail(key, "quota")

    def _begin(self, key: Key, track: _Open) -> Writing:
        lesson, number = key
        track.writing = Writing(self._reels.place(lesson, number), number)
        if lesson not in self._bytes:
            self._bytes[lesson] = self._reels.size(lesson)
        if track.writing.cut:
            told = {"lesson": lesson, "track": number, "bytes": track.writing.cut}
            log.info("a torn end of a track was cut off", extra={"data": told})
        self._sync(key, track.writing, track.writing.found)
        return track.writing

    def _fail(self, key: Key, trouble: str) -> None:
        """The whole lesson's: a recording without one of its tracks would not be what people think it is."""
        for other in [other for other in self._open if other[0] == key[0]]:
            self._open[other].objects = []
            self._end(other)
        self._bytes.pop(key[0], None)
        self._told(Failed(key[0], trouble))

    def _end(self, key: Key) -> None:
        track = self._open.get(key)
        if track is None:
            return
        if track.objects:
            self._write(key, track, time.monotonic())
        if self._open.pop(key, None) is not None and track.writing is not None:
            track.writing.pause()
            self._note(key, track)
            track.writing.close()

    def _note(self, key: Key, track: _Open) -> None:
        if track.writing is not None:
            self._sync(key, track.writing, track.writing.ended())

    def _sync(self, key: Key, writing: Writing, groups: list[Stored]) -> None:
        """Beside the writing: a disk may take its time. What is told of survives a power cut."""
        if groups:
            self._syncer.submit(self._synced, key, writing.copy(), groups)

    def _synced(self, key: Key, file: int, groups: list[Stored]) -> None:
        try:
            os.fdatasync(file)
        except OSError as error:
            log.error("media of lesson %s cannot be synced: %s", key[0], error)
            self._told(Failed(key[0], "full" if error.errno in FULL else "failed"))
            return
        finally:
            os.close(file)
        self._told(Noted(*key, groups))
