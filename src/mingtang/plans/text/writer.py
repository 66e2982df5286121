"""A plan written as text. The same plan is always written the same way, in the words of its language."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from mingtang.core import sheet
from mingtang.core.activity import Kinds
from mingtang.plans import model
from mingtang.plans.model import PlanStep
from mingtang.plans.text import ids, names, pages
from mingtang.plans.text.blocks import FENCE, HEADING, setting_of


def write(
    kinds: Kinds, title: str, course: str, language: str, steps: Iterable[PlanStep], files: Mapping[str, str]
) -> str:
    """`files`: the names of the decks' files, by deck."""
    head = [FENCE, *_head(title, course, language), FENCE]
    blocks, taken = ["\n".join(head)], set[str]()
    for step in steps:
        blocks.append("\n".join(_step(kinds, step, language, files, taken)))
        taken.add(step.id)
    return "\n\n".join(blocks) + "\n"


def _head(title: str, course: str, language: str) -> list[str]:
    said = {"title": title, "course": course, "language": language}
    return [f"{names.NAMES.said(key, language)}: {sheet.plain(value)}" for key, value in said.items() if value]


def _step(kinds: Kinds, step: PlanStep, language: str, files: Mapping[str, str], taken: set[str]) -> list[str]:
    if step.kind == "unread":
        return _unread(step.text)
    named = names.step_name(kinds, step.kind, language)
    argument, settings, words = _content(kinds, step, language, files)
    if step.page is None or step.id != ids.of_page(step.page.deck, step.page.page) or step.id in taken:
        settings = {"id": step.id, **settings}
    lines = [f"## {named}" + (f": {argument}" if argument else "")]
    lines += [f"{names.setting_name(kinds, step.kind, key, language)}: {value}" for key, value in settings.items()]
    if words:
        lines += ["", *_no_setting(words)]
    if step.notes:
        lines += ["", *_notes(step.notes)]
    return lines


def _content(
    kinds: Kinds, step: PlanStep, language: str, files: Mapping[str, str]
) -> tuple[str, dict[str, str], list[str]]:
    """What stands in the heading, the settings and the words."""
    if page := step.page:
        return pages.heading(files.get(page.deck, page.deck), page.page, page.title), {}, []
    if step.kind in ("timer", "break"):
        named = {"name": sheet.plain(step.text)} if step.text else {}
        return sheet.seconds(step.seconds, language), named, []
    if step.kind == "note":
        return "", {}, sheet.lines_of(step.text)
    prepared = kinds.activities[step.kind].plan if step.kind in kinds.activities else None
    if prepared is None:
        return "", {}, []
    written = prepared.write(model.content(kinds, step), language)
    return "", dict(written.settings), list(written.lines)


def _no_setting(words: list[str]) -> list[str]:
    """A first line that looks like a setting would be taken for one."""
    first = words[0]
    return ["\\" + first, *words[1:]] if setting_of(first) and not first.startswith("\\") else words


def _notes(text: str) -> list[str]:
    if sheet.is_odd(text):
        return [f"> {sheet.quoted(text)}"]
    return [f"> {line}" if line else ">" for line in text.split("\n")]


def _unread(text: str) -> list[str]:
    """As it was written, so that putting the mistake right is all there is to do."""
    lines = text.split("\n")
    if HEADING.match(lines[0]) and not any(HEADING.match(line) for line in lines[1:]):
        return lines
    return [
        f"## {names.UNREAD}",
        "",
        *("\\" + line if line.startswith(("## ", "##\t", "\\")) else line for line in lines),
    ]
