"""A scene as a picture: the page with its ink, a question with its answers, a note, a clock; covered, the title."""

from __future__ import annotations

from collections import OrderedDict
from pathlib import Path
from typing import Any

from PIL import Image, ImageDraw

from mingtang.core.patch import Json
from mingtang.readings.video.lettering import face, lines
from mingtang.readings.video.scenes import Scene
from mingtang.readings.video.strokes import draw as draw_ink

HALL, LIGHT, INK, QUIET = "#131210", "#ffffff", "#1c1b19", "#625d54"
ACCENT, WASH, RIGHT, PALE = "#20529a", "#e3eaf5", "#1c6847", "#f0ede5"
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
MOST_KEPT = 6
MOST_ROWS = 10
Size = tuple[int, int]


class Drawing:
    """Keeps the last page as it was drawn, as mostly one stroke is added to it."""

    def __init__(self, assets: Path, title: str) -> None:
        self._assets, self._title = assets, title
        self._pages: OrderedDict[tuple[str, Size], Image.Image] = OrderedDict()
        self._inked: tuple[Scene, Size, Image.Image] | None = None
        self.absent: set[str] = set()

    def draw(self, scene: Scene, size: Size, now: int) -> Image.Image:
        """Of exactly this size. `now` is the time in ms UTC, for a clock that runs."""
        if scene.cover == "black":
            return Image.new("RGB", size, "black")
        if scene.cover or not scene.step:
            return self._titled(size)
        page = self._inked_page(scene, size, now)
        whole = Image.new("RGB", size, HALL)
        whole.paste(page, ((size[0] - page.width) // 2, (size[1] - page.height) // 2))
        return whole

    def _titled(self, size: Size) -> Image.Image:
        image = Image.new("RGB", size, HALL)
        _centred(image, self._title, size[1] // 12, PALE)
        return image

    def _inked_page(self, scene: Scene, size: Size, now: int) -> Image.Image:
        before = self._inked
        if before and before[1] == size and not scene.ends and _only_added(before[0], scene):
            page, new = before[2], scene.ink[len(before[0].ink) :]
        else:
            page, new = self._sheet(scene, size, now), scene.ink
        draw_ink(page, new)
        self._inked = (scene, size, page)
        return page

    def _sheet(self, scene: Scene, size: Size, now: int) -> Image.Image:
        if scene.kind == "page":
            return self._page(scene, size).copy()
        sheet = Image.new("RGB", _fitted((16, 9), size), LIGHT)
        if scene.asked is not None:
            _draw_question(sheet, scene.asked)
        elif scene.ends or scene.kind in ("timer", "break"):
            _draw_clock(sheet, scene, now)
        elif scene.text:
            _draw_note(sheet, scene.text)
        return sheet

    def _page(self, scene: Scene, size: Size) -> Image.Image:
        key = (scene.asset, size)
        if key not in self._pages:
            self._pages[key] = self._opened(scene, size)
        self._pages.move_to_end(key)
        while len(self._pages) > MOST_KEPT:
            self._pages.popitem(last=False)
        return self._pages[key]

    def _opened(self, scene: Scene, size: Size) -> Image.Image:
        try:
            with Image.open(self._assets / scene.asset[:2] / scene.asset / "1600.webp") as picture:
                return picture.convert("RGB").resize(_fitted(picture.size, size), Image.Resampling.LANCZOS)
        except OSError:
            self.absent.add(scene.asset)
            sheet = Image.new("RGB", _fitted(scene.size if all(scene.size) else (16, 9), size), LIGHT)
            _centred(sheet, scene.title, size[1] // 16, INK)
            return sheet


def _only_added(old: Scene, new: Scene) -> bool:
    names = ("cover", "step", "asset", "text", "asked")
    alike = all(getattr(old, name) == getattr(new, name) for name in names)
    return alike and len(new.ink) >= len(old.ink) and new.ink[: len(old.ink)] == old.ink


def _fitted(what: Size, into: Size) -> Size:
    """The largest of this shape that fits, with whole chroma samples."""
    scale = min(into[0] / what[0], into[1] / what[1])
    return max(2, int(what[0] * scale) // 2 * 2), max(2, int(what[1] * scale) // 2 * 2)


def _centred(image: Image.Image, text: str, size: int, color: str) -> None:
    pen, letters = ImageDraw.Draw(image), face(size)
    rows = lines(text, size, image.width * 8 // 10, 4)
    top = (image.height - len(rows) * size * 1.4) / 2
    for row in rows:
        pen.text(((image.width - letters.getlength(row)) / 2, top), row, color, letters)
        top += size * 1.4


def _draw_note(sheet: Image.Image, text: str) -> None:
    size = sheet.height // 18
    pen = ImageDraw.Draw(sheet)
    for number, row in enumerate(lines(text, size, sheet.width * 87 // 100, 12)):
        pen.text((sheet.width * 0.065, sheet.height * 0.07 + number * size * 1.45), row, INK, face(size))


def _draw_clock(sheet: Image.Image, scene: Scene, now: int) -> None:
    left = max(0, -(-(scene.ends - now) // 1000)) if scene.ends else 0
    text = f"{left // 60}:{left % 60:02}" if scene.ends else ""
    pen, size = ImageDraw.Draw(sheet), sheet.height // 4
    pen.text(((sheet.width - face(size).getlength(text)) / 2, sheet.height * 0.3), text, INK, face(size))
    label = sheet.height // 16
    words = scene.text or scene.title
    pen.text(((sheet.width - face(label).getlength(words)) / 2, sheet.height * 0.65), words, QUIET, face(label))


def _draw_question(sheet: Image.Image, asked: Json) -> None:
    """The words, then a row for each option, or for what was written, with bars as long as results are shown."""
    pen, head = ImageDraw.Draw(sheet), sheet.height // 16
    left, top = sheet.width * 0.065, sheet.height * 0.07
    for words in lines(str(asked.get("text", "")), head, sheet.width * 87 // 100, 4):
        pen.text((left, top), words, INK, face(head))
        top += head * 1.35
    rows = _rows(asked)
    high = min(sheet.height * 0.096, (sheet.height * 0.88 - top) / max(1, len(rows)))
    for number, row in enumerate(rows):
        _draw_row(sheet, row, (left, top + head * 0.5 + number * high), high)
    if "of" in asked:
        small = sheet.height // 28
        text = f"{asked.get('answered', 0)} / {asked['of']}"
        pen.text((sheet.width * 0.935 - face(small).getlength(text), sheet.height * 0.92), text, QUIET, face(small))


class Row:
    """`share` of all answers, None while it is hidden."""

    def __init__(self, key: str, text: str, count: int | None, total: int, right: bool) -> None:
        self.key, self.text, self.right = key, text, right
        self.count, self.share = count, None if count is None else count / max(1, total)


def _rows(asked: Json) -> list[Row]:
    rounds = asked.get("rounds", {})
    shown: Any = rounds.get(str(asked.get("round", ""))) or (list(rounds.values())[-1] if rounds else {})
    counts, total = shown.get("counts"), max(1, int(shown.get("answered", 0)))
    right = asked.get("right")
    rights = {right} if isinstance(right, str) else set(right) if isinstance(right, list) else set()
    if options := asked.get("options"):
        count = (lambda key: int(counts.get(key, 0))) if counts else lambda key: None
        return [
            Row(LETTERS[n % 26], str(text), count(key), total, key in rights)
            for n, (key, text) in enumerate(options.items())
        ]
    if counts:
        return [Row(key, "", int(count), total, key in rights) for key, count in counts.items()]
    written = sorted(shown.get("entries", {}).values(), key=lambda entry: -int(entry["n"]))[:MOST_ROWS]
    return [Row("", str(entry["text"]), int(entry["n"]), total, False) for entry in written]


def _draw_row(sheet: Image.Image, row: Row, at: tuple[float, float], high: float) -> None:
    pen, size = ImageDraw.Draw(sheet), max(12, int(high * 0.5))
    (x, y), wide = at, sheet.width * 0.87
    if row.share is not None:
        pen.rectangle((x, y + high * 0.08, x + max(2.0, wide * row.share), y + high * 0.92), WASH)
        text = f"{row.count}  {round(row.share * 100)} %"
        pen.text((x + wide - face(size).getlength(text), y + high * 0.2), text, QUIET, face(size))
    pen.text((x + high * 0.2, y + high * 0.2), row.key, RIGHT if row.right else ACCENT, face(size))
    said = lines(row.text, size, int(wide * 0.78), 1)
    pen.text((x + high * 0.9, y + high * 0.2), said[0] if said else "", RIGHT if row.right else INK, face(size))
    if row.right:
        _tick(pen, (x + wide * 0.82, y + high * 0.5), high * 0.2)


def _tick(pen: ImageDraw.ImageDraw, at: tuple[float, float], size: float) -> None:
    (x, y), width = at, max(2, int(size / 3))
    pen.line((x - size, y, x - size / 3, y + size * 0.7, x + size, y - size * 0.8), RIGHT, width)
