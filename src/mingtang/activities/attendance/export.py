"""Attendance as rows of text for a spreadsheet: one per student, students who were sent out included."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from mingtang.activities.attendance.rules import State
from mingtang.core.member import People

HEAD = ("Name", "Seat", "Proven in the room", "Checks passed", "Checks", "First here", "Last here", "Minutes here")
# A spreadsheet takes a cell that begins so for a formula and would run it; the wide forms are read as the narrow ones.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def utc(at: int) -> str:
    """`2026-03-04 05:06:07Z` for ms since 1970, without a calendar's library (days to date: Howard Hinnant's)."""
    days, seconds = divmod(at // 1000, 86_400)
    era, of_era = divmod(days + 719_468, 146_097)
    year = (of_era - of_era // 1460 + of_era // 36_524 - of_era // 146_096) // 365
    of_year = of_era - (365 * year + year // 4 - year // 100)
    month = (5 * of_year + 2) // 153
    day = of_year - (153 * month + 2) // 5 + 1
    month = month + 3 if month < 10 else month - 9
    year += era * 400 + (month <= 2)
    return f"{year:04}-{month:02}-{day:02} {seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}Z"


def rows(
    state: State, people: People, until: int, head: Sequence[str] = HEAD, clock: Callable[[int], str] = utc
) -> list[list[str]]:
    """The head, then the students by name. `until` (ms UTC) ends what is still running: now, or the lesson's end."""
    until = min(until, state.ended) if state.ended else until
    lines = [_row(people.name(id) or row["name"], row, state.check, until, clock) for id, row in state.rows.items()]
    lines.sort(key=lambda line: (line[0].casefold(), line))
    return [list(head), *([safe(cell) for cell in line] for line in lines)]


def _row(name: str, row: dict[str, Any], checks: int, until: int, clock: Callable[[int], str]) -> list[str]:
    last = until if "since" in row else row.get("to")
    return [
        name,
        str(row["seat"]),
        clock(row["proven"]) if "proven" in row else "",
        str(row.get("checks", 0)),
        str(checks),
        clock(row["from"]) if "from" in row else "",
        clock(last) if last is not None else "",
        str(minutes(row, until)),
    ]


def minutes(row: dict[str, Any], until: int) -> int:
    """Whole minutes present up to `until`, rounded."""
    running = max(0, until - row["since"]) if "since" in row else 0
    return int(row["present"] + running + 30_000) // 60_000


def safe(cell: str) -> str:
    """The cell as text, whatever a spreadsheet would make of it."""
    return f"'{cell}" if cell.startswith(_FORMULA) else cell
