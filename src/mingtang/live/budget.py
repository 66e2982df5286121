"""How much one member may ask for: so many at once, so many a second (protocol D5)."""

from __future__ import annotations


class Budget:
    """A bucket of `burst` tokens that fills by `rate` a second."""

    __slots__ = ("_at", "_left", "burst", "rate")

    def __init__(self, rate: float, burst: float) -> None:
        self.rate, self.burst = rate, burst
        self._left, self._at = burst, 0.0

    def take(self, now: float, cost: float = 1) -> bool:
        self._left = min(self.burst, self._left + (now - self._at) * self.rate)
        self._at = now
        if self._left < cost:
            return False
        self._left -= cost
        return True
