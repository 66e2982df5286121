"""`make bench`: every figure, one table after another. `make bench-quick`: smaller sizes, a few minutes. A table that
cannot be made does not take the others with it: it is named, and in the end the run has failed.

With `--write` the tables go into docs/run/figures.md as well, with date and machine, in place of the run before."""

from __future__ import annotations

import subprocess
import sys
import time
import traceback
from collections.abc import Callable, Sequence
from datetime import date
from functools import partial

from bench import after, bank, decks, live, long, nodes, phone, soak, storm, students, video
from bench.chaos import real
from bench.machine import ROOT, about, allow_many_files, keep
from bench.media import glass, relay, store

Step = Callable[[], object]
QUICK: Sequence[Step] = (
    partial(live.run, 1000, 1),
    partial(storm.run, 1000),
    partial(long.run, 20_000),
    partial(students.run, 300),
    partial(after.run, 10_000),
    partial(video.run, 1),
    partial(nodes.run, 500, 1),
    partial(real.tried, people=40, kills=3),
    partial(relay.run, quick=True),
    partial(glass.run, 10, losses=()),
    partial(soak.day, lessons=5, people=6, seconds=20),
    partial(store.run, 100, 5, 4),
)
WHOLE: Sequence[Step] = (
    partial(live.run, 5000, 2, beside=True),
    partial(live.run, 10_000, 2),
    partial(storm.run, 10_000),
    partial(long.run, 100_000),
    partial(students.run, 1000),
    partial(decks.run, 60),
    partial(phone.run, 3),
    partial(after.run),
    partial(bank.run),
    partial(video.run, 3),
    partial(nodes.run),
    partial(real.tried, people=200, kills=100),
    partial(relay.run),
    partial(glass.run, 30),
    partial(soak.day, lessons=20, people=15, seconds=300),
    partial(store.run),
)


def made(step: Step) -> str:
    """Makes one table; a line that says why when it could not be made, else ""."""
    name, began = name_of(step), time.monotonic()
    failed = ""
    try:
        step()
    except (Exception, SystemExit) as error:
        traceback.print_exc()
        told = (str(error).splitlines() or [""])[0]
        failed = f"{name} failed after {time.monotonic() - began:.0f} s: {type(error).__name__}: {told}"
    print(f"[{name}: {time.monotonic() - began:.0f} s]", file=sys.stderr, flush=True)
    return failed


def name_of(step: Step) -> str:
    what = step.func if isinstance(step, partial) else step
    return f"{what.__module__}.{what.__qualname__}"


def main(quick: bool, write: bool) -> int:
    """1 when a table is missing. What is there is written after each table: a run that is broken off has its own."""
    print(f"{date.today():%d %B %Y}, {about()}", flush=True)
    allow_many_files()
    missing = []
    for step in QUICK if quick else WHOLE:
        if failed := made(step):
            print(f"\n{failed}\n", flush=True)
            missing.append(failed)
        if write:
            keep("A short run" if quick else "A whole run", missing)
    print("\nWhat a page loads before the first tap\n", flush=True)
    if subprocess.run([sys.executable, str(ROOT / "bench" / "bytes.py")], check=False).returncode:
        missing.append("bench/bytes.py failed")
    print("\n".join(["", f"{len(missing)} tables are missing:", *missing] if missing else []), flush=True)
    return 1 if missing else 0


if __name__ == "__main__":
    sys.exit(main("--quick" in sys.argv, "--write" in sys.argv))
