"""A plan read from text, whoever wrote it. What cannot be read is kept as it stands and told with its line."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec
from msgspec import Struct, field

from mingtang.core import sheet
from mingtang.core.activity import Kinds
from mingtang.core.event import is_id
from mingtang.core.sheet import Mistake, Sheet
from mingtang.plans import model
from mingtang.plans.model import MOST_STEPS, BadStep, PlanPage, PlanStep
from mingtang.plans.text import blocks, ids, names, pages
from mingtang.plans.text.blocks import Block, Line, Parts
from mingtang.plans.text.pages import PlanFile

MOST_PROBLEMS = 200


class Problem(Struct, omit_defaults=True):
    """A place that could not be read. `code` is a message key, `suggestion` what may have been meant."""

    line: int
    code: str
    params: dict[str, Any] = field(default_factory=dict)
    suggestion: str = ""


class Parsed(Struct):
    """`language` is "" where the file does not say it. `written`: ids that stand in it; `taken`: all there are."""

    title: str = ""
    course: str = ""
    language: str = ""
    steps: list[PlanStep] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    written: set[str] = field(default_factory=set)
    taken: set[str] = field(default_factory=set)


def parse(kinds: Kinds, text: str, files: Sequence[PlanFile] = ()) -> Parsed:
    """Never fails. `files` are those beside the text."""
    found = Parsed()
    before, steps = blocks.divided(blocks.numbered(text))
    _head(found, before)
    for block in steps[: MOST_STEPS - 2]:
        _block(found, kinds, block, files)
    if left := steps[MOST_STEPS - 2 :]:
        found.problems.insert(0, Problem(left[0].heading.number, "plan.too_many_steps", {"most": MOST_STEPS}))
        _unread(found, "\n".join(block.text for block in left))
    del found.problems[MOST_PROBLEMS:]
    return found


def _tell(found: Parsed, line: int, mistake: Mistake) -> None:
    found.problems.append(Problem(line, mistake.code, mistake.params, mistake.suggestion))


# The head


def _head(found: Parsed, before: Sequence[Line]) -> None:
    inside, outside, open_fence = blocks.head_of(before)
    left = [line for line in inside if not _head_line(found, line)]
    if open_fence:
        found.problems.append(Problem(open_fence.number, "plan.head_open", {}, "---"))
    for line in outside:
        title = blocks.TITLE.match(line.text)
        if title and not found.title:
            found.title = title[1].strip()
        elif line.text.strip() or left:
            left.append(line)
    text = "\n".join(line.text for line in left).strip("\n").rstrip()
    if text.strip():
        first = next(line.number for line in left if line.text.strip())
        if not any(problem.line == first for problem in found.problems):
            found.problems.append(Problem(first, "plan.words_before"))
        _unread(found, text)


def _head_line(found: Parsed, line: Line) -> bool:
    """False for a line that is left over."""
    if not line.text.strip():
        return True
    try:
        said = blocks.setting_of(line.text)
        if said is None:
            raise Mistake("plan.no_setting", value=line.text.strip()[:80])
        key = sheet.meant(said[0], names.NAMES.meanings(names.PLAN), "plan.unknown_setting", name=said[0][:80])
        if getattr(found, key):
            raise Mistake("plan.twice", name=said[0])
        value = sheet.value_of(said[1])
        if key == "language":
            value = sheet.meant(value, names.LANGUAGES, "plan.unknown_value") if value else ""
        setattr(found, key, value)
    except Mistake as mistake:
        _tell(found, line.number, mistake)
        return False
    return True


# The steps


def _block(found: Parsed, kinds: Kinds, block: Block, files: Sequence[PlanFile]) -> None:
    parts: Parts | None = None
    try:
        word, argument = blocks.heading_of(block)
        if word == names.UNREAD:
            raise Mistake("plan.unread")
        known = names.step_names(kinds)
        kind = sheet.meant(word, known, "plan.unknown_step", name=word[:80])
        parts = blocks.parts_of(block, names.setting_names(kinds, kind), kind in ("page", "board", "note"))
        steps = _steps(kinds, kind, argument, parts, files)
    except (Mistake, BadStep) as bad:
        mistake = bad if isinstance(bad, Mistake) else Mistake(bad.code, **bad.params)
        _tell(found, _line_of(block, parts, mistake), mistake)
        _unread(found, _left(block, mistake))
        return
    for step in steps:
        _take(found, step, parts if step is steps[0] else None)


def _left(block: Block, mistake: Mistake) -> str:
    if mistake.code != "plan.unread":
        return block.text
    lines = block.text.split("\n")[1:]
    plain = [line[1:] if line.startswith("\\") else line for line in lines]
    return "\n".join(plain).strip("\n")


def _line_of(block: Block, parts: Parts | None, mistake: Mistake) -> int:
    """Before the parts are known a mistake's line is one of the file, afterwards one of the words."""
    if parts is None:
        return mistake.line or block.heading.number
    if mistake.key in parts.places:
        return parts.places[mistake.key]
    if mistake.line is not None and mistake.line < len(parts.words):
        return parts.words[mistake.line].number
    return block.heading.number


def _steps(kinds: Kinds, kind: str, argument: str, parts: Parts, files: Sequence[PlanFile]) -> list[PlanStep]:
    """Raises Mistake or BadStep."""
    if kind == "page":
        file, numbers = pages.read(argument, files)
        steps = [_page(file.deck, number) for number in numbers]
        steps[0].notes = _all_notes(parts)
        return _allowed(kinds, steps)
    step = PlanStep(id="x", kind=kind, notes=parts.notes)
    if kind in ("timer", "break"):
        step.text, step.seconds = sheet.value_of(parts.settings.get("name", "")), _seconds(argument, parts)
    if kind in ("board", "timer", "break"):
        step.notes = _all_notes(parts)
    elif kind == "note":
        step.text = "\n".join(text for text in (argument, blocks.words_of(parts.words)) if text)
    else:
        step.question = _question(kinds, kind, argument, parts)
    return _allowed(kinds, [step])


def _allowed(kinds: Kinds, steps: list[PlanStep]) -> list[PlanStep]:
    """As a plan would keep them."""
    for step in steps:
        if len(step.notes) > 4000:
            raise Mistake("plan.long_notes", most=4000)
    return [one for step in steps for one in model.checked(kinds, [step])]


def _page(deck: str, number: int) -> PlanStep:
    return PlanStep(id=ids.of_page(deck, number), kind="page", page=PlanPage(deck=deck, page=number))


def _all_notes(parts: Parts) -> str:
    """Such a step shows no words of its own: whatever is written there is for the speaker."""
    return "\n\n".join(text for text in (blocks.words_of(parts.words), parts.notes) if text)


def _seconds(argument: str, parts: Parts) -> int:
    said = argument or parts.settings.get("length", "")
    if not said:
        raise Mistake("plan.no_seconds", suggestion="5 min")
    return sheet.seconds_of(sheet.value_of(said), "" if argument else "length")


def _question(kinds: Kinds, kind: str, argument: str, parts: Parts) -> dict[str, Any]:
    prepared = kinds.activities[kind].plan
    assert prepared is not None
    settings = {key: value for key, value in parts.settings.items() if key != "id"}
    if argument and "text" not in settings:
        settings["text"] = argument
    try:
        content = prepared.read(Sheet(settings, [line.text for line in parts.words]))
    except msgspec.ValidationError as error:
        raise Mistake("plan.bad_question", reason=str(error)) from error
    return model.plain(content)


def _take(found: Parsed, step: PlanStep, parts: Parts | None) -> None:
    """With the id it is written with, or one made of its words."""
    taken = found.taken
    said = sheet.value_of(parts.settings["id"]) if parts and "id" in parts.settings else ""
    line = parts.places["id"] if parts and said else 0
    if said and (not is_id(said) or said in taken):
        code = "plan.same_id" if said in taken else "plan.bad_id"
        found.problems.append(Problem(line, code, {"value": said[:80]}))
        said = ""
    if said:
        found.written.add(said)
    step.id = said or ids.free(ids.made(step), taken)
    _add(found, step)


def _unread(found: Parsed, text: str) -> None:
    step = PlanStep(id="x", kind="unread", text=text)
    step.id = ids.free(ids.made(step), found.taken)
    _add(found, step)


def _add(found: Parsed, step: PlanStep) -> None:
    found.steps.append(step)
    found.taken.add(step.id)
