"""When the hour was. A lesson may be opened the evening before and ended the morning after: the hour is the busiest
stretch of the log without a pause of three hours, from the first student's coming to its end."""

from __future__ import annotations

from msgspec import Struct

PAUSE = 3 * 3600 * 1000


class Stretch(Struct):
    """`began` when the first student was here, 0 while none was."""

    first: int
    last: int
    events: int = 0
    began: int = 0


class Hours(Struct):
    stretches: list[Stretch] = []

    def take(self, at: int, somebody: bool) -> None:
        """`somebody`: a student is here after what happened at `at`."""
        if not self.stretches or at - self.stretches[-1].last >= PAUSE:
            self.stretches.append(Stretch(at, at))
        now = self.stretches[-1]
        now.last, now.events = max(now.last, at), now.events + 1
        if somebody and not now.began:
            now.began = at

    def hour(self) -> tuple[int, int]:
        """From when to when; of two as busy the later."""
        if not self.stretches:
            return 0, 0
        busiest = max(reversed(self.stretches), key=lambda one: one.events)
        return busiest.began or busiest.first, busiest.last
