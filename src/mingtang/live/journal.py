"""The last patches, kept for screens that come back after a short absence (protocol B1)."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass

from mingtang.core.member import Role

MOST_FLUSHES = 400
MOST_BYTES = 4 << 20

Patches = dict[tuple[Role, str], bytes]


@dataclass(frozen=True, slots=True)
class Flush:
    """What changed between two places of the log, for every role and part that somebody looked at."""

    before: int
    after: int
    at: int
    patches: Patches

    def size(self) -> int:
        return sum(map(len, self.patches.values()))

    def of(self, role: Role, parts: Iterable[str]) -> dict[str, bytes]:
        return {p: self.patches[role, p] for p in parts if (role, p) in self.patches}


class Journal:
    def __init__(self) -> None:
        self._flushes: deque[Flush] = deque()
        self._bytes = 0
        self._anew = -1

    def begin_anew(self, seq: int) -> None:
        """The log was rewritten when it had come to `seq`: who saw it before that gets everything."""
        self._flushes.clear()
        self._bytes, self._anew = 0, seq

    def add(self, flush: Flush) -> None:
        self._flushes.append(flush)
        self._bytes += flush.size()
        while len(self._flushes) > MOST_FLUSHES or self._bytes > MOST_BYTES:
            self._bytes -= self._flushes.popleft().size()

    def since(self, seq: int, head: int) -> list[Flush] | None:
        """All flushes after `seq` up to `head`, or None when some are not held any more."""
        if seq <= self._anew:
            return None
        if seq == head:
            return []
        after = [f for f in self._flushes if f.after > seq]
        return after if after and after[0].before == seq else None
