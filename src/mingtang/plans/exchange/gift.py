"""GIFT, read as Moodle reads it: blank lines between questions, answers in braces, a backslash before signs that mean
something. Where Moodle stops at a blank line inside braces we read on."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator

from mingtang.plans.exchange.foreign import PEER, BadFile, Choice, Foreign
from mingtang.plans.exchange.plain import plain

SIGNS = ":#={}~"
# Signs that no text has: letters.decode refuses them.
HIDDEN = {sign: chr(0xFDD0 + n) for n, sign in enumerate(SIGNS)}
SHOWN = str.maketrans({hidden: sign for sign, hidden in HIDDEN.items()})
ESCAPED = re.compile(r"\\([\\:#={}~n])")
WEIGHT = re.compile(r"%(-?[0-9]{1,3}(?:\.[0-9]*)?)%")
FORMAT = re.compile(r"^\[(html|moodle|plain|markdown)\]")
TAG = re.compile(r"\[tag:([^\]]+)\]")
TRUTH = {"T": "true", "TRUE": "true", "F": "false", "FALSE": "false"}
GAP = "_____"


def looks_like(text: str) -> bool:
    return bool(re.search(r"(?<!\\)\{", text)) or text.lstrip().startswith(("::", "$CATEGORY:"))


def read(text: str) -> list[Foreign]:
    """Raises BadFile with the line of the first question that cannot be read."""
    return [_question(block, line, comments) for block, line, comments in _blocks(text)]


def _blocks(text: str) -> Iterator[tuple[str, int, str]]:
    """Each question's text with its signs hidden, the line where it begins, and the comments before it."""
    lines: list[str] = []
    comments, begun, depth = "", 0, 0
    for number, line in enumerate([*text.split("\n"), ""], 1):
        bare = line.strip()
        if bare.startswith("//"):
            comments += bare
        elif bare.startswith("$CATEGORY:"):
            yield bare, number, ""
        elif bare or (lines and depth > 0):
            begun = begun if lines else number
            lines.append(_hidden(line))
            depth += lines[-1].count("{") - lines[-1].count("}")
        elif lines:
            yield "\n".join(lines).strip(), begun, comments
            lines, comments, depth = [], "", 0
    if lines:
        raise BadFile("import.gift_braces", line=begun)


def _hidden(text: str) -> str:
    def hide(found: re.Match[str]) -> str:
        sign = found[1]
        return "\\" if sign == "\\" else "\n" if sign == "n" else HIDDEN[sign]

    return ESCAPED.sub(hide, text)


def _shown(text: str) -> str:
    return text.translate(SHOWN).strip()


def _question(block: str, line: int, comments: str) -> Foreign:
    if block.startswith("$CATEGORY:"):
        name = block.removeprefix("$CATEGORY:").strip()
        return Foreign("note", "", name=name, line=line, lost={"category"})
    name, block = _name(block)
    start, end = block.find("{"), block.find("}")
    if (start < 0) != (end < 0) or end < start:
        raise BadFile("import.gift_braces", line=line)
    if start < 0:
        said, lost, _ = _text(block, "moodle")
        return Foreign("note", said, name=name, line=line, lost=lost)
    answers, after = block[start + 1 : end].strip(), block[end + 1 :]
    said, lost, form = _text(block[:start] + (GAP + after if after.strip() else ""), "moodle")
    question = Foreign("essay", said, name=name, line=line, lost=lost, peer=PEER in TAG.findall(comments))
    head, mark, feedback = answers.rpartition("####")
    if mark:
        answers = head.strip()
        question.lost |= {"feedback"} if feedback.strip() else set()
    _answers(question, answers, form)
    return question


def _name(block: str) -> tuple[str, str]:
    if not block.startswith("::"):
        return "", block
    name, mark, rest = block[2:].partition("::")
    return (" ".join(_shown(name).split()), rest.strip()) if mark else ("", block[2:])


def _text(text: str, form: str) -> tuple[str, set[str], str]:
    """The plain text, what was lost, and the format that the answers have too."""
    text = text.strip()
    if found := FORMAT.match(text):
        form, text = found[1], text[found.end() :]
    said, lost = plain(_shown(text), form)
    return said, lost, form


def _answers(question: Foreign, answers: str, form: str) -> None:
    if not answers:
        return
    if answers[0] == "#":
        _numbers(question, answers[1:])
    elif "~" in answers:
        _choices(question, answers, form)
    elif "=" in answers and "->" in answers:
        _pairs(question, answers, form)
    elif truth := TRUTH.get(answers.partition("#")[0].strip().upper()):
        question.kind, question.choices = "truefalse", [Choice(truth, 1.0)]
        question.lost |= {"feedback"} if answers.partition("#")[2].strip("# \n") else set()
    else:
        _accepted(question, answers)


def _choices(question: Foreign, answers: str, form: str) -> None:
    question.kind = "single" if "=" in answers else "multiple"
    for piece in _pieces(answers.replace("=", "~="), "~"):
        share, rest = (1.0, piece[1:]) if piece.startswith("=") else _weight(piece, 0.0)
        question.choices.append(Choice(_piece(question, rest, form), share))
    if len(question.choices) < 2:
        raise BadFile("import.gift_answers", line=question.line)


def _accepted(question: Foreign, answers: str) -> None:
    """What students type has no format, so Moodle takes these texts as they stand."""
    question.kind = "text"
    for piece in _pieces(answers, "="):
        share, rest = _weight(piece, 1.0)
        text, _, feedback = rest.partition("#")
        question.lost |= {"feedback"} if feedback.strip() else set()
        question.choices.append(Choice(_shown(FORMAT.sub("", text.strip(), count=1)), share))


def _pairs(question: Foreign, answers: str, form: str) -> None:
    question.kind = "matching"
    for piece in _pieces(answers, "="):
        left, mark, right = piece.partition("->")
        if not mark:
            raise BadFile("import.gift_pairs", line=question.line)
        question.pairs.append((_piece(question, left, form), _shown(right)))


def _numbers(question: Foreign, answers: str) -> None:
    question.kind = "number"
    answers, _, wrong = answers.partition("~")
    question.lost |= {"feedback"} if wrong.strip("# \n") else set()
    for piece in _pieces(answers, "="):
        share, rest = _weight(piece, 1.0)
        value = _piece(question, rest, "plain")
        if value != "*":
            question.choices.append(_number(value, share, question.line))
    if not question.choices:
        raise BadFile("import.gift_answers", line=question.line)


def _number(value: str, share: float, line: int) -> Choice:
    try:
        if ".." in value:
            low, high = (float(end) for end in value.split("..", 1))
            number, tolerance = (low + high) / 2, (high - low) / 2
        else:
            middle, _, margin = value.partition(":")
            number, tolerance = float(middle), float(margin or 0)
    except ValueError:
        raise BadFile("import.gift_number", line=line, text=value[:40]) from None
    if not (math.isfinite(number) and math.isfinite(tolerance)) or tolerance < 0:
        raise BadFile("import.gift_number", line=line, text=value[:40])
    return Choice(repr(number), share, tolerance)


def _pieces(answers: str, sign: str) -> list[str]:
    pieces = [piece.strip() for piece in answers.split(sign)]
    return pieces[1:] if not pieces[0] else pieces


def _weight(piece: str, otherwise: float) -> tuple[float, str]:
    found = WEIGHT.match(piece)
    return (float(found[1]) / 100, piece[found.end() :]) if found else (otherwise, piece)


def _piece(question: Foreign, text: str, form: str) -> str:
    """An answer without its feedback."""
    text, _, feedback = text.partition("#")
    if feedback.strip():
        question.lost.add("feedback")
    said, lost, _ = _text(text, form)
    question.lost |= lost
    return said
