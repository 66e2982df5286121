"""What one role saw of a lesson, flush by flush, as the live screens did: a function of the log and nothing else.

Every flush is the state at a place of the log, so the digest law (protocol S2) holds for it as for live patches."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from msgspec import Struct, field

from mingtang.core.activity import Kinds, activity_of, standing
from mingtang.core.event import Fact
from mingtang.core.lesson import EVERYBODY, Lesson, Touched
from mingtang.core.member import Role
from mingtang.core.patch import Json, diff
from mingtang.readings.replay.marks import Chapter, Mark, Marks
from mingtang.readings.replay.track import Cut, Keep, Track, encode

# Contributions of many are gathered as live does, but to four a second: who watches again sees bars grow as well, and a
# journal costs a third. Steering is shown at its own moment, as live.
FLUSH_MS = 250
SKEW_MS = 2_000  # by which clocks of several nodes may differ
MAIN = "main"


class Index(Struct, omit_defaults=True):
    """`opened` is UTC ms; all other times are ms since then. `until` is the time of the last flush at place `seq`.
    `tracks`: the standing parts together as `main`, each further part by its name."""

    role: Role
    title: str
    opened: int
    until: int
    seq: int
    tracks: dict[str, list[Cut]]
    chapters: list[Chapter]
    marks: list[Mark]
    ended: bool = False
    more: bool = False  # the log goes on, and is being read


class Own(Struct):
    """What one member alone saw: his value now, and the encoded frames [at, seq, patch] that led to it from {}."""

    value: Json = field(default_factory=dict)
    frames: list[bytes] = field(default_factory=list)


class Journal:
    """Facts are taken in order; what was shown is in the tracks. `mine` is followed for students' eyes only."""

    def __init__(self, kinds: Kinds, role: Role, keep: Keep) -> None:
        self.lesson = Lesson(kinds)
        self.role, self._keep = role, keep
        self.tracks: dict[str, Track] = {}
        self.marks = Marks(role)
        self.own: dict[str, Own] = {}
        self._shown: dict[str, Json] = {}
        self._waiting = Touched()
        self._opened = 0
        self._moment = 0
        self._flushed = 0
        self._last = (0, 0)
        self.ended = False

    def take(self, fact: Fact) -> None:
        """What follows the end is no part of the lesson any more."""
        if self.ended:
            return
        if self.lesson.seq == 0:
            self._opened = self._moment = fact.at
            self._waiting.activities |= set(self.lesson.states)
            self._flushed = fact.at - FLUSH_MS
        elif self._is_due(fact.at):
            self._flush()
        touched = self.lesson.fold(fact)
        self._waiting.add(touched)
        self._moment = max(self._moment, fact.at)
        self.marks.note(fact, self._moment - self._opened)
        if self.lesson.ended:
            self._flush()
            self.ended = True
            for track in self.tracks.values():
                track.close()

    def _is_due(self, at: int) -> bool:
        """Facts of one moment are one flush; contributions wait for the next quarter of a second."""
        if not self._waiting or at <= self._moment:
            return False
        return self._waiting.steering or at >= self._flushed + FLUSH_MS

    def settle(self, now: int) -> None:
        """At the end of what there is of a log: shows what waits if the next fact (at UTC ms `now` or later) is sure to
        find it shown, so that the journal does not depend on when it was asked for."""
        if self._waiting and self._is_due(now - SKEW_MS):
            self._flush()

    def _flush(self) -> None:
        touched, self._waiting = self._waiting, Touched()
        at = self._moment if touched.steering else max(self._moment, self._flushed + FLUSH_MS)
        self._flushed = at
        self._last = place = (at - self._opened, self.lesson.seq)
        standing_patches: Json = {}
        for part in self._names(touched):
            if (change := self._change(part)) is None:
                continue
            if standing(part):
                standing_patches[part] = change
            else:
                self._track(part).add(*place, change, lambda part=part: self._shown[part])  # type: ignore[misc]
        if standing_patches:
            self._track(MAIN).add(*place, standing_patches, self._standing)
        if self.role is Role.student:
            self._flush_mine(touched, place)
        self.marks.look(self._shown.get("slides", {}), place[0])

    def _names(self, touched: Touched) -> Iterable[str]:
        names = dict.fromkeys(sorted(touched.parts))
        for name in sorted(touched.activities):
            activity = self.lesson.kinds.activities[name]
            names.update(dict.fromkeys(activity.parts(self.lesson.states[name], self.role)))
            names.update(dict.fromkeys(part for part in self._shown if activity_of(part) == name))
        return names

    def _change(self, part: str) -> Json | None:
        """The patch of a part, or None when it stays as it was shown."""
        value, old = self.lesson.view(self.role, part), self._shown.get(part)
        if value is None:
            if old is None:
                return None
            value = {}
        change = diff(old or {}, value)
        if not change and old is not None:
            return None
        self._shown[part] = value
        return change

    def _standing(self) -> Json:
        return {part: value for part, value in self._shown.items() if standing(part)}

    def _track(self, part: str) -> Track:
        track = self.tracks.get(part)
        if track is None:
            track = self.tracks[part] = Track(part.replace("/", "."), self._keep)
        return track

    def _flush_mine(self, touched: Touched, place: tuple[int, int]) -> None:
        wanted: dict[str, set[str]] = {}
        for activity, member in touched.mine:
            for one in self.lesson.people.members if member == EVERYBODY else (member,):
                wanted.setdefault(one, set()).add(activity)
        for member in sorted(wanted):
            if member in self.lesson.people.members:
                self._own(member, wanted[member], place)

    def _own(self, member: str, names: set[str], place: tuple[int, int]) -> None:
        own = self.own.setdefault(member, Own())
        old, new = own.value, Json()
        for name in sorted(names):
            state = self.lesson.states[name]
            if value := self.lesson.kinds.activities[name].mine(state, member, self.lesson.people):
                new[name] = value
        if change := diff({name: old[name] for name in names if name in old}, new):
            own.value = {name: value for name, value in old.items() if name not in names} | new
            own.frames.append(encode((*place, change)))

    def seen(self, part: str) -> Json:
        """The part as it was last shown; {} when it never was."""
        return self._shown.get(part, {})

    def index(self, more: bool = False) -> Index:
        lesson: Any = self._shown.get("lesson", {})
        return Index(
            role=self.role,
            title=str(lesson.get("title", "")),
            opened=self._opened,
            until=self._last[0],
            seq=self._last[1],
            tracks={part: track.table() for part, track in self.tracks.items()},
            chapters=self.marks.chapters,
            marks=self.marks.marks,
            ended=self.ended,
            more=more,
        )
