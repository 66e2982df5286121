"""Recorded tracks on their way into a lesson file and out of one: read in pieces, as they are large."""

from __future__ import annotations

import hashlib
import zipfile
from collections.abc import Iterator
from pathlib import Path

from mingtang.core.lesson import Lesson
from mingtang.readings.lessonfile.layout import BadFile, Entry
from mingtang.stores.media.reel import Reel
from mingtang.stores.media.reels import Reels

PIECE = 1 << 20


class Tape:
    """One track as it is now: what is torn or damaged of it, and what comes later, is left out."""

    def __init__(self, reel: Reel) -> None:
        self._reel, self._places = reel, reel.whole()

    def entry(self) -> Entry:
        sum_, size = hashlib.sha256(), 0
        for data in self._data():
            sum_.update(data)
            size += len(data)
        return Entry(size, sum_.hexdigest())

    def put(self, zip_: zipfile.ZipFile, info: zipfile.ZipInfo) -> None:
        with zip_.open(info, "w", force_zip64=True) as out:
            for data in self._data():
                out.write(data)

    def _data(self) -> Iterator[bytes]:
        for begin, end in self._places:
            for place in range(begin, end, PIECE):
                yield self._reel.read(place, min(place + PIECE, end))


def tapes(media: Reels | None, lesson: str, folded: Lesson) -> dict[str, Tape]:
    """By name in the file. Tracks that were taken away, or began later, are missing."""
    found = {}
    for track in sorted(folded.states["media"].tracks) if media is not None else ():
        reel = media.reel(lesson, track) if media is not None else None
        if reel is not None and reel.groups:
            found[f"media/{track}.objects"] = Tape(reel)
    return found


def check_tape(place: Path) -> None:
    """Whole objects of this track from its first byte to its last; else BadFile."""
    reel = Reel(place, int(place.stem))
    if reel.torn or reel.damaged or not reel.groups:
        raise BadFile("file.bad_media", name=place.name)
