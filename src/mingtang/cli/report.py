"""`mingtang report`: a lesson's report computed again from its log or its file, as a few lines or as JSON."""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

import msgspec

from mingtang.activities import kinds
from mingtang.cli.log import rows_of
from mingtang.cli.terminal import out, text
from mingtang.core.event import Row
from mingtang.core.upcast import Unreadable
from mingtang.readings.lessonfile.layout import EVENTS, BadFile
from mingtang.readings.lessonfile.opening import rows_of as of_file
from mingtang.readings.lessonfile.opening import unpack
from mingtang.readings.report import Report, report_of, to_json
from mingtang.settings import Settings
from mingtang.web.trouble import Trouble

MOST_PAGES = 3


def run(given: argparse.Namespace, settings: Settings) -> int:
    file = Path(given.lesson)
    rows = _rows_in(file, settings) if file.is_file() else rows_of(settings, given.lesson)
    head = rows[-1].seq
    at = head if given.at is None else given.at
    if not 0 < at <= head:
        raise Trouble("no-such-place", at=at, head=head)
    try:
        report = report_of(kinds().fact(row) for row in rows[:at])
    except (Unreadable, msgspec.MsgspecError) as error:
        raise Trouble("log-unusable", reason=str(error)) from error
    if given.json:
        sys.stdout.buffer.write(to_json(report))
        sys.stdout.buffer.flush()
    else:
        _tell(report)
    return 0


def _rows_in(file: Path, settings: Settings) -> list[Row]:
    """Of a lesson file, checked as if it were to be taken in."""
    with tempfile.TemporaryDirectory() as folder:
        try:
            unpack(file, Path(folder), settings.max_lesson_mb * 1_000_000)
            return list(of_file(Path(folder) / EVENTS))
        except BadFile as bad:
            raise Trouble(bad.code, **bad.params) from bad
        except OSError as error:
            raise Trouble("no-such-file", file=str(file)) from error


def _tell(report: Report) -> None:
    head, presence, hands = report.headline, report.presence, report.hands
    hour = "summary.hour" if report.ended else "summary.hour_so_far"
    out(text(hour, title=report.title, minutes=(report.until - report.began) // 60_000, events=report.events))
    seats = {"room": presence.joined.room, "remote": presence.joined.remote}
    out(text("summary.people", people=head.people, late=presence.late, took_part=head.took_part, **seats))
    answers = {"answered": head.answered, "expected": head.expected}
    out(text("summary.answers", first=_percent(head.first), last=_percent(head.last), **answers))
    waits = {"room": _wait(hands.room.median), "remote": _wait(hands.remote.median)}
    out(text("summary.hands", taken=hands.room.taken + hands.remote.taken, **waits))
    out(text("summary.asked", asked=head.asked, open=head.open))
    out(text("summary.active", share=_percent(report.active.share)))
    lost = sorted((page for page in report.pages if page.lost), key=lambda page: (-page.lost, page.n))[:MOST_PAGES]
    if lost:
        out(text("summary.lost", pages=", ".join(f"{page.n or page.title} ({page.lost})" for page in lost)))
    out(text("summary.digest", events=report.events, digest=report.digest))


def _percent(share: float | None) -> str:
    return "–" if share is None else f"{round(share * 100)} %"


def _wait(ms: int | None) -> str:
    return "–" if ms is None else f"{ms // 60_000}:{ms // 1000 % 60:02}"
