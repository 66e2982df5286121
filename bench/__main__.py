"""`make bench`: every figure, one table after another. `make bench-quick`: smaller sizes, a few minutes."""

from __future__ import annotations

import subprocess
import sys
from datetime import date

from bench import after, bank, decks, live, long, nodes, phone, storm, students
from bench.machine import ROOT, about


def main(quick: bool) -> None:
    print(f"{date.today():%d %B %Y}, {about()}", flush=True)
    if quick:
        live.run(1000, 1)
        storm.run(1000)
        students.run(300)
        after.run(10_000)
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
        nodes.run()
    print("\nWhat a page loads before the first tap\n", flush=True)
    subprocess.run([sys.executable, str(ROOT / "bench" / "bytes.py")], check=False)


if __name__ == "__main__":
    main("--quick" in sys.argv)
