"""A lesson's slides for trying things out: nine pages about hash tables, in English or Chinese, drawn by script.

python -m tools.demo_deck FILE.pdf [--lang zh] [--pages 60]"""

from __future__ import annotations

import argparse
from collections.abc import Callable
from itertools import cycle, islice
from pathlib import Path

from tools.pdf import Sheet, write

INK, GREY, BLUE = "#22211f", "#6b665d", "#20529a"
STONE, WASH, LAMP, DUSK, HAIR = "#f4f1ea", "#e3eaf5", "#f0d9a0", "#b9b3a6", "#d9d5cc"

WORDS = {
    "en": {
        "title": "Why is a hash table fast?",
        "cover": ["Why is a hash", "table fast?"],
        "course": "CS101 · Data structures",
        "week": "Week 6",
        "million": "Finding one name among a million",
        "list": "Unsorted list",
        "array": "Sorted array",
        "table": "Hash table",
        "comparisons": "comparisons",
        "compute": "Do not search. Compute where to look.",
        "key": "key",
        "function": "hash function",
        "bucket": "bucket",
        "spread": "A good hash spreads keys evenly",
        "chaining": "When two keys meet: chaining",
        "chain": ["Same bucket, one after another.", "A search walks the chain."],
        "load": "Load factor decides the cost",
        "compared": "keys compared",
        "found": "found",
        "missing": "not found",
        "factor": "load factor = keys ÷ buckets",
        "full": "Too full? Double and rehash.",
        "over": "load > 0.75",
        "wrong": "What can go wrong",
        "one": ["Every key in one bucket:", "a hash table becomes a list."],
        "today": "Today in three lines",
        "three": [
            "Compute the place, do not search for it.",
            "Collisions cost; keep chains short.",
            "Average O(1) is a promise about the hash.",
        ],
    },
    "zh": {
        "title": "哈希表为什么快？",
        "cover": ["哈希表", "为什么快？"],
        "course": "CS101 · 数据结构",
        "week": "第 6 周",
        "million": "在一百万个名字里找一个",
        "list": "无序列表",
        "array": "有序数组",
        "table": "哈希表",
        "comparisons": "次比较",
        "compute": "不要找，直接算出位置。",
        "key": "键",
        "function": "哈希函数",
        "bucket": "桶",
        "spread": "好的哈希把键均匀散开",
        "chaining": "两个键相遇：拉链法",
        "chain": ["同一个桶，首尾相连。", "查找时沿着链走。"],
        "load": "装填因子决定代价",
        "compared": "比较的键数",
        "found": "查到",
        "missing": "查不到",
        "factor": "装填因子 = 键数 ÷ 桶数",
        "full": "太满了？加倍，重新散列。",
        "over": "装填因子 > 0.75",
        "wrong": "会出什么问题",
        "one": ["所有键进了同一个桶：", "哈希表退化成链表。"],
        "today": "今天的三句话",
        "three": ["位置是算出来的，不是找出来的。", "冲突有代价，链要短。", "平均 O(1) 取决于哈希函数。"],
    },
}
Words = dict[str, str | list[str]]


def deck(lang: str = "en", pages: int = 9) -> bytes:
    """The PDF; more than nine pages begin again from the first."""
    words: Words = WORDS[lang]  # type: ignore[assignment]
    return write([_sheet(page, words) for page in islice(cycle(PAGES), pages)], title(lang))


def title(lang: str = "en") -> str:
    return str(WORDS[lang]["title"])


def _sheet(page: Callable[[Sheet, Words], None], words: Words) -> Sheet:
    sheet = Sheet()
    sheet.box(0, 0, sheet.width, sheet.height, fill="#ffffff")
    page(sheet, words)
    return sheet


def _heading(sheet: Sheet, text: str | list[str]) -> None:
    sheet.text(110, 150, str(text), 62, weight="bold")


def _lines(sheet: Sheet, x: float, y: float, lines: str | list[str], size: float, step: float) -> None:
    for number, line in enumerate(lines):
        sheet.text(x, y + number * step, line, size, GREY)


def _buckets(sheet: Sheet, x: float, y: float, w: float, h: float, count: int = 8, lit: int = -1) -> None:
    for number in range(count):
        top = y + number * h
        sheet.box(x, top, w, h, fill=WASH if number == lit else STONE, line=INK)
        sheet.text(x - 26, top + h * 0.68, str(number), h * 0.52, GREY, anchor="end")


def _chain(sheet: Sheet, x: float, y: float, keys: list[int], w: float = 120) -> None:
    for key in keys:
        sheet.arrow(x, y, x + 64)
        sheet.box(x + 72, y - 26, w, 52, fill="#ffffff", line=INK)
        sheet.text(x + 72 + w / 2, y + 14, str(key), 40, anchor="middle")
        x += 72 + w


def cover(sheet: Sheet, words: Words) -> None:
    sheet.text(130, 180, str(words["course"]), 40, GREY)
    for number, line in enumerate(words["cover"]):
        sheet.text(126, 420 + number * 150, line, 126, weight="bold")
    sheet.text(130, 790, str(words["week"]), 40, GREY)
    for number in range(9):
        fill = LAMP if number == 4 else "#ffffff"
        sheet.box(1140 + number % 3 * 112, 360 + number // 3 * 112, 112, 112, fill, INK, 4)


def million(sheet: Sheet, words: Words) -> None:
    _heading(sheet, words["million"])
    rows = [("list", 1000.0, DUSK, "500 000"), ("array", 40.0, DUSK, "20"), ("table", 6.0, BLUE, "1–2")]
    for number, (name, wide, color, count) in enumerate(rows):
        y = 290 + number * 180
        sheet.text(110, y + 62, str(words[name]), 46)
        sheet.box(470, y, wide, 96, fill=color)
        inside = wide > 500
        sheet.text(
            1446 if inside else 494 + wide, y + 64, count, 50, weight="bold", anchor="end" if inside else "start"
        )
    sheet.text(470, 838, str(words["comparisons"]), 36, GREY)


def compute(sheet: Sheet, words: Words) -> None:
    _heading(sheet, words["compute"])
    sheet.box(110, 430, 230, 120, fill="#ffffff", line=INK)
    sheet.text(225, 508, '"fig"', 52, anchor="middle")
    sheet.text(225, 620, str(words["key"]), 38, GREY, anchor="middle")
    sheet.arrow(360, 490, 520)
    sheet.circle(660, 490, 120, fill=WASH, line=BLUE, thick=4)
    sheet.text(660, 515, "h", 76, BLUE, "bold", "middle")
    sheet.text(660, 680, str(words["function"]), 38, GREY, anchor="middle")
    sheet.arrow(800, 490, 1010)
    sheet.text(905, 460, "3", 56, BLUE, "bold", "middle")
    _buckets(sheet, 1110, 260, 300, 64, lit=3)
    sheet.text(1260, 498, '"fig"', 40, anchor="middle")
    sheet.text(1260, 830, str(words["bucket"]), 38, GREY, anchor="middle")


def spread(sheet: Sheet, words: Words) -> None:
    _heading(sheet, words["spread"])
    sheet.box(110, 250, 830, 470, fill=STONE)
    code = ["def h(key, m):", "    n = 0", "    for c in key:", "        n = 31 * n + ord(c)", "    return n % m"]
    for number, line in enumerate(code):
        sheet.text(155, 340 + number * 84, line, 42, weight="code")
    for number, tall in enumerate((290, 348, 232, 406, 290, 348, 290, 348)):
        sheet.box(1000 + number * 62, 700 - tall, 46, tall, fill=BLUE)
        sheet.text(1023 + number * 62, 752, str(number), 32, GREY, anchor="middle")
    sheet.line(985, 702, 1500, 702)


def chaining(sheet: Sheet, words: Words) -> None:
    _heading(sheet, words["chaining"])
    _buckets(sheet, 180, 240, 150, 72, lit=3)
    _chain(sheet, 330, 492, [3, 11, 19])
    _chain(sheet, 330, 708, [6])
    _lines(sheet, 800, 640, words["chain"], 42, 61)


def load(sheet: Sheet, words: Words) -> None:
    _heading(sheet, words["load"])
    sheet.text(110, 222, str(words["compared"]), 34, GREY)
    for number, mark in enumerate(("0", "0.5", "1", "1.5", "2")):
        sheet.text(230 + number * 240, 785, mark, 34, GREY, anchor="middle")
    for number, y in ((1, 540), (2, 350)):
        sheet.line(230, y, 1250, y, color=HAIR, thick=2)
        sheet.text(205, y + 12, str(number), 34, GREY, anchor="end")
    sheet.line(590, 250, 590, 730, color=GREY, dashed=True)
    sheet.line(230, 250, 230, 730, 1270, 730)
    sheet.line(230, 730, 1190, 350, thick=6)
    sheet.line(230, 540, 1190, 350, color=BLUE, thick=6)
    sheet.text(430, 458, str(words["found"]), 38, BLUE, anchor="middle")
    sheet.text(874, 596, str(words["missing"]), 38)
    sheet.text(1270, 850, str(words["factor"]), 38, GREY, anchor="end")


def full(sheet: Sheet, words: Words) -> None:
    _heading(sheet, words["full"])
    _buckets(sheet, 260, 300, 220, 64, count=4)
    _buckets(sheet, 900, 260, 220, 64)
    for x, y, keys in ((370, 300, {0: "8", 1: "5 · 9", 3: "3"}), (1010, 260, {0: "8", 1: "9", 3: "3", 5: "5"})):
        for number, said in keys.items():
            sheet.text(x, y + 44 + number * 64, said, 36, anchor="middle")
    sheet.arrow(560, 430, 760)
    sheet.text(660, 395, str(words["over"]), 40, BLUE, "bold", "middle")


def wrong(sheet: Sheet, words: Words) -> None:
    _heading(sheet, words["wrong"])
    _buckets(sheet, 180, 240, 150, 72, lit=2)
    _chain(sheet, 330, 420, [2, 10, 18, 26, 34], w=110)
    _lines(sheet, 520, 600, words["one"], 44, 64)


def today(sheet: Sheet, words: Words) -> None:
    _heading(sheet, words["today"])
    for number, line in enumerate(words["three"]):
        sheet.text(110, 350 + number * 150, str(number + 1), 64, BLUE, "bold")
        sheet.text(210, 348 + number * 150, line, 50)


PAGES = (cover, million, compute, spread, chaining, load, full, wrong, today)


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("file", type=Path)
    asked.add_argument("--lang", choices=sorted(WORDS), default="en")
    asked.add_argument("--pages", type=int, default=len(PAGES))
    given = asked.parse_args()
    given.file.write_bytes(deck(given.lang, given.pages))


if __name__ == "__main__":
    main()
