"""One media socket of a member, seen from the relay: what he may send, how much of it, and what he watches."""

from __future__ import annotations

from collections import deque

from mingtang import metrics
from mingtang.live.budget import Budget
from mingtang.live.media.objects import Head, Kind
from mingtang.live.media.viewer import Port, Viewer

PICTURES_PER_S, PICTURES_AT_ONCE = 750_000, 1_500_000  # bytes: 6 Mbit/s
SOUND_PER_S, SOUND_AT_ONCE = 64_000, 128_000
DENIED_PER_S, DENIED_AT_ONCE = 10, 250  # who was muted a moment ago still sends for a moment
MOST_STRIKES = 20


class Line:
    """`may` keeps what the lesson says of his tracks until it is asked again; `asked` is the whole of what he wants to
    see, allowed or not."""

    def __init__(self, port: Port, member: str, now: float) -> None:
        self.port, self.member, self.heard = port, member, now
        self.viewer = Viewer(port)
        self.may: dict[int, int | None] = {}
        self.asked: dict[int, int] = {}
        self.questions = Budget(5, 20)
        self._pictures = Budget(PICTURES_PER_S, PICTURES_AT_ONCE)
        self._sound = Budget(SOUND_PER_S, SOUND_AT_ONCE)
        self._denied = Budget(DENIED_PER_S, DENIED_AT_ONCE)
        self._broken: set[int] = set()  # tracks of which an object was left out: nothing decodes up to the next key
        self._strikes = 0
        self.sent: deque[int] = deque(maxlen=16)

    def affords(self, head: Head, size: int, now: float) -> bool:
        """Within his share. What is over it is dropped, pictures up to the next key."""
        if head.kind is Kind.sound:
            return self._sound.take(now, size)
        if head.track in self._broken and not head.key and head.kind is Kind.picture:
            return False
        if self._pictures.take(now, size):
            if head.key:
                self._broken.discard(head.track)
            return True
        self._broken.add(head.track)
        return False

    def deny(self, why: str, now: float) -> None:
        metrics.media_dropped.labels(why).inc()
        if not self._denied.take(now):
            self.port.close(4403, "not_allowed")

    def strike(self) -> None:
        metrics.media_dropped.labels("nonsense").inc()
        self._strikes += 1
        if self._strikes >= MOST_STRIKES:
            self.port.close(4400, "nonsense")
