"""What the PPTX decks share: an empty presentation of one shape, headings, lines, listings, notes."""

from __future__ import annotations

from collections.abc import Iterable
from io import BytesIO
from typing import Any

from pptx import Presentation
from pptx.dml.color import RGBColor
from pptx.util import Emu, Inches, Pt

INK, GREY, BLUE = map(RGBColor.from_string, ("22211F", "6B665D", "20529A"))
TITLE_ONLY = 5  # of the layouts that python-pptx brings


def presentation(wide: float, tall: float) -> Any:
    """Inches."""
    made = Presentation()
    made.slide_width, made.slide_height = Inches(wide), Inches(tall)
    return made


def slide(deck: Any, heading: str, notes: str = "") -> Any:
    made = deck.slides.add_slide(deck.slide_layouts[TITLE_ONLY])
    title = made.shapes.title
    title.left, title.top = Inches(0.6), Inches(0.35)
    title.width, title.height = Emu(deck.slide_width - Inches(1.2)), Inches(1)
    title.text_frame.text = heading
    run = title.text_frame.paragraphs[0].runs[0]
    run.font.size, run.font.bold, run.font.color.rgb = Pt(34), True, INK
    if notes:
        made.notes_slide.notes_text_frame.text = notes
    return made


def lines(on: Any, said: Iterable[str], top: float = 1.6, size: int = 26, font: str = "", left: float = 0.8) -> None:
    """A box of lines from `top` inches down."""
    box = on.shapes.add_textbox(Inches(left), Inches(top), Inches(8.4), Inches(4))
    frame = box.text_frame
    frame.word_wrap = True
    for number, line in enumerate(said):
        paragraph = frame.paragraphs[0] if number == 0 else frame.add_paragraph()
        run = paragraph.add_run()
        run.text = line
        run.font.size, run.font.color.rgb = Pt(size), INK
        paragraph.space_after = Pt(size * (0.2 if font else 0.6))
        if font:
            run.font.name = font


def hide(made: Any) -> None:
    """The slide stays in the file and is never shown."""
    made._element.set("show", "0")


def save(deck: Any) -> bytes:
    file = BytesIO()
    deck.save(file)
    return file.getvalue()
