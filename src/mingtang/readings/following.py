"""Lessons read on from where they were left: a reading process folds each event once, however often it is asked.

What is kept here is worth nothing: it can be folded again from the log at any time."""

from __future__ import annotations

from collections import OrderedDict

from msgspec import Struct, field

from mingtang.activities import kinds
from mingtang.core.erasing import Progress
from mingtang.core.event import Fact
from mingtang.core.lesson import Lesson
from mingtang.core.member import Role
from mingtang.readings.chunks import chunks
from mingtang.stores.reading import LogReader

MOST = 4
# When something first came before everybody, by what names it in the event.
BEGINNINGS = {
    "slides.turned": "to",
    "poll.asked": "id",
    "poll.opened": "id",
    "peer.asked": "id",
    "peer.opened": "id",
    "questions.asked": "id",
}


class Followed(Struct):
    """`began` is the first event's time; `moments` when things first came, as `poll/<id>`, and when a member last wrote
    a note, as `notes/<member>/<step>`; all ms UTC."""

    lesson: Lesson
    progress: Progress = field(default_factory=Progress)
    began: int = 0
    moments: dict[str, int] = field(default_factory=dict)

    def take(self, fact: Fact) -> None:
        self.lesson.take(fact)
        self.began = self.began or fact.at
        activity = fact.kind.partition(".")[0]
        if name := BEGINNINGS.get(fact.kind):
            self.moments.setdefault(f"{activity}/{getattr(fact.event, name)}", fact.at)
        elif fact.kind == "notes.written":
            self.moments[f"{activity}/{fact.by}/{getattr(fact.event, 'page', '')}"] = fact.at

    @property
    def assets(self) -> list[str]:
        """The pictures of all steps, shown or not."""
        steps = (self.lesson.view(Role.teacher, "slides") or {}).get("steps", {})
        return [step["asset"] for step in steps.values() if "asset" in step]


_followed: OrderedDict[str, Followed] = OrderedDict()


def follow(log: LogReader, lesson: str) -> Followed | None:
    """The lesson as its log has it now; None for an unknown one. Raises Damaged, StoreFailed or Unreadable."""
    found = _followed.pop(lesson, None) or Followed(Lesson(kinds()))
    for rows in chunks(log, lesson, found.progress):
        found = found if rows[0].seq > 1 else Followed(Lesson(kinds()), found.progress)
        for row in rows:
            found.take(kinds().fact(row))
    if found.lesson.seq == 0:
        return None
    _followed[lesson] = found
    while len(_followed) > MOST:
        _followed.popitem(last=False)
    return found


def forget(log: LogReader, lesson: str) -> None:
    """For a log that was taken away, or in which a person was erased: the next question folds it from the beginning."""
    _followed.pop(lesson, None)
