"""`make bench`: every figure, one table after another."""

from __future__ import annotations

import subprocess
import sys

from bench import after, decks, live, nodes, phone, students
from bench.machine import ROOT


def main() -> None:
    live.run(5000, 2)
    students.run(1000)
    decks.run(60)
    phone.run(3)
    after.run()
    nodes.run()
    print("\nWhat a page loads before the first tap\n", flush=True)
    subprocess.run([sys.executable, str(ROOT / "bench" / "bytes.py")], check=False)


if __name__ == "__main__":
    main()
