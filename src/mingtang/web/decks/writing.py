"""The writing on a page, for selection and screen readers: runs of text with their places. Worker process only."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pypdfium2 as pdfium
import pypdfium2.raw as raw

MOST_CHARACTERS, MOST_SIGNS, TITLE = 20_000, 300, 120
Box = tuple[float, float, float, float]


def runs_of(page: pdfium.PdfPage, bitmap: pdfium.PdfBitmap) -> list[dict[str, Any]]:
    """Pieces of lines, in reading order, as fractions of the page from its top left. An unreadable layer is no layer:
    that is no reason to lose the picture."""
    try:
        text = page.get_textpage()
    except pdfium.PdfiumError:
        return []
    place = bitmap.get_posconv(page)
    pieces: list[tuple[str, Box]] = []
    for sign, box in _characters(text, place):
        if box is None:
            _space(pieces, sign)
        elif pieces and pieces[-1][0] and _continues(pieces[-1][1], box):
            pieces[-1] = (pieces[-1][0] + sign, _around(pieces[-1][1], box))
        else:
            pieces.append((sign, box))
    runs = (_run(words, box, bitmap.width, bitmap.height) for words, box in pieces if words)
    return [run for run in runs if run]


def title_of(runs: list[dict[str, Any]]) -> str:
    """The largest writing in the upper half, with the lines that go on below it; else the first line."""
    upper = [run for run in runs if run["y"] < 0.5] or runs
    words = [run for run in upper if len(run["t"]) > 2] or upper  # a lone large letter is a drawing's
    if not words:
        return ""
    tall = max(run["h"] for run in words)
    feet: list[float] = []
    for run in sorted((r for r in words if r["h"] >= 0.9 * tall), key=lambda r: (r["y"], r["x"])):
        foot = run["y"] + run["h"]
        if not feet or foot - feet[-1] < 1.8 * tall:
            feet.append(foot)
    title = [run for run in upper if any(abs(run["y"] + run["h"] - foot) < 0.4 * tall for foot in feet)]
    ordered = sorted(title, key=lambda run: (round((run["y"] + run["h"]) / tall), run["x"]))
    return " ".join(run["t"] for run in ordered)[:TITLE].strip()


def _characters(text: Any, place: Any) -> Iterator[tuple[str, Box | None]]:
    """Each sign with its box in pixels; None for a box where the sign is white space."""
    rect = raw.FS_RECTF()
    for index in range(min(text.count_chars(), MOST_CHARACTERS)):
        sign = chr(raw.FPDFText_GetUnicode(text.raw, index) & 0x1FFFFF)
        if sign.isspace() or sign == "\x00":
            yield sign, None
        elif raw.FPDFText_GetLooseCharBox(text.raw, index, rect):
            (x0, y0), (x1, y1) = place.to_bitmap(rect.left, rect.top), place.to_bitmap(rect.right, rect.bottom)
            yield sign, (min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1))


def _space(pieces: list[tuple[str, Box]], sign: str) -> None:
    if not pieces or not pieces[-1][0]:
        return
    words, box = pieces[-1]
    if sign in "\r\n":
        pieces.append(("", box))
    elif not words.endswith(" "):
        pieces[-1] = (words + " ", box)


def _continues(before: Box, box: Box) -> bool:
    """Same line, and no gap wider than twice its height (that would be another column)."""
    height = max(before[3] - before[1], 1)
    middle = (box[1] + box[3]) / 2
    return before[1] <= middle <= before[3] and -height <= box[0] - before[2] <= 2 * height


def _around(a: Box, b: Box) -> Box:
    return min(a[0], b[0]), min(a[1], b[1]), max(a[2], b[2]), max(a[3], b[3])


def _run(words: str, box: Box, width: int, height: int) -> dict[str, Any] | None:
    words = words.strip()[:MOST_SIGNS]
    left, top, right, bottom = box
    if not words or right <= 0 or bottom <= 0 or left >= width or top >= height:
        return None
    share = {"x": left / width, "y": top / height, "w": (right - left) / width, "h": (bottom - top) / height}
    return {"t": words, **{key: round(value, 4) for key, value in share.items()}}
