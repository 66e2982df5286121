"""One connected screen of one member: what it wants to see, and whether it can follow."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol

from mingtang.core.member import Member, Role

NEVER = 1 << 62


class Port(Protocol):
    """The bytes' way to the other side: a WebSocket connection, or a test's list."""

    write: Callable[[bytes], None]

    def close(self, code: int, reason: str) -> None:
        """Says farewell and closes when all is sent."""

    def abort(self) -> None:
        """Cuts the connection now, whatever is unsent."""


class Screen:
    """`from_flush` is the first flush it may receive: NEVER while it has no hello, cannot follow, or is gone; `upto` is
    the place of the log that what was written to it is true for."""

    __slots__ = (
        "audience", "behind_since", "from_flush", "gone", "heard", "member", "no", "port", "role", "strikes", "upto",
        "wants", "write",
    )  # fmt: skip

    def __init__(self, port: Port, member: Member, no: int, now: float) -> None:
        self.port, self.write = port, port.write
        self.member, self.role, self.no = member.id, Role(member.role), no
        self.wants: frozenset[str] = frozenset()
        self.audience: Any = None  # the hub's: who gets the same bytes
        self.from_flush = NEVER
        self.upto = 0
        self.behind_since: float | None = None
        self.heard = now
        self.strikes = 0
        self.gone = False

    def send(self, data: bytes) -> None:
        """An answer to this screen alone; one that does not read gets none, and asks again after its next hello."""
        if not self.gone and self.behind_since is None:
            self.write(data)
