"""Who was here when: the number of students by seat at each full minute of the hour."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from mingtang.core.lesson import Lesson
from mingtang.core.member import People, Role, Seat
from mingtang.readings.report.ledger import Ledger
from mingtang.readings.report.model import Presence, Seats

MINUTE = 60_000
MOST_POINTS = 360
LATE = 5 * MINUTE
PRESENCE = (
    "member.joined", "member.came", "member.went", "member.seated", "member.promoted", "member.removed",
    "member.readmitted",
)  # fmt: skip


class Changes:
    """Each change of the count of students here."""

    def __init__(self) -> None:
        self._at: list[int] = []
        self._counts: list[tuple[int, int]] = [(0, 0)]

    def take(self, people: People, at: int) -> None:
        count = (people.here[Seat.room], people.here[Seat.remote])
        if count != self._counts[-1]:
            self._at.append(max(at, self._at[-1]) if self._at else at)
            self._counts.append(count)

    def points(self, began: int, until: int) -> tuple[int, list[tuple[int, int]]]:
        """The step in ms, and the counts at `began`, one step later, and so on."""
        step = MINUTE * max(1, -(-(until - began) // (MOST_POINTS * MINUTE)))
        points, place = [], 0
        for at in range(began, until + 1, step):
            while place < len(self._at) and self._at[place] <= at:
                place += 1
            points.append(self._counts[place])
        return step, points

    def most(self) -> int:
        return max(room + remote for room, remote in self._counts)


def students(lesson: Lesson) -> dict[str, dict[str, Any]]:
    """Attendance's rows of all who are students and have come, by id; those sent out included."""
    rows: dict[str, dict[str, Any]] = lesson.states["attendance"].rows
    return {id: row for id, row in sorted(rows.items()) if "from" in row}


def joined(lesson: Lesson, ids: Iterable[str]) -> Seats:
    seats = [lesson.people.members[id].seat for id in ids]
    return Seats(room=seats.count(Seat.room), remote=seats.count(Seat.remote))


def presence(lesson: Lesson, changes: Changes, began: int, until: int, ledger: Ledger) -> Presence:
    step, points = changes.points(began, until)
    came = students(lesson)
    return Presence(
        step=step,
        room=[room for room, _ in points],
        remote=[remote for _, remote in points],
        most=changes.most(),
        joined=joined(lesson, came),
        late=sum(row["from"] > began + LATE for row in came.values()),
        proven=sum("proven" in row for row in came.values()),
        source=ledger.of(*PRESENCE, "attendance.proved", "attendance.vouched"),
    )


def here(lesson: Lesson) -> frozenset[str]:
    """The students who are here now."""
    return frozenset(
        m.id for m in lesson.people.members.values() if m.here and not m.removed and m.role is Role.student
    )
