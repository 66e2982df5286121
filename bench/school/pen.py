"""Strokes as a hand makes them: a line of writing, an underline, a ring around something."""

from __future__ import annotations

from math import cos, pi, sin
from random import Random
from typing import Any

from mingtang.activities.ink.points import WIDTH, encode

HEIGHT = WIDTH * 9 // 16


def stroke(chance: Random, page: str, id: str, places: int = 18) -> dict[str, Any]:
    """The fields of `ink.draw`."""
    kind = chance.randrange(3)
    x, y = chance.randrange(800, WIDTH - 2400), chance.randrange(400, HEIGHT - 900)
    points = [_place(kind, chance, x, y, step / places) for step in range(places)]
    tool, width = ("marker", 120) if kind == 1 and chance.random() < 0.3 else ("pen", 24)
    return {"page": page, "id": id, "tool": tool, "color": chance.randrange(4), "width": width,
            "points": encode(points)}  # fmt: skip


def _place(kind: int, chance: Random, x: int, y: int, share: float) -> tuple[int, ...]:
    wobble = chance.randrange(-12, 13)
    if kind == 0:  # a letter or two
        return int(x + 500 * share), int(y + 180 * sin(6 * pi * share) + wobble), 128 + wobble
    if kind == 1:  # an underline
        return int(x + 2000 * share), y + wobble, 160
    return int(x + 600 * cos(2 * pi * share)), int(y + 300 * sin(2 * pi * share) + wobble + 400), 140
