"""Recorded tracks looked through for `mingtang doctor`, changing nothing: what is damaged, missing or left over, and
whether the files hold what the log says was stored."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from mingtang.readings.recorded import Group, RecordedTrack, recorded
from mingtang.stores import StoreFailed
from mingtang.stores.media.frames import LEAST, frame_at
from mingtang.stores.media.reel import Reel
from mingtang.stores.media.reels import Reels
from mingtang.stores.reading import LogReader, open_reader
from mingtang.web.findings import Found


def examine_media(log: Path, folder: Path, logs: set[str]) -> Iterator[Found]:
    """`logs` are the lessons there are."""
    reels = Reels(folder)
    try:
        reader = open_reader(str(log))
    except StoreFailed:  # which is told of elsewhere
        return
    tracks = size = 0
    try:
        for lesson in sorted(logs | set(reels.lessons())):
            if lesson not in logs:
                yield Found("examined.media_spare", "poor", {"lesson": lesson, "mb": reels.size(lesson) // 1_000_000})
                continue
            told = _told(reader, lesson)
            there = reels.tracks(lesson)
            tracks, size = tracks + len(there), size + reels.size(lesson)
            for track in sorted({*there, *(no for no, one in told.items() if one.groups)}):
                yield from _track(reels, lesson, track, told)
    finally:
        reader.close()
    if tracks:
        yield Found("examined.media_seen", "good", {"n": tracks, "mb": size // 1_000_000})


def _told(reader: LogReader, lesson: str) -> dict[int, RecordedTrack]:
    """Nothing of a log that cannot be read, which is told of elsewhere."""
    try:
        return recorded(reader, lesson).tracks
    except (StoreFailed, ValueError):
        return {}


def _track(reels: Reels, lesson: str, track: int, told: dict[int, RecordedTrack]) -> Iterator[Found]:
    where = {"lesson": lesson, "track": track}
    try:
        reel = reels.reel(lesson, track)
    except OSError as error:
        yield Found("examined.media_unread", "bad", {**where, "reason": error.strerror or str(error)})
        return
    if reel is None:
        yield Found("examined.media_lost", "bad", where)
        return
    if reel.damaged:
        yield Found("examined.media_damaged", "bad", {**where, "kb": reel.damaged // 1000 + 1})
    if reel.torn:
        yield Found("examined.media_torn", "poor", {**where, "bytes": reel.torn})
    groups = told[track].groups if track in told else []
    missing = [group for group in groups if reel.size and not _holds(reel, group)]
    if missing:
        yield Found("examined.media_short", "bad", {**where, "n": len(missing), "of": len(groups)})


def _holds(reel: Reel, group: Group) -> bool:
    """Whether the group's key lies where the log says, and all of the group is there."""
    time, offset, size = group
    head = reel.read(offset, offset + LEAST)
    frame = frame_at(head, 0) if len(head) == LEAST else None
    key = frame is not None and frame.key and (frame.track, frame.time) == (reel.track, time)
    return key and offset + size <= reel.end
