"""Lessons under faults.

python -m bench.chaos [--seeds 1000] [--from 0]     many lessons, each with its own faults
python -m bench.chaos --seed 17                     one again, with what happened in it"""

from __future__ import annotations

import argparse
import os
import sys
import time
from concurrent.futures import ProcessPoolExecutor

from bench.chaos.judge import judge
from bench.chaos.world import LESSON, play


def one(seed: int) -> tuple[int, int, list[str]]:
    """The seed, the length of its log, the promises it broke."""
    world = play(seed)
    return seed, len(world.disk.logs[LESSON]), judge(world)


def again(seed: int) -> int:
    world = play(seed)
    print(f"seed {seed}: {len(world.disk.logs[LESSON])} events; {', '.join(world.happened)}")
    broken = judge(world)
    print("\n".join(broken) or "All promises were kept.")
    return bool(broken)


def many(first: int, count: int) -> int:
    began, events, bad = time.monotonic(), 0, 0
    with ProcessPoolExecutor(os.cpu_count()) as pool:
        for seed, length, broken in pool.map(one, range(first, first + count), chunksize=5):
            events += length
            if broken:
                bad += 1
                print(f"seed {seed}: {broken[0]}{f' (and {len(broken) - 1} more)' if broken[1:] else ''}")
    print(f"{count} lessons, {events} events, {bad} with a broken promise, {time.monotonic() - began:.0f} s")
    return bool(bad)


def main() -> int:
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--seeds", type=int, default=1000)
    asked.add_argument("--from", dest="first", type=int, default=0)
    asked.add_argument("--seed", type=int)
    given = asked.parse_args()
    return many(given.first, given.seeds) if given.seed is None else again(given.seed)


if __name__ == "__main__":
    if os.environ.get("PYTHONHASHSEED") != "0":  # sets of words have another order in every process, otherwise
        os.execve(
            sys.executable, [sys.executable, "-m", "bench.chaos", *sys.argv[1:]], {**os.environ, "PYTHONHASHSEED": "0"}
        )
    sys.exit(main())
