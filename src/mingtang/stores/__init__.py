"""Where logs lie. A store keeps rows of bytes in order and knows nothing of what they mean."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Sequence
from typing import Protocol, runtime_checkable

from mingtang.core.event import Row


class Conflict(Exception):  # noqa: N818
    """Somebody else wrote to this place of the log first. Nothing of the append was taken."""


class StoreFailed(Exception):  # noqa: N818
    """The store could not take or give rows (disk full, file gone). The message is a sentence for an operator."""


class InDoubt(StoreFailed):
    """The answer to an append was lost: its rows may have been taken. The next reading that succeeds tells for good."""


class Damaged(StoreFailed):
    """A row's checksum does not fit its bytes. The message names the lesson and the place."""


class Store(Protocol):
    """All stores pass tests/stores. Rows of one lesson are numbered 1, 2, 3 … without a gap."""

    async def append(self, lesson: str, expected: int, rows: Sequence[Row]) -> None:
        """Takes all rows right after position `expected`, durably, or none: raises Conflict or StoreFailed, or
        InDoubt when it cannot be known yet which."""

    async def read(self, lesson: str, after: int = 0, limit: int | None = None) -> list[Row]:
        """Rows with seq > `after` in order; [] for an unknown lesson. Raises Damaged or StoreFailed."""

    async def head(self, lesson: str) -> int:
        """The last seq of a lesson; 0 when it has no log."""

    async def lessons(self) -> list[str]:
        """Every lesson that has a log, by first appearance."""

    async def rewrite(self, lesson: str, rows: Sequence[Row], told: Row | None = None) -> None:
        """Puts other data in the places of these rows, and `told`, which says so, right behind the end of the log: all
        durably, or none. Raises ValueError when anything but version and data differs from what stands there, Conflict
        when the log does not end before `told`. For erasing a person; nothing else changes a log."""

    async def remove(self, lesson: str) -> None:
        """Takes a whole log away, from its end. Who stops half-way leaves a shorter log, and may begin again."""

    async def compact(self) -> None:
        """Clears the disk of what was rewritten or removed, as far as the engine can: a file by writing it anew. It may
        take long, and appends wait. Raises StoreFailed when it is to be tried again."""

    async def close(self) -> None:
        """Finishes what was begun, then lets go of files and threads. Idempotent."""


@runtime_checkable
class Telling(Protocol):
    """A store that hears what other nodes have written to it."""

    def listen(self, news: Callable[[str], None]) -> None:
        """`news` gets the ids of lessons that grew; "" when it may be any of them. For as long as the store is open."""


def is_postgres(address: str) -> bool:
    """Whether a place of logs is PostgreSQL's; else it is a file."""
    return address.startswith(("postgresql://", "postgres://"))


def envelope(row: Row) -> tuple[int, int, str, str, str]:
    """What of a row never changes."""
    return row.seq, row.at, row.by, row.cmd, row.kind


def check_order(expected: int, rows: Sequence[Row]) -> None:
    """Raises ValueError for rows that do not continue `expected`: a mistake of the caller, not a race."""
    for place, row in enumerate(rows, expected + 1):
        if row.seq != place:
            raise ValueError(f"row {row.seq} stands where {place} belongs")


def checksum(lesson: str, row: Row) -> int:
    """CRC-32 over the whole record, so that a flipped bit anywhere in it is found on reading."""
    head = f"{lesson}\0{row.seq}\0{row.at}\0{row.by}\0{row.cmd}\0{row.kind}\0{row.version}\0"
    return zlib.crc32(row.data, zlib.crc32(head.encode()))


def checked(lesson: str, row: Row, total: int) -> Row:
    """The row; raises Damaged when its checksum does not fit. A flipped bit may also make text of its bytes."""
    if not isinstance(row.data, bytes) or checksum(lesson, row) != total:
        raise Damaged(f"Record {row.seq} of lesson {lesson} is damaged: its checksum does not fit.")
    return row
