"""The slides that tests, figures and photographs use: real pages whose words can be read back."""

from __future__ import annotations

import shutil

import pypdfium2
import pytest

from tools.demo_deck import PAGES, deck, title


@pytest.mark.parametrize(("lang", "words"), [("en", "A search walks the chain."), ("zh", "查找时沿着链走。")])
def test_the_deck_opens_and_its_words_are_there_in_both_languages(lang: str, words: str) -> None:
    if lang == "zh" and not shutil.which("fc-match"):
        pytest.skip("fontconfig is not installed")
    opened = pypdfium2.PdfDocument(deck(lang))
    assert len(opened) == len(PAGES)
    assert words in opened[4].get_textpage().get_text_range()
    assert opened.get_metadata_dict()["Title"] == title(lang)


def test_a_longer_deck_begins_again() -> None:
    assert len(pypdfium2.PdfDocument(deck(pages=60))) == 60
