"""Photographs the three screens for the README: a real server, the demo deck, fifty-two people answering a question.

python -m tools.shots [--lang zh] [--dark] [--out FILE]. Where the font Inter is installed the pages are set in it."""

from __future__ import annotations

import argparse
import asyncio
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any

from PIL import Image, ImageDraw, ImageFilter
from playwright.async_api import Browser, Page, async_playwright

from mingtang.activities.ink.points import encode
from tools.cast import Person, console, student, teacher
from tools.demo_deck import deck, title

ROOT = Path(__file__).resolve().parents[1]
OUT = ROOT / "docs" / "pictures" / "three-screens.png"
HOST = "mt.example.edu"
ROOM, REMOTE = 38, 14
ANSWERS = {"a": 2, "b": 18, "c": 22, "d": 5}
STRAW, DUSK = (233, 230, 223), (24, 23, 22)

WORDS: dict[str, dict[str, Any]] = {
    "en": {
        "question": "Looking for 27 with h(k) = k mod 8: how many keys does the table compare?",
        "options": ["None", "One", "Three", "All four"],
        "poll": "What does one insert cost on average?",
        "costs": ["O(1)", "O(log n)", "O(n)"],
        "notes": "Give them a full minute, alone and in silence. Do not say “constant time” yet.\n\n"
        "27 mod 8 is 3. The chain in bucket 3 must be walked to its end before we may say that 27 is not there.",
        "student": "Student {n}",
        "asks": ["Why 31 and not 32?", "Does Python’s own hash do the same?", "What if all keys are equal?"],
    },
    "zh": {
        "question": "用 h(k) = k mod 8 查找 27，要和几个键比较？",
        "options": ["零个", "一个", "三个", "全部四个"],
        "poll": "插入一个键平均要多少代价？",
        "costs": ["O(1)", "O(log n)", "O(n)"],
        "notes": "给足一分钟，独立思考，不要讨论。先别提“常数时间”。\n\n"
        "27 mod 8 等于 3，要走完 3 号桶的链，才能说 27 不在。",
        "student": "同学 {n}",
        "asks": ["为什么用 31 而不是 32？", "Python 自带的哈希也这样吗？", "如果所有键都一样呢？"],
    },
}
# 27 → ? by hand, in thousandths of the page's width.
STROKES = (
    ((700, 108), (716, 88), (742, 86), (752, 104), (738, 128), (712, 152), (696, 168), (724, 164), (758, 164)),
    ((778, 92), (812, 88), (834, 88), (820, 116), (806, 144), (800, 168)),
    ((856, 130), (884, 129), (912, 127)),
    ((898, 115), (913, 127), (901, 141)),
    ((934, 104), (944, 90), (962, 88), (974, 100), (968, 118), (954, 130), (952, 144)),
    ((951, 164), (953, 166)),
)


@dataclass
class Server:
    address: str
    key: str


@contextmanager
def running(folder: Path, lang: str) -> Iterator[Server]:
    """A server of its own on a free port, whose people know it by HOST."""
    env = {**os.environ, "PYTHONPATH": str(ROOT / "src"), "MINGTANG_PUBLIC_URL": f"http://{HOST}"}
    env |= {"MINGTANG_LANGUAGE": lang, "MINGTANG_DATA": str(folder), "MINGTANG_HOST": "127.0.0.1", "MINGTANG_PORT": "0"}
    server = subprocess.Popen([sys.executable, "-m", "mingtang", "serve"], env=env, stdout=subprocess.PIPE, text=True)
    try:
        yield _started(server, folder)
    finally:
        server.terminate()
        server.wait()


def _started(server: subprocess.Popen[str], folder: Path) -> Server:
    from mingtang.web.folder import Folder

    assert server.stdout is not None
    for line in server.stdout:
        if found := re.search(r"/teach\?key=(\S+)", line):
            running_at = Folder(folder).server()
            assert running_at is not None
            return Server(f"http://127.0.0.1:{running_at['port']}", found[1])
    raise SystemExit("the server did not start")


async def teach(server: Server, lang: str, stack: AsyncExitStack) -> tuple[str, str]:
    """Plays a lesson up to the middle of a vote; gives its id and code."""
    words = WORDS[lang]
    browser = await teacher(server.address, server.key)
    stack.push_async_callback(browser.aclose)
    form = {"title": title(lang), "lang": lang, "course": "CS101"}
    made = await browser.post(
        "/api/teach/lessons", data=form, files={"deck": ("hash.pdf", deck(lang), "application/pdf")}
    )
    lesson, code = made.raise_for_status().json()["id"], made.json()["code"]
    staff = await stack.enter_async_context(await console(server.address, browser, lesson))
    await staff.until(lambda parts: parts["slides"].get("deck", {}).get("state") == "ready")
    steps = sorted(staff.parts["slides"]["steps"], key=lambda s: staff.parts["slides"]["steps"][s]["pos"])
    await _prepare(staff, steps, words)
    people = await _come_in(server, code, words, stack)
    for step in [*steps[:5], "ask"]:
        await staff.do("slides.turn", to=step)
    await staff.do("peer.ask", id="looking")
    await staff.do("peer.open", id="looking")
    await _take_part(staff, people, steps[4], words)
    return lesson, code


async def _prepare(staff: Person, steps: list[str], words: dict[str, Any]) -> None:
    question = {"text": words["question"], "options": words["options"], "right": "c"}
    await staff.do("peer.make", id="looking", question=question)
    await staff.do("slides.insert", id="ask", kind="peer", ref="looking", after=steps[4])
    poll = {"form": "single", "text": words["poll"], "options": words["costs"]}
    await staff.do("poll.make", id="cost", question=poll)
    await staff.do("slides.insert", id="cost", kind="poll", ref="cost", after=steps[6])
    await staff.do("slides.note", step="ask", text=words["notes"])


async def _come_in(server: Server, code: str, words: dict[str, Any], stack: AsyncExitStack) -> list[Person]:
    seats = [*["room"] * (ROOM - 1), *["remote"] * REMOTE]
    names = (words["student"].format(n=n) for n in range(2, ROOM + REMOTE + 1))
    joined = [await student(server.address, code, name, seat) for name, seat in zip(names, seats, strict=True)]
    return [await stack.enter_async_context(one) for one in joined]


async def _take_part(staff: Person, people: list[Person], page: str, words: dict[str, Any]) -> None:
    answers = [answer for answer, count in ANSWERS.items() for _ in range(count)]
    answers.remove("c")  # the phone in the picture gives this one
    mixed = [people[(i * 7) % len(people)] for i in range(len(people))]
    await asyncio.gather(*(one.do("peer.vote", id="looking", answer=a) for one, a in zip(mixed, answers, strict=False)))
    await asyncio.gather(*(one.do("pace.mark", page="ask", mark="lost") for one in mixed[:4]))
    for one, text in zip(mixed, words["asks"], strict=False):
        await one.do("questions.ask", text=text, page=page)
    for one in (people[-1], people[4], people[-6]):
        await one.do("hands.raise")
    for number, stroke in enumerate(STROKES):
        points = encode([(round(x * 8.192), round((y + 125) * 8.192)) for x, y in _smooth(stroke)])
        await staff.do("ink.draw", page="ask", id=f"s{number}", tool="pen", color=0, width=36, points=points)


def _smooth(points: tuple[tuple[int, int], ...], steps: int = 6) -> list[tuple[float, float]]:
    """A Catmull-Rom curve through the points, as a hand would draw."""
    ends = [points[0], *points, points[-1]]
    curve = []
    for (ax, ay), (bx, by), (cx, cy), (dx, dy) in zip(ends, ends[1:], ends[2:], ends[3:], strict=False):
        for step in range(steps):
            t = step / steps
            curve.append((_between(ax, bx, cx, dx, t), _between(ay, by, cy, dy, t)))
    return [*curve, points[-1]]


def _between(a: float, b: float, c: float, d: float, t: float) -> float:
    return 0.5 * (2 * b + (c - a) * t + (2 * a - 5 * b + 4 * c - d) * t**2 + (3 * b - a - 3 * c + d) * t**3)


@asynccontextmanager
async def opened_browser(server: Server) -> AsyncIterator[Browser]:
    chromium = next(
        (p for name in ("chromium", "chromium-browser", "google-chrome") if (p := shutil.which(name))), None
    )
    port = server.address.rpartition(":")[2]
    flags = ["--no-sandbox", f"--host-resolver-rules=MAP {HOST}:80 127.0.0.1:{port}"]
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=chromium, args=flags)
        yield browser
        await browser.close()


async def shoot(server: Server, lesson: str, code: str, lang: str, dark: bool) -> dict[str, bytes]:
    shots = {}
    async with opened_browser(server) as browser:
        wall = await _page(browser, 1920, 1080, 0.5, lang, dark)
        desk = await _page(browser, 1440, 900, 1, lang, dark)
        hand = await _page(browser, 390, 844, 1, lang, dark, mobile=True)
        await desk.goto(f"http://{HOST}/teach?key={server.key}")
        await desk.goto(f"http://{HOST}/teach/{lesson}")
        await _pair(wall, desk, lesson)
        await hand.goto(f"http://{HOST}/")
        await _post(hand, f"/api/lessons/{code}/join", {"name": WORDS[lang]["student"].format(n=1), "seat": "room"})
        await hand.goto(f"http://{HOST}/j/{code}")
        await hand.get_by_text(WORDS[lang]["options"][2], exact=True).click()
        for name, page in (("desk", desk), ("wall", wall), ("hand", hand)):
            await page.get_by_text(WORDS[lang]["options"][3]).first.wait_for()
            await page.wait_for_load_state("networkidle")
            await page.evaluate("document.fonts.ready")
            shots[name] = await page.screenshot(animations="disabled")
    return shots


async def _pair(wall: Page, desk: Page, lesson: str) -> None:
    await wall.goto(f"http://{HOST}/wall")
    shown = await wall.get_by_text(re.compile(r"^\d{4}$")).inner_text()
    await _post(desk, f"/api/teach/lessons/{lesson}/walls", {"code": shown})


async def _post(page: Page, path: str, data: dict[str, str]) -> Any:
    """As the page itself would, with its cookies."""
    return await page.evaluate(
        """async ([path, data]) => {
          const headers = { 'Content-Type': 'application/json' };
          const answer = await fetch(path, { method: 'POST', headers, body: JSON.stringify(data) });
          if (!answer.ok) throw new Error(`${path}: ${answer.status}`);
          return answer.json();
        }""",
        [path, data],
    )


async def _page(
    browser: Browser, width: int, height: int, scale: float, lang: str, dark: bool, mobile: bool = False
) -> Page:
    context = await browser.new_context(
        viewport={"width": width, "height": height}, device_scale_factor=scale * 2 if mobile else scale * 1.5,
        locale={"en": "en-GB", "zh": "zh-CN"}[lang], color_scheme="dark" if dark else "light",
        is_mobile=mobile, has_touch=mobile, reduced_motion="reduce",
    )  # fmt: skip
    page = await context.new_page()
    page.on("pageerror", lambda error: print("script error:", error, file=sys.stderr))
    return page


def compose(shots: dict[str, bytes], dark: bool) -> Image.Image:
    """The wall behind, the console before it, the phone in front."""
    picture = Image.new("RGB", (1800, 1090), DUSK if dark else STRAW)
    _lay(picture, shots["wall"], (40, 40), 960)
    _lay(picture, shots["desk"], (700, 370), 1060)
    _lay(picture, shots["hand"], (396, 430), 286, round_by=28)
    return picture.point(lambda value: min(255, (value + 2) // 4 * 4))  # a third smaller, and nobody sees it


def _lay(picture: Image.Image, shot: bytes, at: tuple[int, int], width: int, round_by: int = 10) -> None:
    screen = Image.open(BytesIO(shot)).convert("RGB")
    screen = screen.resize((width, round(screen.height * width / screen.width)), Image.Resampling.LANCZOS)
    shape = Image.new("L", screen.size, 0)
    ImageDraw.Draw(shape).rounded_rectangle((0, 0, screen.width - 1, screen.height - 1), round_by, fill=255)
    shadow = Image.new("L", picture.size, 0)
    shadow.paste(shape.point(lambda v: v // 3), (at[0], at[1] + 12))
    picture.paste(Image.new("RGB", picture.size, (40, 34, 24)), (0, 0), shadow.filter(ImageFilter.GaussianBlur(22)))
    picture.paste(screen, at, shape)


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--lang", choices=sorted(WORDS), default="en")
    asked.add_argument("--dark", action="store_true")
    asked.add_argument("--out", type=Path, default=OUT)
    asked.add_argument("--each", type=Path, help="also write the single screens to this folder")
    given = asked.parse_args()
    with tempfile.TemporaryDirectory() as folder, running(Path(folder), given.lang) as server:
        shots = asyncio.run(_all(server, given.lang, given.dark))
    for name, shot in shots.items() if given.each else ():
        given.each.mkdir(parents=True, exist_ok=True)
        (given.each / f"{name}.png").write_bytes(shot)
    given.out.parent.mkdir(parents=True, exist_ok=True)
    compose(shots, given.dark).save(given.out, optimize=True)


async def _all(server: Server, lang: str, dark: bool) -> dict[str, bytes]:
    async with AsyncExitStack() as stack:
        lesson, code = await teach(server, lang, stack)
        return await shoot(server, lesson, code, lang, dark)


if __name__ == "__main__":
    main()
