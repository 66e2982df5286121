"""The report as tables of text, for spreadsheets. Columns are named by message keys; times are UTC, lengths seconds."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple

from mingtang.activities.attendance.export import safe, utc
from mingtang.readings.report.model import Report

Cell = str | int | float | None


class Table(NamedTuple):
    """`columns` are keys `report.col_…`."""

    columns: list[str]
    rows: list[list[str]]


def table(report: Report, name: str) -> Table | None:
    """None when there is no table of this name."""
    if name not in TABLES:
        return None
    columns, rows = TABLES[name]
    return Table(
        [f"report.col_{column}" for column in columns.split()], [[_text(cell) for cell in row] for row in rows(report)]
    )


def _text(cell: Cell) -> str:
    if cell is None:
        return ""
    return safe(cell) if isinstance(cell, str) else f"{cell:g}" if isinstance(cell, float) else str(cell)


def _time(at: int | None) -> str | None:
    return None if at is None else utc(at)


def _seconds(ms: int | None) -> float | None:
    return None if ms is None else round(ms / 1000, 1)


Rows = Iterator[list[Cell]]


def _attendance(report: Report) -> Rows:
    told = report.presence
    for n, (room, remote) in enumerate(zip(told.room, told.remote, strict=True)):
        yield [n * told.step // 60_000, utc(report.began + n * told.step), room, remote, room + remote]


def _people(report: Report) -> Rows:
    for one in report.people:
        yield [
            one.name, one.seat, _time(one.came), _time(one.last), one.minutes, "x" if one.proven else "", one.answered,
            one.expected, one.right, one.right_of, one.raised, one.floor, one.asked, one.strokes,
            "x" if one.took_part else "", "x" if one.removed else "",
        ]  # fmt: skip


def _questions(report: Report) -> Rows:
    for one in report.questions:
        gains = {shift.second: shift.gain for shift in one.shifts}
        for round in one.rounds:
            first = round.n == one.rounds[0].n
            yield [
                one.step, one.text, one.form, "; ".join(one.right or []), round.n, _time(round.opened),
                _time(round.closed), round.answered.room, round.answered.remote, round.missing.room,
                round.missing.remote, round.right, round.share, gains.get(round.n),
                one.difficulty if first else None, one.discrimination if first else None,
                one.late.answered if first and one.late else None, one.late.right if first and one.late else None,
            ]  # fmt: skip


def _answers(report: Report) -> Rows:
    for one in report.questions:
        right = set(one.right or [])
        for round in one.rounds:
            for key, n in (round.counts or {}).items():
                yield [one.step, one.text, round.n, (one.options or {}).get(key, key), "x" if key in right else "", n]
            for written in round.written or []:
                yield [one.step, one.text, round.n, written.text, "", written.n]


def _moves(report: Report) -> Rows:
    for one in report.questions:
        names = one.options or {}
        for shift in one.shifts:
            for before, row in shift.moves.items():
                for after, n in row.items():
                    places: list[Cell] = [one.step, one.text, shift.first, shift.second]
                    yield [*places, names.get(before, before), names.get(after, after), n]


def _pages(report: Report) -> Rows:
    for one in report.pages:
        split = (one.seats.room, one.seats.remote) if one.seats else (None, None)
        yield [
            one.n or None, one.kind, one.title, _time(one.first), _seconds(one.shown), one.here, one.lost, *split,
            one.slower, one.faster,
        ]  # fmt: skip


def _asked(report: Report) -> Rows:
    for one in report.asked.rows:
        wait = None if one.answered is None else one.answered - one.at
        yield [
            one.step, one.text, one.name, one.wants, _time(one.at), one.stand, _time(one.answered), _seconds(wait),
            one.answer,
        ]  # fmt: skip


def _hands(report: Report) -> Rows:
    for turn in report.hands.turns:
        yield [turn.name, turn.seat, utc(turn.at), _seconds(turn.waited)]


def _seats(report: Report) -> Rows:
    for seat, one in (("room", report.parity.room), ("remote", report.parity.remote)):
        yield [
            seat, one.people, one.took_part, one.answered, one.expected, one.right, one.right_of, one.floor,
            _seconds(one.median), one.asked, one.lost,
        ]  # fmt: skip


def _active(report: Report) -> Rows:
    for what, spans in sorted(report.active.spans.items()):
        for a, b in spans:
            yield [what, utc(report.began + a), utc(report.began + b), _seconds(b - a)]


def _events(report: Report) -> Rows:
    for kind, n in sorted(report.kinds.items()):
        yield [kind, n]


TABLES: dict[str, tuple[str, Callable[[Report], Rows]]] = {
    "attendance": ("minute time room remote here", _attendance),
    "people": (
        "name seat came last minutes proven answered expected right right_of raised floor asked strokes took_part "
        "removed",
        _people,
    ),
    "questions": (
        "step question form right_answer round opened closed answered_room answered_remote missing_room "
        "missing_remote right share gain difficulty discrimination late late_right",
        _questions,
    ),
    "answers": ("step question round answer right n", _answers),
    "moves": ("step question first second before after n", _moves),
    "pages": ("step kind title first_shown seconds here lost lost_room lost_remote slower faster", _pages),
    "asked": ("step question name wants time stand answered_at wait answer", _asked),
    "hands": ("name seat time wait", _hands),
    "seats": ("seat people took_part answered expected right right_of floor wait asked lost", _seats),
    "active": ("what from to seconds", _active),
    "events": ("event n", _events),
}
