"""The captions of a lesson as WebVTT, on the clock of its video."""

from __future__ import annotations

import html
from collections.abc import Iterable
from pathlib import Path

from mingtang.activities import kinds
from mingtang.core.event import Row
from mingtang.readings.video.scenes import Course, Line, course_of
from mingtang.stores.media.reels import Reels
from mingtang.stores.reading import LogReader


def begin_of(course: Course, reels: Reels, lesson: str) -> int:
    """When the video begins, ms UTC: with the stage, or with the first voice that was recorded before it."""
    begin = course.began
    for track in course.tracks:
        reel = reels.reel(lesson, track.no)
        stored = reel.spans if reel and track.for_all else []
        begin = min([begin, *(span.begin for span in stored if span.begin >= course.opened)])
    return begin


def moved(lines: Iterable[Line], begin: int, end: int) -> list[Line]:
    """On a clock that begins at `begin`; what was said before or after is left out."""
    return [
        Line(max(0, line.begin - begin), line.end - begin, line.text, line.name)
        for line in lines
        if begin < line.end and line.begin < end
    ]


def subtitles(reader: LogReader, lesson: str, media: Path) -> str | None:
    """WebVTT; None for an unknown lesson. Raises Unreadable, Damaged or StoreFailed."""
    rows = reader.rows(lesson)
    return subtitles_of(rows, Reels(media), lesson) if rows else None


def subtitles_of(rows: Iterable[Row], reels: Reels, lesson: str) -> str:
    course = course_of(kinds().fact(row) for row in rows)
    ended = max([course.ended, *(line.end for line in course.lines)])
    return vtt(moved(course.lines, begin_of(course, reels, lesson), ended))


def vtt(lines: Iterable[Line]) -> str:
    """Times in ms."""
    cues = (f"{_time(line.begin)} --> {_time(max(line.end, line.begin + 1))}\n{_cue(line)}\n" for line in lines)
    return "\n".join(["WEBVTT\n", *cues])


def _cue(line: Line) -> str:
    text = html.escape(line.text, quote=False)
    return f"<v {html.escape(line.name, quote=False)}>{text}" if line.name else text


def _time(ms: int) -> str:
    return f"{ms // 3_600_000:02}:{ms // 60_000 % 60:02}:{ms // 1000 % 60:02}.{ms % 1000:03}"
