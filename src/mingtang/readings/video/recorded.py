"""Which tracks a lesson had, whose they were, and when they were for all and not for a group: read from its log."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from msgspec import Struct, field

from mingtang.activities import kinds
from mingtang.activities.media.facts import SOUND
from mingtang.core.event import Fact
from mingtang.core.lesson import Lesson
from mingtang.core.member import STAFF

SOUNDS = frozenset(SOUND)
FOLLOWS = {"screen": ("screen_sound", "microphone"), "room_camera": ("room_microphone",)}


class Recorded(Struct):
    """Times are ms UTC; `for_all` are the spans in which everybody might see or hear it."""

    no: int
    member: str
    source: str
    codec: str
    staff: bool
    began: int
    ended: int
    for_all: list[tuple[int, int]] = field(default_factory=list)

    @property
    def is_sound(self) -> bool:
        return self.source in SOUNDS


class Tracks:
    """Is shown each fact after the lesson took it."""

    def __init__(self) -> None:
        self.known: dict[int, Recorded] = {}
        self._open: dict[int, int] = {}

    def look(self, lesson: Lesson, fact: Fact) -> None:
        media = lesson.kinds.activities.get("media")
        if media is not None and media in lesson.kinds.readers[type(fact.event)]:
            self._follow(lesson, lesson.states["media"], fact.at)

    def _follow(self, lesson: Lesson, state: Any, at: int) -> None:
        for no, track in state.tracks.items():
            if no not in self.known:
                self.known[no] = _begun(lesson, track)
            self._turn(no, at, on=no in state.open and not state.group_of(track))

    def _turn(self, no: int, at: int, *, on: bool) -> None:
        if on and no not in self._open:
            self._open[no] = at
        elif not on and no in self._open:
            self.known[no].for_all.append((self._open.pop(no), at))

    def settle(self, lesson: Lesson) -> list[Recorded]:
        """All tracks, those that are still open up to the last fact."""
        for no in list(self._open):
            self._turn(no, lesson.at, on=False)
        for no, track in lesson.states["media"].tracks.items() if "media" in lesson.states else ():
            self.known[no].ended = track.ended or lesson.at
        return [self.known[no] for no in sorted(self.known)]


def _begun(lesson: Lesson, track: Any) -> Recorded:
    member = lesson.people.get(track.member)
    staff = member is not None and member.role in STAFF
    return Recorded(track.no, track.member, track.source, track.codec, staff, track.began, track.began)


def tracks_of(facts: Iterable[Fact]) -> list[Recorded]:
    lesson, tracks = Lesson(kinds()), Tracks()
    for fact in facts:
        lesson.take(fact)
        tracks.look(lesson, fact)
    return tracks.settle(lesson)


def beside(track: Recorded, others: Iterable[Recorded]) -> list[Recorded]:
    """The sounds that belong to a picture: of the same person, at the same time, one after another."""
    if track.is_sound:
        return []
    own = [one for one in others if one.member == track.member and one.began < track.ended and one.ended > track.began]
    for source in FOLLOWS.get(track.source, ("microphone",)):
        if found := [one for one in own if one.source == source]:
            return found
    return []
