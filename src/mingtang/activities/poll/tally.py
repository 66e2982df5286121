"""One round of a poll counted: every figure is kept while votes come, so a vote costs the same at 10 and at 10 000."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from msgspec import Struct, field

from mingtang.activities.poll.histogram import Histogram
from mingtang.core.audience import Turnout


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
    """`opened` and `closed` in ms (0: not yet), `until` a hint."""

    opened: int
    closed: int = 0
    until: int = 0
    turnout: Turnout = field(default_factory=Turnout)
    ranking: Ranking = field(default_factory=Ranking)
    histogram: Histogram = field(default_factory=Histogram)
    right: int = 0
    # What the teacher's list of entries shows, by entry id; a row is replaced, never changed.
    rows: dict[str, dict[str, Any]] = field(default_factory=dict)

    def clear(self) -> None:
        """Forgets what was counted; who answered stays."""
        self.ranking, self.right, self.rows = Ranking(), 0, {}
        self.histogram = Histogram()
