"""Photographs, 16:9, English: how mountains are made. The photographs are drawn by script: ridges, light, grain."""

from __future__ import annotations

import random
from itertools import pairwise

from PIL import Image, ImageChops, ImageDraw, ImageFilter

from tools.decks.paper import GREY, lines, page
from tools.pdf import Sheet, write

TITLE, PAGES = "How mountains are made", 15

SHOTS = [
    ("Folded: the Alps", "Two plates, one crash, 30 million years", "#f3c58a", "#35506b"),
    ("Broken: basin and range", "The crust is pulled apart and tilts", "#e8a06a", "#6b4435"),
    ("Built: volcanoes", "Layer upon layer of ash and lava", "#c9d3dd", "#3a3a44"),
    ("Carved: what ice does", "A glacier is a slow plane", "#dfe9f0", "#4b6a7d"),
    ("Worn: what rain does", "A millimetre a year is a kilometre in a million", "#d8d3b8", "#5a6b45"),
    ("Old: rounded hills", "The Appalachians were once as high as the Alps", "#f0d8b0", "#4e5d3c"),
    ("Young: sharp ridges", "The Himalaya still rises: five millimetres a year", "#bcd4ea", "#2c3f55"),
    ("Under water", "The longest range of all is below the Atlantic", "#7fb3c8", "#123247"),
]
TEXTS = [
    ("Four ways to make a mountain", ["Fold it.", "Break it.", "Build it up.", "Take the rest away."]),
    (
        "What decides the height?",
        ["How fast the ground rises", "How fast rain and ice take it away", "How much weight the crust can carry"],
    ),
    (
        "Reading a photograph",
        ["Where does the light come from?", "Which side is steep? Why?", "Where would the oldest rock be?"],
    ),
    ("Vote", ["Which of the two ranges is older?", "Say what you see, not what you know."]),
    (
        "What stays with you",
        ["Mountains are a balance, not a thing.", "Shape tells age.", "Everything you saw is moving."],
    ),
]


def make() -> bytes:
    first = _shot(0, TITLE, "GE101 · Earth from outside in", *SHOTS[0][2:], large=True)
    sheets = [first, _text(0, 2)]
    for n, (heading, under, sky, rock) in enumerate(SHOTS):
        sheets.append(_shot(n + 1, heading, under, sky, rock))
        if n == 2:
            sheets.append(_text(1, len(sheets) + 1))
        elif n == 5:
            sheets += [_text(2, len(sheets) + 1), _text(3, len(sheets) + 2)]
    sheets += [_text(4, len(sheets) + 1), _shot(99, "Next week: rivers", "Bring a map", "#e9c9a0", "#445c66")]
    return write(sheets, TITLE)


def _text(which: int, number: int) -> Sheet:
    sheet = page(TEXTS[which][0], number)
    lines(sheet, TEXTS[which][1], size=48, step=116)
    return sheet


def _shot(seed: int, heading: str, under: str, sky: str, rock: str, large: bool = False) -> Sheet:
    sheet = Sheet()
    sheet.photo(0, 0, 1600, 900, photograph(seed, sky, rock))
    sheet.text(80, 740 if not large else 640, heading, 96 if large else 64, "#ffffff", "bold")
    sheet.text(84, 805 if not large else 715, under, 38, "#ffffff")
    sheet.text(1560, 870, "Photograph: drawn for this course", 22, GREY, anchor="end")
    return sheet


def photograph(seed: int, sky: str, rock: str, size: tuple[int, int] = (1600, 900)) -> Image.Image:
    """Ridges behind one another in the haze, and the grain of a film."""
    chance = random.Random(seed)
    wide, tall = size
    fade = Image.linear_gradient("L").resize(size)
    picture = Image.composite(Image.new("RGB", size, "#ffffff"), Image.new("RGB", size, sky), fade)
    for depth in range(5):
        base = tall * (0.42 + depth * 0.12)
        ridge = _ridge(chance, wide, base, tall * (0.26 - depth * 0.03))
        shape = Image.new("L", size)
        ImageDraw.Draw(shape).polygon([(0, tall), *ridge, (wide, tall)], fill=255)
        haze = Image.blend(Image.new("RGB", size, sky), Image.new("RGB", size, rock), 0.3 + 0.16 * depth)
        picture.paste(haze, mask=shape.filter(ImageFilter.GaussianBlur(max(0.5, 3 - depth))))
    grain = Image.frombytes("L", (wide // 2, tall // 2), chance.randbytes(wide * tall // 4)).resize(size)
    soft = grain.filter(ImageFilter.GaussianBlur(1)).point(lambda v: 108 + v * 40 // 256)
    return ImageChops.overlay(picture, Image.merge("RGB", [soft] * 3))


def _ridge(chance: random.Random, wide: int, base: float, rough: float) -> list[tuple[float, float]]:
    """A line halved again and again, each time with less chance."""
    heights = [base - rough * chance.random(), base - rough * chance.random()]
    while len(heights) < 200:
        rough *= 0.56
        middle = [(a + b) / 2 + rough * (chance.random() - 0.5) * 2 for a, b in pairwise(heights)]
        heights = [h for pair in zip(heights, [*middle, 0.0], strict=True) for h in pair][:-1]
    return [(wide * n / (len(heights) - 1), height) for n, height in enumerate(heights)]
