"""`make bench`: every figure, one table after another. `make bench-quick`: smaller sizes, a few minutes.

With `--write` the tables go into docs/run/figures.md as well, with date and machine, in place of the run before."""

from __future__ import annotations

import subprocess
import sys
from datetime import date

from bench import after, bank, decks, live, long, nodes, phone, soak, storm, students, video
from bench.chaos import real
from bench.machine import ROOT, about, allow_many_files, keep
from bench.media import glass, relay, store


def main(quick: bool, write: bool) -> None:
    print(f"{date.today():%d %B %Y}, {about()}", flush=True)
    allow_many_files()
    if quick:
        live.run(1000, 1)
        storm.run(1000)
        long.run(20_000)
        students.run(300)
        after.run(10_000)
        video.run(1)
        nodes.run(500, 1)
        real.tried(people=40, kills=3)
        relay.run(quick=True)
        glass.run(10, losses=())
        soak.day(lessons=5, people=6, seconds=20)
        store.run(100, 5, 4)
    else:
        live.run(5000, 2, beside=True)
        live.run(10_000, 2)
        storm.run(10_000)
        long.run(100_000)
        students.run(1000)
        decks.run(60)
        phone.run(3)
        after.run()
        bank.run()
        video.run(3)
        nodes.run()
        real.tried(people=200, kills=100)
        relay.run()
        glass.run(30)
        soak.day(lessons=20, people=15, seconds=300)
        store.run()
    if write:
        keep("A short run" if quick else "A whole run")
    print("\nWhat a page loads before the first tap\n", flush=True)
    subprocess.run([sys.executable, str(ROOT / "bench" / "bytes.py")], check=False)


if __name__ == "__main__":
    main("--quick" in sys.argv, "--write" in sys.argv)
