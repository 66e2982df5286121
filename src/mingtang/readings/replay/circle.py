"""Who was in a lesson, read from its log without folding the lesson: for the rights of readings."""

from __future__ import annotations

from collections import OrderedDict

from msgspec import Struct, field

from mingtang.activities import kinds
from mingtang.core.erasing import Progress
from mingtang.core.frame import fold_people
from mingtang.core.member import People
from mingtang.readings.chunks import chunks
from mingtang.stores.reading import LogReader

MOST_KEPT = 64


class Circle(Struct):
    """Members and their roles; "" is one who was sent out."""

    roles: dict[str, str] = field(default_factory=dict)


class _Known(Struct):
    people: People = field(default_factory=People)
    progress: Progress = field(default_factory=Progress)


_kept: OrderedDict[str, _Known] = OrderedDict()


def circle(log: LogReader, lesson: str) -> Circle:
    known = _kept.setdefault(lesson, _Known())
    _kept.move_to_end(lesson)
    for rows in chunks(log, lesson, known.progress):
        if rows[0].seq == 1:
            known = _kept[lesson] = _Known(progress=known.progress)
        for row in rows:
            if row.kind.startswith("member."):
                fact = kinds().fact(row)
                fold_people(known.people, fact.event, fact)
    while len(_kept) > MOST_KEPT:
        _kept.popitem(last=False)
    return Circle({m.id: "" if m.removed else m.role.value for m in known.people.members.values()})


def forget(log: LogReader, lesson: str) -> None:
    """After a log was written anew or taken away."""
    _kept.pop(lesson, None)
