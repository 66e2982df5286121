"""Which tracks a lesson had and what the log says is stored of them, read without folding the lesson."""

from __future__ import annotations

from collections import OrderedDict

from msgspec import Struct, field

from mingtang.activities import kinds
from mingtang.activities.media.facts import MediaStarted, MediaStored
from mingtang.core.erasing import Progress
from mingtang.core.event import Fact
from mingtang.core.frame import MEMBER_EVENTS, LessonEnded, fold_people
from mingtang.core.member import People
from mingtang.readings.chunks import chunks
from mingtang.stores.reading import LogReader

MOST_KEPT = 16
OF_INTEREST = ("media.", "member.", "lesson.")
Group = tuple[int, int, int]


class RecordedTrack(Struct):
    """`groups`: time of the key in ms UTC, offset in the track's file, bytes."""

    source: str
    codec: str
    member: str
    began: int
    groups: list[Group] = field(default_factory=list)


class Recorded(Struct):
    """`names` of members, "" of one who was erased. `ended` is when the lesson was, 0 while it goes on."""

    tracks: dict[int, RecordedTrack] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)
    ended: int = 0


class _Known(Struct):
    people: People = field(default_factory=People)
    told: Recorded = field(default_factory=Recorded)
    progress: Progress = field(default_factory=Progress)


_kept: OrderedDict[str, _Known] = OrderedDict()


def recorded(log: LogReader, lesson: str) -> Recorded:
    known = _kept.setdefault(lesson, _Known())
    _kept.move_to_end(lesson)
    for rows in chunks(log, lesson, known.progress):
        if rows[0].seq == 1:
            known = _kept[lesson] = _Known(progress=known.progress)
        for row in rows:
            if row.kind.startswith(OF_INTEREST):
                _take(known, kinds().fact(row))
    while len(_kept) > MOST_KEPT:
        _kept.popitem(last=False)
    known.told.names = {member.id: member.name for member in known.people.members.values()}
    return known.told


def _take(known: _Known, fact: Fact) -> None:
    event, told = fact.event, known.told
    match event:
        case MediaStarted():
            told.tracks[event.track] = RecordedTrack(event.source, event.codec, fact.by, fact.at)
        case MediaStored():
            for number, *group in event.groups:
                if track := told.tracks.get(number):
                    track.groups.append((group[0], group[1], group[2]))
        case LessonEnded():
            told.ended = fact.at
        case _ if isinstance(event, MEMBER_EVENTS):
            fold_people(known.people, event, fact)


def without_groups(log: LogReader, lesson: str) -> Recorded:
    """For who only asks which tracks there are: the groups of an hour are long."""
    told = recorded(log, lesson)
    tracks = {no: RecordedTrack(t.source, t.codec, t.member, t.began) for no, t in told.tracks.items()}
    return Recorded(tracks, told.names, told.ended)


def forget(log: LogReader, lesson: str) -> None:
    """After a log was written anew or taken away."""
    _kept.pop(lesson, None)
