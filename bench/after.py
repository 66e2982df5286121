"""After the hour: what is made of a lesson of ninety minutes, 300 students and 100 000 events, in one table.

    python -m bench.after [--events 100000] [--only report]

Each part gets a copy of one data folder, in which the lesson is in its last minute, and gives rows of what was measured
beside the goal. Server and what it starts share one core."""

from __future__ import annotations

import argparse
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path

from bench import found, keeping, replay, report
from bench.machine import table
from bench.school import folder

Rows = list[list[str]]
# Name, and what measures it: given a data folder of its own and the lesson's id.
PARTS: dict[str, Callable[[Path, str], Rows]] = {
    "report": report.rows,
    "replay": replay.rows,
    "keeping": keeping.rows,
    "search": found.rows,
}


def run(events: int = 100_000, only: str = "") -> None:
    rows: Rows = []
    with tempfile.TemporaryDirectory(prefix="mingtang-after-") as work:
        held = Path(work) / "held"
        lesson = folder.run(held, lessons=1, students=300, events=events, slides=60, seed=1, ended=False)[0]
        for name, measure in PARTS.items():
            if only in ("", name):
                copy = Path(shutil.copytree(held, Path(work) / name))
                rows += measure(copy, lesson)
                shutil.rmtree(copy)
    table(
        f"After the hour: a lesson of 300 students, 60 slides and {events} events, one core",
        ["", "measured", "goal"],
        rows,
    )


if __name__ == "__main__":
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--events", type=int, default=100_000)
    asked.add_argument("--only", default="", choices=["", *PARTS])
    given = asked.parse_args()
    run(given.events, given.only)
