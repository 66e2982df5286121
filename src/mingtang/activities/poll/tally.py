"""One round of a poll counted: every figure is kept while votes come, so a vote costs the same at 10 and at 10 000."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from msgspec import Struct, field

from mingtang.activities.poll.histogram import Histogram
from mingtang.core.audience import by_seat
from mingtang.core.member import Seat


class Ranking(Struct):
    """Counts by key, and the keys by count: the first few are found without looking at all."""

    counts: dict[str, int] = field(default_factory=dict)
    by_count: dict[int, dict[str, None]] = field(default_factory=dict)

    def add(self, key: str, by: int) -> int:
        old = self.counts.get(key, 0)
        new = old + by
        if old:
            level = self.by_count[old]
            del level[key]
            if not level:
                del self.by_count[old]
        if new:
            self.counts[key] = new
            self.by_count.setdefault(new, {})[key] = None
        else:
            self.counts.pop(key, None)
        return new

    def top(self, most: int, hidden: Iterable[str] = ()) -> list[str]:
        """At most `most` keys, highest first; of equals the one that reached its count first."""
        left_out, first = frozenset(hidden), []
        for count in sorted(self.by_count, reverse=True):
            for key in self.by_count[count]:
                if key not in left_out:
                    first.append(key)
                    if len(first) == most:
                        return first
        return first


class Round(Struct):
    """`opened` and `closed` in ms (0: not yet). `answered` by the seat people had when they first answered;
    `present` of those are here now, by the seat they have now; `missing` had not answered when it closed."""

    opened: int
    closed: int = 0
    until: int = 0
    answered: dict[Seat, int] = field(default_factory=by_seat)
    present: dict[Seat, int] = field(default_factory=by_seat)
    missing: dict[Seat, int] = field(default_factory=by_seat)
    seats: dict[str, Seat] = field(default_factory=dict)
    ranking: Ranking = field(default_factory=Ranking)
    histogram: Histogram = field(default_factory=Histogram)
    right: int = 0
    # What the teacher's list of entries shows, by entry id; a row is replaced, never changed.
    rows: dict[str, dict[str, Any]] = field(default_factory=dict)

    @property
    def total(self) -> int:
        return len(self.seats)

    def came(self, member: str, seat: Seat, place: Seat | None) -> None:
        """A first answer."""
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
        """A member's place has changed: seat, or coming and going."""
        if member not in self.seats:
            return
        if before is not None:
            self.present[before] -= 1
        if after is not None:
            self.present[after] += 1

    def clear(self) -> None:
        """Forgets what was counted; who answered stays."""
        self.ranking, self.right, self.rows = Ranking(), 0, {}
        self.histogram = Histogram()
