"""Glass to glass: what a camera and a microphone take, and when the eye and the ear elsewhere get it, in real browsers.

    python -m bench.media.glass [--seconds 20] [--loss 0 1 5]

One Chromium sends a picture that carries its own time and a beep at each whole second; another watches. Measured too:
the first picture of who comes, seeking in the running lesson, the seam when a rewind has caught up, and, as root, a
line that loses packets both ways at 40 ms round trip. Latencies say something only while the machine is quiet."""

from __future__ import annotations

import argparse
import contextlib
import itertools
import stat
import sys
import tempfile
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page, Playwright, sync_playwright

from bench.machine import about, at, table
from bench.media.cable import FAR_NS, NEAR_IP, NEAR_NS, cable, within
from tests.classroom.people import CHROMIUM, FLAGS, words
from tests.server import Server

HERE = Path(__file__).parent
SENDER, VIEWER = (HERE / "sender.js").read_text(), (HERE / "viewer.js").read_text()
WORDS = words("en")
SETTLED_MS = 12_000
RTT_MS = 40
NEW_LESSON = """async () => {
  const form = new FormData();
  form.set('title', 'Glass');
  return (await fetch('/api/teach/lessons', { method: 'POST', body: form })).json();
}"""
PRESS = """button => {
  Object.assign(__noted, { before: __noted.frames.at(-1), pressed: performance.timeOrigin + performance.now() });
  button.click();
}"""
# The last picture does not follow the one before the press.
ARRIVED = """() => {
  const [[seen, shows], [then, showed]] = [__noted.frames.at(-1), __noted.before];
  return Math.abs(shows - showed - (seen - then)) > 5000;
}"""
LARGE = "() => [...document.querySelectorAll('.watch canvas')].some(one => one.width > 320)"
Noted = dict[str, Any]


def run(seconds: int = 20, losses: Sequence[int] = (1, 5)) -> None:
    with sync_playwright() as play, tempfile.TemporaryDirectory(prefix="mingtang-glass-") as folder:
        with _served(Path(folder) / "near") as server:
            _near(play, server, seconds)
        for loss in losses:
            _far(play, Path(folder) / f"loss{loss}", loss, seconds)


@contextlib.contextmanager
def _served(folder: Path, **more: Any) -> Iterator[Server]:
    folder.mkdir(exist_ok=True)
    server = Server(folder / "data", **more).start()
    try:
        yield server
    finally:
        server.stop()


@contextlib.contextmanager
def _browser(play: Playwright, folder: Path, server: Server, prefix: tuple[str, ...] = ()) -> Iterator[Browser]:
    """Within `prefix`; the server's address counts as secure, as it would with a certificate."""
    program = folder / "chromium"
    program.write_text(f'#!/bin/sh\nexec {" ".join(prefix)} {CHROMIUM} "$@"\n')
    program.chmod(program.stat().st_mode | stat.S_IXUSR)
    flags = [*FLAGS, "--use-fake-ui-for-media-stream", f"--unsafely-treat-insecure-origin-as-secure={server.url}"]
    browser = play.chromium.launch(executable_path=program, args=flags)
    try:
        yield browser
    finally:
        browser.close()


def _send(browser: Browser, server: Server) -> tuple[Page, str]:
    """The teacher's page with microphone and camera on, recorded; the lesson's code."""
    page = browser.new_page()
    page.add_init_script(SENDER)
    page.goto(server.teacher_link())
    lesson = page.evaluate(NEW_LESSON)  # by the page: it is where the server can be reached from
    page.goto(f"{server.url}/teach/{lesson['id']}#board")
    page.wait_for_function("() => document.querySelector('.stage .slide') !== null")
    page.keyboard.press("s")
    page.get_by_role("button", name=WORDS["media.record"], exact=True).first.click()
    page.get_by_role("button", name=WORDS["media.enter_staff"]).first.click()
    page.get_by_role("button", name=WORDS["send.microphone_on"]).first.click()
    page.locator(".check").get_by_role("button", name=WORDS["send.check_go"]).click()
    page.get_by_role("button", name=WORDS["send.camera_on"]).first.click()
    page.get_by_text(WORDS["send.heard"]).wait_for()
    return page, str(lesson["code"])


def _watch(browser: Browser, server: Server, code: str) -> Page:
    page = browser.new_page()
    page.add_init_script(VIEWER)
    page.goto(f"{server.url}/j/{code}")
    page.locator("input[autocomplete=name]").fill("Mei")
    page.locator("input[type=radio][value=remote]").check(force=True)
    page.locator("form button").last.click()
    page.wait_for_function("() => __noted.frames.length > 2 && __noted.beeps.length > 0", timeout=60_000)
    page.get_by_role("button", name=WORDS["watch.speaker"], exact=True).click()  # a tile has the small picture
    page.wait_for_function(LARGE)
    return page


def _note(page: Page, ms: int) -> Noted:
    """What is seen and heard in so many ms."""
    page.evaluate("Object.assign(__noted, { frames: [], beeps: [], gap: 0 })")
    page.wait_for_timeout(ms)
    noted: Noted = page.evaluate("__noted")
    return noted


def _near(play: Playwright, server: Server, seconds: int) -> None:
    folder = server.data.parent
    with _browser(play, folder, server) as sending, _browser(play, folder, server) as watching:
        _, code = _send(sending, server)
        page = _watch(watching, server, code)
        page.wait_for_timeout(SETTLED_MS)
        noted = _note(page, seconds * 1000)
        table("Glass to glass on one machine", ["", "p50", "p95", "goal"], [*_latencies(noted), *_skew(noted)])
        rewound = [*_first(page), *_seeks(page), *_seam(page)]
        table("Coming, going back, coming home", ["", "p50", "p95", "goal"], rewound)


def _latencies(noted: Noted) -> list[list[object]]:
    frames = [seen - shows for seen, shows in noted["frames"]]
    beeps = [_after_second(beep) for beep in noted["beeps"]]
    return [
        ["picture, ms", *_two(frames), "≤ 60, ≤ 150"],
        ["sound, ms", *_two(beeps), "≤ 100, ≤ 180"],
        ["pictures a second", f"{len(frames) / max(1, len(beeps)):.0f}", "", ""],
    ]


def _after_second(ms: float) -> float:
    return ms % 1000 if ms % 1000 < 800 else ms % 1000 - 1000


def _skew(noted: Noted) -> list[list[object]]:
    """At each beep: how late it is against the pictures around it."""
    skews = []
    for beep in noted["beeps"]:
        around = [seen - shows for seen, shows in noted["frames"] if abs(seen - beep) < 200]
        if around:
            skews.append(_after_second(beep) - at(around, 0.5))
    return [
        ["sound against picture, ms", *_two([abs(skew) for skew in skews]), "≤ 60"],
        ["sound behind the picture, ms (negative: before it)", *_two(skews), ""],
    ]


def _two(values: Sequence[float]) -> tuple[str, str]:
    return (f"{at(values, 0.5):.0f}", f"{at(values, 0.95):.0f}") if values else ("-", "-")


def _first(page: Page, times: int = 8) -> list[list[object]]:
    """From opening the media socket to the first picture, reloading each time."""
    took = []
    for _ in range(times):
        page.reload()
        page.wait_for_function("() => __noted.frames.length > 0")
        noted = page.evaluate("__noted")
        took.append(noted["frames"][0][0] - noted["lines"][0])
    page.mouse.click(5, 5)  # the browser lets sound play after a touch
    page.wait_for_function("() => __noted.beeps.length > 1")
    return [["first picture, ms", *_two(took), "≤ 150, ≤ 400"]]


def _seeks(page: Page, times: int = 6) -> list[list[object]]:
    """From the press to a picture of the moment that was asked for."""
    page.get_by_role("button", name=WORDS["replay.ten"]).first.click()
    page.locator(".transport").wait_for()
    page.wait_for_timeout(3000)
    took = []
    for n in range(times):
        name = WORDS["replay.ten_back" if n % 2 == 0 else "replay.ten_forth"]
        page.get_by_role("button", name=name).first.evaluate(PRESS)
        page.wait_for_function(ARRIVED)
        took.append(page.evaluate("__noted.frames.at(-1)[0] - __noted.pressed"))
        page.wait_for_timeout(1500)
    return [["seeking ten seconds, ms", *_two(took), "≤ 200, ≤ 600"]]


def _seam(page: Page) -> list[list[object]]:
    """From a rewind at 1.5 times to live: how far the picture leaps."""
    page.locator(".transport select").select_option("1.5")
    page.evaluate("Object.assign(__noted, { frames: [], beeps: [], gap: 0 })")
    page.locator(".transport").wait_for(state="detached", timeout=120_000)
    page.wait_for_timeout(12_000)
    noted = page.evaluate("__noted")
    return [["leap at the seam, picture, ms", f"{_leap(noted['frames']):.0f}", "", "≤ 100"],
            ["leap at the seam, sound, ms", f"{_leap_of_beeps(noted['beeps']):.0f}", "", "≤ 100"],
            ["longest silence there, ms", f"{noted['gap']:.0f}", "", "≤ 100"]]  # fmt: skip


def _leap(frames: list[list[float]]) -> float:
    """The most by which a picture is further on, or further back, than any speed from 1 to 1.5 explains."""
    most = 0.0
    for before, after in itertools.pairwise(frames):
        seen, shows = after[0] - before[0], after[1] - before[1]
        most = max(most, shows - 1.6 * seen - 50, -shows)
    return most


def _leap_of_beeps(beeps: list[float]) -> float:
    """Each beep is a second of the lesson after the one before, heard in 1000/1.5 to 1000 ms."""
    apart = [after - before for before, after in itertools.pairwise(beeps)]
    return max((max(one - 1020, 1000 / 1.55 - one, 0.0) for one in apart), default=0.0)


def _far(play: Playwright, folder: Path, loss: int, seconds: int) -> None:
    """The viewer at the other end of a cable that loses packets."""
    with (
        cable(RTT_MS / 2, loss) as joined,
        _served(folder, host=NEAR_IP, within=within(NEAR_NS)) as server,
        _browser(play, folder, server, within(NEAR_NS)) as sending,
        _browser(play, folder, server, within(FAR_NS)) as watching,
    ):
        _, code = _send(sending, server)
        page = _watch(watching, server, code)
        page.wait_for_timeout(2 * SETTLED_MS)
        noted = _note(page, max(seconds, 30) * 1000)
        title = f"{loss} % of packets lost each way, {RTT_MS} ms round trip ({joined.lost} of {joined.carried})"
    rows = [*_latencies(noted)[:2], *_skew(noted), ["longest silence, ms", f"{noted['gap']:.0f}", "", "≤ 200"]]
    table(title, ["", "p50", "p95", "goal"], rows)


def main() -> int:
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--seconds", type=int, default=20)
    asked.add_argument("--loss", type=int, nargs="*", default=[1, 5])
    given = asked.parse_args()
    print(f"{date.today():%d %B %Y}, {about()}", flush=True)
    run(given.seconds, given.loss)
    return 0


if __name__ == "__main__":
    sys.exit(main())
