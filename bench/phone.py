"""A phone on slow 4G (1.6 Mbit/s down, 0.75 up, 150 ms) in the system's Chromium: from opening the link to the
slide, the join form filled in by a machine.

    python -m bench.phone [--runs 3]"""

from __future__ import annotations

import argparse
import shutil
import time

import httpx
from playwright.sync_api import Browser, sync_playwright

from bench.machine import Served, served, table
from tools.demo_deck import deck

SLOW_4G = {"offline": False, "latency": 150, "downloadThroughput": 1.6e6 / 8, "uploadThroughput": 0.75e6 / 8}
FLAGS = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-sync"]
SLIDE = "figure.slide img"


def lesson(server: Served) -> str:
    with httpx.Client(timeout=120, headers={"Origin": server.url}) as http:
        http.get(f"{server.url}/teach", params={"key": server.key})
        made = http.post(f"{server.url}/api/teach/lessons", data={"title": "Bench"}, files={"deck": ("d.pdf", deck())})
        made.raise_for_status()
        while (
            http.get(f"{server.url}/api/teach/lessons/{made.json()['id']}/snapshot").json()["parts"]["slides"]["deck"][
                "state"
            ]
            != "ready"
        ):
            time.sleep(0.1)
        return str(made.json()["code"])


def once(browser: Browser, server: Served, code: str) -> tuple[float, float]:
    """Seconds to a form that can be filled in, and from "come in" to the slide."""
    context = browser.new_context(viewport={"width": 390, "height": 844}, device_scale_factor=2, locale="en")
    page = context.new_page()
    context.new_cdp_session(page).send("Network.emulateNetworkConditions", SLOW_4G)
    began = time.monotonic()
    page.goto(f"{server.url}/j/{code}", wait_until="commit")
    page.wait_for_selector("input[autocomplete=name]")
    form = time.monotonic() - began
    page.fill("input[autocomplete=name]", "Mei")
    sent = time.monotonic()
    page.click("button[type=submit], button.primary")
    page.wait_for_function(
        f"() => {{ const i = document.querySelector('{SLIDE}'); return i && i.complete && i.naturalWidth > 0 }}"
    )
    slide = time.monotonic() - sent
    context.close()
    return form, slide


def run(runs: int) -> None:
    chromium = shutil.which("chromium")
    if chromium is None:
        raise SystemExit("This needs Chromium: apt install chromium")
    with served() as server, sync_playwright() as play:
        code = lesson(server)
        browser = play.chromium.launch(executable_path=chromium, args=FLAGS)
        taken = [once(browser, server, code) for _ in range(runs)]
        browser.close()
    form, slide = min(taken, key=sum)
    rows = [
        ["join form on the screen", f"{form:.2f} s", ""],
        ["from “come in” to the slide", f"{slide:.2f} s", ""],
        ["both", f"{form + slide:.2f} s", "3 s"],
    ]
    table(f"A phone on slow 4G, nothing cached, best of {runs}", ["", "measured", "goal"], rows)


if __name__ == "__main__":
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--runs", type=int, default=3)
    run(asked.parse_args().runs)
