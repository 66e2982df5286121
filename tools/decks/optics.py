"""物理课，4:3，中文，带备注的 PPTX：光的折射，图形由程序画出。"""

from __future__ import annotations

import math
from typing import Any

from pptx.enum.shapes import MSO_CONNECTOR, MSO_SHAPE
from pptx.util import Inches, Pt

from tools.decks.shapes import BLUE, GREY, lines, presentation, save, slide

TITLE, PAGES, NOTES = "光的折射", 12, 11

SLIDES: list[tuple[str, list[str], str]] = [
    ("光的折射", ["高二物理 · 第四章", "为什么筷子在水里“折断”？"], "先放一杯水和一支筷子，请后排同学说看到了什么。"),
    (
        "观察",
        ["从空气斜射入水中，光线偏折", "垂直入射，方向不变", "反过来，路径相同"],
        "激光笔演示，注意不要照向学生。",
    ),
    (
        "几个名词",
        ["入射角 i：入射光线与法线的夹角", "折射角 r：折射光线与法线的夹角", "法线垂直于界面"],
        "强调是与法线的夹角，不是与界面。",
    ),
    ("折射定律", ["sin i / sin r = n", "n：折射率，由两种介质决定"], "板书公式，等学生抄完。"),
    ("画一画", [], "请一位同学上来补全光路。"),
    ("折射率", ["真空 1（规定）", "水 1.33", "玻璃 1.5 左右", "金刚石 2.42"], "问：哪一种让光偏折得最多？"),
    ("n 与光速", ["n = c / v", "光在水里慢了约四分之一"], "可以和跑步进沙滩作比较。"),
    ("例题", ["入射角 45°，n = 1.33", "sin r = 0.7071 / 1.33 = 0.532", "r ≈ 32.1°"], "先投票再讲。"),
    ("表：入射角与折射角", [], "数据来自课前实验。"),
    ("反过来：从水到空气", ["折射角大于入射角", "i 足够大时，没有折射光"], "引出全反射，下节课的内容。"),
    ("生活中的折射", ["海市蜃楼", "彩虹", "近视眼镜"], "每人举一个例子，写在讨论区。"),
    ("小结", ["方向变，因为快慢变", "sin i / sin r = n", "作业：课本 52 页 3、5 题"], ""),
]


def make() -> bytes:
    deck = presentation(10, 7.5)
    for heading, said, notes in SLIDES:
        made = slide(deck, heading, notes)
        if said:
            lines(made, said, size=28)
        elif heading == "画一画":
            _rays(made)
        else:
            _table(made)
    return save(deck)


def _rays(on: Any) -> None:
    water = on.shapes.add_shape(MSO_SHAPE.RECTANGLE, Inches(1), Inches(4.2), Inches(8), Inches(2.6))
    water.fill.solid()
    water.fill.fore_color.rgb = BLUE
    water.fill.fore_color.brightness = 0.7
    water.line.fill.background()
    _ray(on, 5, 1.6, 5, 6.6, GREY)
    into = math.radians(45)
    out = math.asin(math.sin(into) / 1.33)
    _ray(on, 5 - 2.4 * math.tan(into), 1.8, 5, 4.2, BLUE)
    _ray(on, 5, 4.2, 5 + 2.4 * math.tan(out), 6.6, BLUE)


def _ray(on: Any, x: float, y: float, to_x: float, to_y: float, color: Any) -> None:
    ray = on.shapes.add_connector(MSO_CONNECTOR.STRAIGHT, Inches(x), Inches(y), Inches(to_x), Inches(to_y))
    ray.line.color.rgb, ray.line.width = color, Pt(3)


def _table(on: Any) -> None:
    grid = on.shapes.add_table(7, 3, Inches(1), Inches(1.8), Inches(8), Inches(4)).table
    for column, head in enumerate(("入射角 i", "折射角 r", "sin i / sin r")):
        grid.cell(0, column).text = head
    for row, angle in enumerate(range(10, 70, 10), 1):
        bent = math.degrees(math.asin(math.sin(math.radians(angle)) / 1.33))
        for column, cell in enumerate((f"{angle}°", f"{bent:.1f}°", "1.33")):
            grid.cell(row, column).text = cell
