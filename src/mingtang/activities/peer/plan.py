"""A question of peer instruction prepared in a plan: as it is asked, and as people write it by hand."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from mingtang.activities.peer import rules
from mingtang.activities.peer.facts import LETTERS, PeerQuestion
from mingtang.core import sheet
from mingtang.core.event import Command
from mingtang.core.preparation import Names
from mingtang.core.sheet import Mistake, Option, Sheet

Content = PeerQuestion

title = "peer.step"
settings = ("right", "text")
names = Names(
    zh={"peer": "同伴讨论", "right": "正确", "text": "题目"},
    also={"同伴教学": "peer", "peer instruction": "peer", "answer": "right", "答案": "right", "问题": "text"},
)


def check(content: PeerQuestion) -> PeerQuestion:
    rules.check(content)
    return content


def prepare(id: str, content: PeerQuestion) -> Iterable[Command]:
    yield rules.Make(id=id, question=content)


def write(content: PeerQuestion, language: str) -> Sheet:
    options = (Option(LETTERS[n] == content.right, text) for n, text in enumerate(content.options))
    lines = [*sheet.lines_of(content.text, r"[-*+][ \t]"), "", *map(sheet.option_line, options)]
    return Sheet({}, lines)


def read(written: Sheet) -> PeerQuestion:
    lines, options = sheet.part(written.lines)
    text = sheet.text_of(lines) or sheet.value_of(written.settings.get("text", ""))
    if not text.strip():
        raise Mistake("plan.no_text")
    if len(options) < 2:
        raise Mistake("poll.too_few_options")
    found = {
        "text": text,
        "options": [one.text for one in options],
        "right": _right(options, written.settings.get("right", "")),
    }
    return msgspec.convert(found, PeerQuestion)


def _right(options: list[Option], said: str) -> str:
    marked = [letter for letter, option in zip(LETTERS, options, strict=False) if option.marked]
    if said and not marked:
        return sheet.meant(said, {letter: letter for letter in LETTERS[: len(options)]}, "plan.unknown_option", "right")
    if len(marked) != 1:
        raise Mistake("peer.bad_right")
    return marked[0]
