"""Decks as teachers have them, drawn by script: mathematics, history, program listings, optics, photographs, a long
review. Tests read them, the generator of lessons teaches on them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal, NamedTuple

from tools.decks import algebra, loops, mountains, optics, review, tang


class Deck(NamedTuple):
    """`pages` as students see them; a hidden slide of a presentation is none. `notes`: pages with speaker's notes."""

    title: str
    language: Literal["en", "zh"]
    ending: Literal["pdf", "pptx"]
    pages: int
    notes: int
    make: Callable[[], bytes]

    @property
    def file(self) -> str:
        return f"{self.title.replace(' ', '_').replace('？', '')}.{self.ending}"


DECKS: dict[str, Deck] = {
    "algebra": Deck(algebra.TITLE, "en", "pdf", algebra.PAGES, 0, algebra.make),
    "tang": Deck(tang.TITLE, "zh", "pdf", tang.PAGES, 0, tang.make),
    "loops": Deck(loops.TITLE, "en", "pptx", loops.PAGES, loops.NOTES, loops.make),
    "optics": Deck(optics.TITLE, "zh", "pptx", optics.PAGES, optics.NOTES, optics.make),
    "mountains": Deck(mountains.TITLE, "en", "pdf", mountains.PAGES, 0, mountains.make),
    "review": Deck(review.TITLE, "zh", "pdf", review.PAGES, 0, review.make),
}
