"""One page of a PDF as pictures and text. Runs only in the worker process, which may die of what it reads."""

from __future__ import annotations

from typing import Any, NamedTuple

import pypdfium2 as pdfium
from PIL import Image

from mingtang.web.decks.writing import runs_of, title_of

WIDTHS = (1600, 640)
MOST_PIXELS = 16_000_000  # at the full width: a page up to six times as high as it is wide
LEAST_SIDE, MOST_SIDE = 3.0, 200_000.0  # points; PDF itself ends at 14 400 units, but a unit may be longer than a point
BLANK = (1600, 900)


class BadPage(Exception):  # noqa: N818
    """A page whose size cannot be drawn."""


class Page(NamedTuple):
    """`runs` are pieces of text with their places as fractions of the page, from the top left."""

    picture: Image.Image
    runs: list[dict[str, Any]]
    title: str


def draw(document: pdfium.PdfDocument, index: int) -> Page:
    """Raises BadPage, or PdfiumError for a page that cannot be read."""
    page = document[index]
    try:
        width, height = page.get_size()
        scale = _scale(width, height)
        bitmap = page.render(scale=scale, may_draw_forms=True)
        picture = bitmap.to_pil().convert("RGB")
        runs = runs_of(page, bitmap)
        return Page(_exact(picture), runs, title_of(runs))
    finally:
        page.close()


def blank(note: str) -> Page:
    """Stands for a page that cannot be drawn, so that the numbers of the others stay what they are."""
    run = {"t": note, "x": 0.1, "y": 0.45, "w": 0.8, "h": 0.08}
    return Page(Image.new("RGB", BLANK, "white"), [run], note)


def scaled(picture: Image.Image, width: int) -> Image.Image:
    if picture.width == width:
        return picture
    height = max(1, round(picture.height * width / picture.width))
    return picture.resize((width, height), Image.Resampling.LANCZOS, reducing_gap=2.0)


def _scale(width: float, height: float) -> float:
    fits = all(LEAST_SIDE <= side <= MOST_SIDE for side in (width, height))
    if not fits or WIDTHS[0] * WIDTHS[0] * height / width > MOST_PIXELS or width / height > 100:
        raise BadPage(f"{width:g} x {height:g}")
    return WIDTHS[0] / width


def _exact(picture: Image.Image) -> Image.Image:
    return picture if picture.width == WIDTHS[0] else scaled(picture, WIDTHS[0])
