"""What is the same to somebody who searches: width, case and accents do not matter; and what a text is found by.

Scripts written without spaces are found by overlapping pairs of signs, all others by whole words and how they begin."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

# Han with its extensions, kana, hangul, Thai, Lao, Khmer, Burmese.
CLOSE = (
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3005-\u3007\u3041-\u30ff\u3400-\u4dbf\u4e00-\u9fff"
    "\uac00-\ud7af\uf900-\ufaff\U00020000-\U0003ffff"
)
_RUN = re.compile(f"([{CLOSE}]+)|((?:(?![{CLOSE}])[^\\W_])+)")
_ACCENTS = re.compile("[\u0300-\u036f]")
MOST_TERMS = 12


class Term(NamedTuple):
    """`close`: a stretch of a script without spaces, found anywhere; else the beginning of a word."""

    text: str
    close: bool


@lru_cache(maxsize=65536)
def fold_sign(sign: str) -> str:
    """One sign as it is searched; may become several, or none (an accent that stands alone)."""
    wide = unicodedata.normalize("NFKC", sign).casefold()
    return unicodedata.normalize("NFC", _ACCENTS.sub("", unicodedata.normalize("NFD", wide)))


def fold(text: str) -> str:
    return "".join(map(fold_sign, unicodedata.normalize("NFC", text)))


def placed(text: str) -> tuple[str, str, list[int]]:
    """The text in normal form, the same folded, and for each folded sign the place of the sign that it came from."""
    normal = unicodedata.normalize("NFC", text)
    folded, places = [], []
    for place, sign in enumerate(normal):
        for one in fold_sign(sign):
            folded.append(one)
            places.append(place)
    return normal, "".join(folded), places


def runs(folded: str) -> Iterator[Term]:
    for found in _RUN.finditer(folded):
        yield Term(found[0], bool(found[1]))


def grams(text: str) -> str:
    """What the index holds of a text, parted by spaces. The last sign of a stretch stands alone, so that every sign
    begins exactly one gram: a single sign is found as the beginning of a pair."""
    return " ".join(gram for run in runs(fold(text)) for gram in (_pairs(run.text) if run.close else [run.text]))


def _pairs(text: str) -> list[str]:
    return [*(text[at : at + 2] for at in range(len(text) - 1)), text[-1]]


def terms(query: str) -> list[Term]:
    """What is asked for, each once."""
    return list(dict.fromkeys(runs(fold(query))))[:MOST_TERMS]


def expression(asked: list[Term]) -> str:
    """The same as FTS5 asks: all of it must be there."""
    return " AND ".join(_phrase(term) for term in asked)


def _phrase(term: Term) -> str:
    if not term.close:
        return f'"{term.text}"' if term.text.isdigit() else f'"{term.text}"*'
    if len(term.text) == 1:
        return f'"{term.text}"*'
    return '"' + " ".join(_pairs(term.text)[:-1]) + '"'
