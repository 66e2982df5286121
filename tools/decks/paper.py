"""What the PDF decks share: a page with its heading, lines under one another, a small table, a graph."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from tools.pdf import Sheet

INK, GREY, BLUE, RED, GREEN = "#22211f", "#6b665d", "#20529a", "#a03b2a", "#2f6b3f"
STONE, WASH, HAIR = "#f4f1ea", "#e3eaf5", "#d9d5cc"


class Square(Sheet):
    """The old 4:3."""

    width, height, scale = 1200, 900, 0.6


def page(heading: str, number: int, square: bool = False, size: float = 58) -> Sheet:
    sheet = Square() if square else Sheet()
    sheet.box(0, 0, sheet.width, sheet.height, fill="#ffffff")
    sheet.text(90, 130, heading, size, weight="bold")
    sheet.line(90, 165, sheet.width - 90, 165, color=HAIR)
    sheet.text(sheet.width - 60, sheet.height - 40, str(number), 26, GREY, anchor="end")
    return sheet


def title_page(title: str, under: Iterable[str], square: bool = False) -> Sheet:
    sheet = Square() if square else Sheet()
    sheet.box(0, 0, sheet.width, sheet.height, fill=STONE)
    sheet.box(90, 330, 14, 190, fill=BLUE)
    sheet.text(140, 410, title, 84 if square else 96, weight="bold")
    for row, line in enumerate(under):
        sheet.text(142, 490 + row * 60, line, 40, GREY)
    return sheet


def lines(
    sheet: Sheet, said: Iterable[str], x: float = 110, y: float = 270, size: float = 42, step: float = 82
) -> None:
    """A line that begins with two blanks is set in and smaller."""
    for row, line in enumerate(said):
        inner = line.startswith("  ")
        if not inner and line:
            sheet.circle(x - 20, y + row * step - size * 0.32, 6, fill=BLUE)
        sheet.text(x + (40 if inner else 10), y + row * step, line.strip(), size * (0.85 if inner else 1), INK)


def table(sheet: Sheet, rows: Sequence[tuple[str, ...]], x: float, y: float, wide: float, tall: float = 66) -> None:
    """The first row is the head."""
    for r, row in enumerate(rows):
        if r == 0:
            sheet.box(x, y, wide * len(row), tall, fill=WASH)
        sheet.line(x, y + (r + 1) * tall, x + wide * len(row), y + (r + 1) * tall, color=HAIR, thick=2)
        for c, cell in enumerate(row):
            weight = "bold" if r == 0 else "regular"
            sheet.text(x + c * wide + 18, y + r * tall + tall * 0.68, cell, tall * 0.5, weight=weight)  # type: ignore[arg-type]


def graph(sheet: Sheet, f: Callable[[float], float], low: float, high: float, top: float, color: str = BLUE) -> None:
    """In the right half: from `low` to `high`, cut off at ±`top`."""
    left, wide, middle, tall = 900.0, 600.0, 520.0, 280.0
    sheet.arrow(left - 10, middle, left + wide + 20)
    zero = left + wide * (-low) / (high - low)
    sheet.line(zero, middle - tall - 10, zero, middle + tall + 10, thick=3)
    points: list[float] = []
    for step in range(121):
        x = low + (high - low) * step / 120
        if abs(y := f(x)) <= top:
            points += [left + wide * step / 120, middle - tall * y / top]
        elif len(points) > 2:
            sheet.line(*points, color=color, thick=5)
            points = []
    if len(points) > 2:
        sheet.line(*points, color=color, thick=5)
