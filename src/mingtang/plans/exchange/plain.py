"""Formatted text to the plain text of our questions, and what was lost on the way."""

from __future__ import annotations

import html
import re
from html.parser import HTMLParser

from mingtang.core.text import tidy

BREAKS = frozenset({"br", "p", "div", "li", "tr", "pre", "ul", "ol", "table", "h1", "h2", "h3", "h4", "h5", "h6", "hr"})
QUIET = BREAKS | {"span", "html", "body", "td", "th", "tbody", "thead"}
PICTURES = frozenset({"img", "svg", "object", "canvas"})
MEDIA = frozenset({"audio", "video", "iframe", "embed", "source"})
UNREAD = frozenset({"script", "style", "head", "title"})
STYLES = frozenset({"a", "b", "i", "u", "s", "em", "strong", "sub", "sup", "code", "tt", "font", "small", "big", "del"})
KNOWN = QUIET | PICTURES | MEDIA | UNREAD | STYLES
UP = str.maketrans("0123456789+-=()n", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾ⁿ")
DOWN = str.maketrans("0123456789+-=()", "₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎")
SHIFTS = {"sup": UP, "sub": DOWN}
TAG = re.compile(r"</?([A-Za-z][A-Za-z0-9]*)\b[^<>]*>")
ENTITY = re.compile(r"&(?:[A-Za-z]{2,8}|#[0-9]{1,7}|#x[0-9a-fA-F]{1,6});")


def plain(text: str, form: str = "html") -> tuple[str, set[str]]:
    """`form`: html, moodle (HTML where it has tags that HTML knows), plain or markdown. Lines stay lines."""
    if form in ("plain", "markdown", "plain_text"):
        return _lines(text), set()
    if form != "html" and not _is_html(text):
        return _lines(html.unescape(text) if ENTITY.search(text) else text), set()
    reader = _Reader()
    reader.feed(text)
    reader.close()
    return _lines("".join(reader.said)), reader.lost


def _is_html(text: str) -> bool:
    return any(tag.lower() in KNOWN for tag in TAG.findall(text))


def _lines(text: str) -> str:
    """Each line as it was meant; no empty ones."""
    return "\n".join(line for line in map(tidy, text.split("\n")) if line)


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.said: list[str] = []
        self.lost: set[str] = set()
        self._unread = 0
        self._shift = ""
        self._verbatim = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._break(tag)
        if tag in UNREAD:
            self._unread += 1
        elif tag in PICTURES or tag in MEDIA:
            self._seen(tag, dict(attrs))
        elif tag in SHIFTS:
            self._shift = tag
        elif tag == "a":
            self.lost.add("link")
        elif tag not in QUIET:
            self.lost.add("formatting")
        if tag == "pre":
            self._verbatim += 1

    def handle_endtag(self, tag: str) -> None:
        self._break(tag)
        if tag in UNREAD:
            self._unread = max(0, self._unread - 1)
        elif tag == "pre":
            self._verbatim = max(0, self._verbatim - 1)
        elif tag == self._shift:
            self._shift = ""

    def handle_data(self, data: str) -> None:
        if self._unread:
            return
        if not self._verbatim:
            data = re.sub(r"\s+", " ", data)
        self.said.append(self._shifted(data) if self._shift else data)

    def _seen(self, tag: str, attributes: dict[str, str | None]) -> None:
        self.lost.add("picture" if tag in PICTURES else "media")
        if told := attributes.get("alt"):
            self.said.append(f"[{told}]")

    def _shifted(self, data: str) -> str:
        """x² where there are such signs."""
        moved = data.translate(SHIFTS[self._shift])
        if all(new != old for new, old in zip(moved, data, strict=True)):
            return moved
        self.lost.add("formatting")
        return data

    def _break(self, tag: str) -> None:
        if tag in BREAKS:
            self.said.append("\n")
        elif tag in ("td", "th"):
            self.said.append(" ")
