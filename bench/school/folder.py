"""A data folder as a term leaves it: lessons in the log and in the catalog, slides with pictures and text on disk."""

from __future__ import annotations

import asyncio
import json
import shutil
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from io import BytesIO
from itertools import cycle, islice
from pathlib import Path
from random import Random

import pypdfium2 as pdfium

from bench.school.clock import MINUTE
from bench.school.hour import BEGIN, LENGTH, Page, Taught, teach
from mingtang.catalog.book import Catalog
from mingtang.stores.sqlite import SqliteStore
from mingtang.web.decks.drawing import WIDTHS, draw, scaled
from mingtang.web.decks.drawing import Page as PagePicture
from mingtang.web.decks.shelf import Shelf
from mingtang.web.folder import Folder
from mingtang.web.tokens import Seals
from tools import demo_deck
from tools.decks import DECKS

WEEK = 7 * 24 * 60 * MINUTE
BATCH = 5000
ORDER = ("demo-zh", "demo-en", "tang", "algebra", "review", "mountains")
DEMO_PAGES = 9


class Drawn:
    """A deck's pages drawn once, to be put on the shelf for each lesson. A short deck begins again from its first."""

    def __init__(self, name: str, title: str, lang: str, pdf: bytes, most: int, place: Path) -> None:
        self.name, self.title, self.lang, self.place = name, title, lang, place
        self.pages = [(page.picture.size, page.title) for page in _drawn(pdf, most, place)]

    def shelve(self, shelf: Shelf, work: Path, most: int) -> list[Page]:
        pages = []
        for number, (place, ((width, height), title)) in enumerate(islice(cycle(enumerate(self.pages, 1)), most), 1):
            copy = Path(shutil.copytree(self.place / str(place), work / f"{self.name}-{number}"))
            pages.append(Page(shelf.take(copy), width, height, title))
        return pages


def _drawn(pdf: bytes, most: int, place: Path) -> Iterator[PagePicture]:
    document = pdfium.PdfDocument(BytesIO(pdf))
    document.init_forms()
    for index in range(min(most, len(document))):
        page = draw(document, index)
        folder = place / str(index + 1)
        folder.mkdir(parents=True)
        for width in WIDTHS:
            scaled(page.picture, width).save(folder / f"{width}.webp", "WEBP", quality=80, method=2)
        text = json.dumps({"runs": page.runs}, ensure_ascii=False, separators=(",", ":"))
        (folder / "text.json").write_text(text, encoding="utf-8")
        yield page


@cache
def _deck(number: int, slides: int, work: Path) -> Drawn:
    """The deck of the lesson of this number: lessons take turns with them. Those of PowerPoint need another program."""
    name = ORDER[number % len(ORDER)]
    if name in DECKS:
        deck = DECKS[name]
        return Drawn(name, deck.title, deck.language, deck.make(), slides, work / name)
    lang = name.removeprefix("demo-")
    return Drawn(name, demo_deck.title(lang), lang, demo_deck.deck(lang, min(slides, DEMO_PAGES)), slides, work / name)


def lesson_id(seed: int) -> str:
    return format(Random(f"lesson {seed}").getrandbits(64), "016x")


async def fill(
    path: Path,
    lessons: int = 1,
    students: int = 300,
    events: int = 0,
    slides: int = 60,
    seed: int = 1,
    ended: bool = True,
) -> list[str]:
    """Adds so many lessons, a week apart, and gives their ids. Codes and assets are drawn by chance, as always; the
    rest follows from the seed. No server may be running on the folder."""  # fmt: skip
    folder = Folder(path)
    folder.prepare()
    seals = Seals(folder.secret(), folder.teacher_key())
    store, catalog, shelf = await SqliteStore.open(folder.log), Catalog(folder.catalog), Shelf(folder.assets)
    made = []
    try:
        with tempfile.TemporaryDirectory(dir=path) as work:
            for number in range(seed, seed + lessons):
                deck = _deck(number % len(ORDER), slides, Path(work)) if slides else None
                pages = deck.shelve(shelf, Path(work), slides) if deck else []
                lang, title = (deck.lang, deck.title) if deck else ("en", "Without slides")
                id, begin = lesson_id(number), BEGIN + (number - seed) * WEEK
                row = await catalog.add_lesson(id, title, "CS101", lang, begin)
                taught = teach(
                    number, students, events, pages, lang, title, row.code, "CS101", begin,
                    seals.teacher_member(id), ended,
                )  # fmt: skip
                await _keep(store, catalog, id, taught, deck, pages)
                made.append(id)
    finally:
        await store.close()
        await catalog.close()
    return made


async def _keep(
    store: SqliteStore, catalog: Catalog, id: str, taught: Taught, deck: Drawn | None, pages: list[Page]
) -> None:
    rows = taught.rows
    for first in range(0, len(rows), BATCH):
        await store.append(id, first, rows[first : first + BATCH])
    state = taught.lesson.states["lesson"]
    if deck:
        name = f"{id[:8]}-{deck.name}"
        await catalog.add_deck(name, id, f"{deck.name}.pdf", len(pages), "0" * 64, state.opened)
        for number, page in enumerate(pages, 1):
            await catalog.add_page(name, number, page.asset)
        await catalog.finish_deck(name, "ready")
    await catalog.follow(id, state.title, state.ended, sum(1 for _ in taught.lesson.people.students()))


def run(path: Path, lessons: int, students: int, events: int, slides: int, seed: int, ended: bool) -> list[str]:
    """`fill` from where no event loop is, or another one (as in tests with real browsers)."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, fill(path, lessons, students, events, slides, seed, ended)).result()


__all__ = ["LENGTH", "fill", "lesson_id", "run"]
