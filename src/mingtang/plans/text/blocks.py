"""The lines of a plan's file in blocks: its head, and for each step a heading, settings, words and notes.

Nothing is understood here; what no block takes stays where it was, with the number of its line."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from mingtang.core.sheet import Mistake, folded, nearest, text_of, unquoted

HEADING = re.compile(r"^##[ \t]+(\S.*)$")
KIND = re.compile(r"^([^\s:：]+)[ \t]*[:：]?[ \t]*(.*)$")
SETTING = re.compile(r'^[ \t]*([^\s:：#>\\"\-][^:：]{0,30}?)[ \t]*[:：](?!//)[ \t]*(.*)$')
TITLE = re.compile(r"^#[ \t]+(\S.*)$")
NOTE = re.compile(r"^>[ \t]?(.*)$")
FENCE = "---"


class Line(NamedTuple):
    """`number` counts from 1."""

    number: int
    text: str


class Block(NamedTuple):
    """A step as it is written: its heading and the lines up to the next."""

    heading: Line
    lines: Sequence[Line]

    @property
    def text(self) -> str:
        return _joined([self.heading, *self.lines])


class Parts(NamedTuple):
    """`settings` have their own names and the number of their line; `words` and `notes` are what follows."""

    settings: Mapping[str, str]
    places: Mapping[str, int]
    words: Sequence[Line]
    notes: str


def numbered(text: str) -> list[Line]:
    plain = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    return [Line(number, line) for number, line in enumerate(plain.split("\n"), 1)]


def divided(lines: Sequence[Line]) -> tuple[list[Line], list[Block]]:
    """What stands before the first heading, and the blocks."""
    starts = [at for at, line in enumerate(lines) if HEADING.match(line.text)]
    ends = [*starts[1:], len(lines)]
    blocks = [Block(lines[at], lines[at + 1 : end]) for at, end in zip(starts, ends, strict=False)]
    return list(lines[: starts[0]] if starts else lines), blocks


def head_of(lines: Sequence[Line]) -> tuple[list[Line], list[Line], Line | None]:
    """The lines between the two fences, those outside, and the first fence if there is no second."""
    first = next((at for at, line in enumerate(lines) if line.text.strip()), None)
    if first is None or lines[first].text.strip() != FENCE:
        return [], list(lines), None
    inside = lines[first + 1 :]
    end = next((at for at, line in enumerate(inside) if line.text.strip() == FENCE), None)
    if end is not None:
        return list(inside[:end]), list(inside[end + 1 :]), None
    blank = next((at for at, line in enumerate(inside) if not line.text.strip()), len(inside))
    return list(inside[:blank]), list(inside[blank:]), lines[first]


def heading_of(block: Block) -> tuple[str, str]:
    """The word that names the step, and what follows it."""
    found = HEADING.match(block.heading.text)
    words = KIND.match(found[1].strip()) if found else None
    return (words[1], words[2].strip()) if words else (block.heading.text, "")


def setting_of(line: str) -> tuple[str, str] | None:
    found = SETTING.match(line)
    return (found[1].strip(), found[2].strip()) if found else None


def parts_of(block: Block, names: Mapping[str, str], is_free: bool) -> Parts:
    """Raises Mistake; `line` of it is a line of the file. Where words are free, only what looks like a known setting is
    one."""
    at, settings, places = 0, dict[str, str](), dict[str, int]()
    lines = block.lines
    while at < len(lines) and not lines[at].text.strip():
        at += 1
    if at < len(lines) and (at == 0 or _is_known(lines[at].text, names)):
        while at < len(lines) and (found := setting_of(lines[at].text)):
            name = _name(found[0], names, is_free, lines[at].number)
            if name is None:
                break
            if name in settings:
                raise Mistake("plan.twice", line=lines[at].number, name=found[0])
            settings[name], places[name] = found[1], lines[at].number
            at += 1
    rest = lines[at:]
    words = [line for line in rest if not NOTE.match(line.text)]
    return Parts(settings, places, words, _notes(line.text for line in rest))


def _is_known(line: str, names: Mapping[str, str]) -> bool:
    found = setting_of(line)
    return found is not None and folded(found[0]) in names


def _name(said: str, names: Mapping[str, str], is_free: bool, line: int) -> str | None:
    known = names.get(folded(said))
    if known is None and (nearest(said, names) or not (is_free or " " in said or not said.isascii())):
        raise Mistake("plan.unknown_setting", line=line, suggestion=nearest(said, names), name=said[:80])
    return known


def _notes(lines: Iterable[str]) -> str:
    said = [found[1] for line in lines if (found := NOTE.match(line))]
    if len(said) == 1 and (whole := unquoted(said[0])) is not None:
        return whole
    return "\n".join(said)


def words_of(lines: Iterable[Line]) -> str:
    return text_of(line.text for line in lines)


def _joined(lines: Iterable[Line]) -> str:
    return "\n".join(line.text for line in lines).rstrip()
