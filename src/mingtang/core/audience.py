"""Which students are here, as member events tell it: for activities that count answers against people in their fold.

Holds no names; People holds those, for views."""

from __future__ import annotations

from collections.abc import Iterable

from msgspec import Struct, field

from mingtang.core.event import Event
from mingtang.core.frame import MemberCame, MemberJoined, MemberPromoted, MemberRemoved, MemberSeated, MemberWent
from mingtang.core.member import Role, Seat

PRESENCE: tuple[type[Event], ...] = (
    MemberJoined,
    MemberSeated,
    MemberPromoted,
    MemberRemoved,
    MemberCame,
    MemberWent,
)


def by_seat() -> dict[Seat, int]:
    return {Seat.room: 0, Seat.remote: 0}


class Audience(Struct):
    """Fold the events of PRESENCE; `count` is of students here, by seat."""

    seats: dict[str, Seat] = field(default_factory=dict)
    students: set[str] = field(default_factory=set)
    here: set[str] = field(default_factory=set)
    count: dict[Seat, int] = field(default_factory=by_seat)

    def place(self, member: str) -> Seat | None:
        """Where a student is now; None for one who is not here, and for everybody who is no student."""
        return self.seats[member] if member in self.here and member in self.students else None

    def fold(self, event: Event) -> tuple[str, Seat | None, Seat | None]:
        """Whom the event is about, his place before and after."""
        member = str(getattr(event, "id", ""))
        before = self.place(member)
        self._take(event, member)
        after = self.place(member)
        if before is not None:
            self.count[before] -= 1
        if after is not None:
            self.count[after] += 1
        return member, before, after

    def _take(self, event: Event, member: str) -> None:
        match event:
            case MemberJoined() if member not in self.seats:
                self.seats[member] = event.seat
                self._role(member, event.role)
            case MemberSeated() if member in self.seats:
                self.seats[member] = event.seat
            case MemberPromoted() if member in self.seats:
                self._role(member, event.role)
            case MemberCame() if member in self.seats:
                self.here.add(member)
            case MemberWent() | MemberRemoved():
                self.here.discard(member)

    def _role(self, member: str, role: Role) -> None:
        if role is Role.student:
            self.students.add(member)
        else:
            self.students.discard(member)

    def among(self, members: Iterable[str]) -> dict[Seat, int]:
        """How many of these are here now, by seat."""
        counted = by_seat()
        for member in members:
            if (place := self.place(member)) is not None:
                counted[place] += 1
        return counted
