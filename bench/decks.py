"""A deck of 60 pages from the upload to the last page: when the first slide is on the stage, and when all are.

python -m bench.decks [--pages 60]"""

from __future__ import annotations

import argparse
import time

import httpx

from bench.machine import served, table
from tools.demo_deck import deck


def run(pages: int) -> None:
    pdf = deck(pages=pages)
    with served() as server, httpx.Client(timeout=120, headers={"Origin": server.url}) as http:
        http.get(f"{server.url}/teach", params={"key": server.key})
        began = time.monotonic()
        made = http.post(f"{server.url}/api/teach/lessons", data={"title": "Bench"}, files={"deck": ("deck.pdf", pdf)})
        made.raise_for_status()
        snapshot = f"{server.url}/api/teach/lessons/{made.json()['id']}/snapshot"
        first = last = 0.0
        while not last:
            slides = http.get(snapshot).json()["parts"]["slides"]
            now, drawn = time.monotonic() - began, slides.get("deck", {}).get("drawn", 0)
            first = first or (now if drawn else 0.0)
            last = now if drawn >= pages else 0.0
            time.sleep(0.05)
    rows = [["first slide on the stage", f"{first:.2f} s", "2 s"], [f"all {pages} pages", f"{last:.1f} s", "30 s"]]
    table(
        f"A PDF of {pages} pages ({len(pdf) // 1024} KB), server and drawing on one core",
        ["", "measured", "goal"],
        rows,
    )


if __name__ == "__main__":
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--pages", type=int, default=60)
    run(asked.parse_args().pages)
