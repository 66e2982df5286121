"""python -m bench.school --data FOLDER [--lessons 1] [--students 300] [--events 100000] [--slides 60] [--seed 1]

Adds lessons to a data folder that no server is using; then `mingtang serve --data FOLDER` shows them."""

from __future__ import annotations

import argparse
import time
from pathlib import Path

from bench.school import folder

if __name__ == "__main__":
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--data", type=Path, required=True)
    asked.add_argument("--lessons", type=int, default=1)
    asked.add_argument("--students", type=int, default=300)
    asked.add_argument("--events", type=int, default=100_000, help="events of each; 0 for what happens by itself")
    asked.add_argument("--slides", type=int, default=60)
    asked.add_argument("--seed", type=int, default=1)
    asked.add_argument("--running", action="store_true", help="leave the lessons running")
    given = asked.parse_args()
    began = time.monotonic()
    ids = folder.run(
        given.data, given.lessons, given.students, given.events, given.slides, given.seed, not given.running
    )
    print("\n".join(ids))
    print(f"{len(ids)} lessons of {given.events or 'as many as came'} events in {time.monotonic() - began:.1f} s")
