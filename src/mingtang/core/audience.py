"""Which students are here, and which of them have answered: for activities that count answers against people while they
fold. Holds no names; People holds those, for views."""

from __future__ import annotations

from msgspec import Struct, field

from mingtang.core.event import Event
from mingtang.core.frame import (
    MemberCame,
    MemberJoined,
    MemberPromoted,
    MemberReadmitted,
    MemberRemoved,
    MemberSeated,
    MemberWent,
)
from mingtang.core.member import Role, Seat

PRESENCE: tuple[type[Event], ...] = (
    MemberJoined,
    MemberSeated,
    MemberPromoted,
    MemberRemoved,
    MemberReadmitted,
    MemberCame,
    MemberWent,
)


def by_seat() -> dict[Seat, int]:
    return {Seat.room: 0, Seat.remote: 0}


class Audience(Struct):
    """Fold the events of PRESENCE; `count` is of students here, by seat. Who was removed is no student meanwhile."""

    seats: dict[str, Seat] = field(default_factory=dict)
    students: set[str] = field(default_factory=set)
    removed: set[str] = field(default_factory=set)
    here: set[str] = field(default_factory=set)
    count: dict[Seat, int] = field(default_factory=by_seat)

    def place(self, member: str) -> Seat | None:
        """Where a student is now; None for one who is not here, and for everybody who is no student."""
        return self.seats[member] if member in self.here and self.is_student(member) else None

    def is_student(self, member: str) -> bool:
        return member in self.students and member not in self.removed

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
            case MemberWent():
                self.here.discard(member)
            case MemberRemoved():
                self.here.discard(member)
                self.removed.add(member)
            case MemberReadmitted():
                self.removed.discard(member)

    def _role(self, member: str, role: Role) -> None:
        if role is Role.student:
            self.students.add(member)
        else:
            self.students.discard(member)


class Turnout(Struct):
    """Who has answered one question. `answered` by the seat people had at their first answer; `present` of those are
    here now, by the seat they have now; `missing` had not answered when it closed."""

    seats: dict[str, Seat] = field(default_factory=dict)
    answered: dict[Seat, int] = field(default_factory=by_seat)
    present: dict[Seat, int] = field(default_factory=by_seat)
    missing: dict[Seat, int] | None = None

    @property
    def total(self) -> int:
        return len(self.seats)

    def open(self, audience: Audience) -> None:
        """From now on `moved` is to be called for every change of the audience."""
        self.present, self.missing = by_seat(), None
        for member in self.seats:
            if (place := audience.place(member)) is not None:
                self.present[place] += 1

    def close(self, audience: Audience) -> None:
        self.missing = self.waiting(audience)

    def waiting(self, audience: Audience) -> dict[Seat, int]:
        """Students here who have not answered; once it is closed, those who had not then."""
        return self.missing or {seat: n - self.present[seat] for seat, n in audience.count.items()}

    def came(self, member: str, seat: Seat, place: Seat | None) -> None:
        """A first answer, from a student whose place is `place` now."""
        self.seats[member] = seat
        self.answered[seat] += 1
        if place is not None:
            self.present[place] += 1

    def went(self, member: str, place: Seat | None) -> None:
        """An answer taken back."""
        self.answered[self.seats.pop(member)] -= 1
        if place is not None:
            self.present[place] -= 1

    def moved(self, member: str, before: Seat | None, after: Seat | None) -> None:
        if member in self.seats:
            if before is not None:
                self.present[before] -= 1
            if after is not None:
                self.present[after] += 1
