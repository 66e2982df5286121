"""The tracks of all lessons on disk: where each lies, what there is of it, and how it is taken away."""

from __future__ import annotations

import contextlib
import re
import shutil
from collections import OrderedDict
from pathlib import Path
from threading import Lock

from mingtang.stores.media.reel import Reel

ENDING = ".objects"
MOST_OPEN = 128
_is_lesson = re.compile(r"[A-Za-z0-9_-]{1,64}").fullmatch
_is_track = re.compile(r"[1-9][0-9]{0,4}|0").fullmatch


class Reels:
    """`folder` may be shared by several nodes. Any thread may ask."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._open: OrderedDict[tuple[str, int], Reel] = OrderedDict()
        self._lock = Lock()

    def place(self, lesson: str, track: int) -> Path:
        if not _is_lesson(lesson):
            raise ValueError(f"{lesson!r} is no lesson")
        return self.folder / lesson / f"{track}{ENDING}"

    def lessons(self) -> list[str]:
        return sorted(place.name for place in self.folder.glob("*/") if _is_lesson(place.name))

    def tracks(self, lesson: str) -> list[int]:
        files = self.place(lesson, 0).parent.glob(f"*{ENDING}")
        return sorted(int(file.stem) for file in files if _is_track(file.stem))

    def reel(self, lesson: str, track: int) -> Reel | None:
        """The track up to now; None when nothing of it is stored. Raises OSError when it cannot be read."""
        path, key = self.place(lesson, track), (lesson, track)
        with self._lock:
            reel = self._open.get(key)
        try:
            if reel is None or not reel.is_still(path):
                reel = Reel(path, track)
            else:
                reel.grow()
        except FileNotFoundError:
            reel = None
        self._keep(key, reel)
        return reel

    def _keep(self, key: tuple[str, int], reel: Reel | None) -> None:
        with self._lock:
            self._open.pop(key, None)
            if reel is not None:
                self._open[key] = reel
            while len(self._open) > MOST_OPEN:
                self._open.popitem(last=False)

    def size(self, lesson: str) -> int:
        """In bytes, of all tracks."""
        total = 0
        for track in self.tracks(lesson):
            with contextlib.suppress(FileNotFoundError):
                total += self.place(lesson, track).stat().st_size
        return total

    def blank(self, lesson: str, track: int) -> None:
        """Takes away what was stored of a track, and leaves an empty file that tells of it."""
        path = self.place(lesson, track)
        with contextlib.suppress(FileNotFoundError):
            path.open("r+b").truncate()
        self._keep((lesson, track), None)

    def remove(self, lesson: str) -> None:
        for track in self.tracks(lesson):
            self._keep((lesson, track), None)
        with contextlib.suppress(FileNotFoundError):
            shutil.rmtree(self.place(lesson, 0).parent)
