"""Ink on a page as a picture: good round strokes of the same width and colour as on screens. The outline that follows
the pen's speed is drawn in browsers alone."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from itertools import pairwise

from PIL import Image, ImageDraw

from mingtang.activities.ink.points import PRESSURE, WIDTH, decode
from mingtang.core.patch import Json

COLORS = ("#ad2f1d", "#20529a", "#1c1b19", "#1c6847", "#f2c04e", "#6c4685", "#ffffff", "#0b6470")  # ink/palette.ts
ALPHA = {"pen": 1.0, "marker": 0.38}
THINNING = 0.35  # how much a light hand makes a pen thinner, as ink/shape.ts has it
FINER = 3  # drawn so much larger, for smooth edges

Dot = tuple[float, float, float]


def draw(page: Image.Image, strokes: Iterable[Json]) -> None:
    """On a picture of the page, in the order given; a stroke that cannot be read is nowhere."""
    for stroke in strokes:
        _draw(page, stroke)


def _draw(page: Image.Image, stroke: Json) -> None:
    scale = page.width / WIDTH
    dots = [(x * scale, y * scale, r * scale) for x, y, r in _dots(stroke["points"], stroke["width"], stroke["tool"])]
    if not dots:
        return
    most = max(r for _, _, r in dots) + 1
    left, top = int(min(x for x, _, _ in dots) - most), int(min(y for _, y, _ in dots) - most)
    right, bottom = int(max(x for x, _, _ in dots) + most) + 1, int(max(y for _, y, _ in dots) + most) + 1
    left, top, right, bottom = max(0, left), max(0, top), min(page.width, right), min(page.height, bottom)
    if left >= right or top >= bottom:
        return
    mask = _mask([((x - left) * FINER, (y - top) * FINER, r * FINER) for x, y, r in dots], right - left, bottom - top)
    alpha = ALPHA.get(stroke["tool"], 1.0)
    if alpha < 1:
        mask = mask.point([round(value * alpha) for value in range(256)])
    page.paste(COLORS[stroke["color"] % len(COLORS)], (left, top, right, bottom), mask)


def _mask(dots: list[Dot], width: int, height: int) -> Image.Image:
    large = Image.new("L", (width * FINER, height * FINER), 0)
    pen = ImageDraw.Draw(large)
    for x, y, r in dots:
        pen.ellipse((x - r, y - r, x + r, y + r), fill=255)
    for (x1, y1, r1), (x2, y2, r2) in pairwise(dots):
        pen.line((x1, y1, x2, y2), fill=255, width=max(1, round(r1 + r2)))
    return large.resize((width, height), Image.Resampling.BOX)


@lru_cache(maxsize=2048)
def _dots(points: str, width: int, tool: str) -> tuple[Dot, ...]:
    """Places and radii in parts of the page."""
    try:
        found = decode(points)
    except ValueError:
        return ()
    return tuple((point[0], point[1], width * _share(point, tool) / 2) for point in found)


def _share(point: tuple[int, ...], tool: str) -> float:
    if tool != "pen" or len(point) < 3:
        return 1.0
    return 1 - 2 * THINNING * (0.5 - point[2] / PRESSURE)
