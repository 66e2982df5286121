"""Moodle's cloze: a text with questions in braces, {1:SHORTANSWER:=Paris~%50%Lyon#near}. Each becomes a question of its
own, the text around it the same; the other gaps are left open in it."""

from __future__ import annotations

import re

from mingtang.plans.exchange.foreign import Choice, Foreign

KINDS = {
    **dict.fromkeys(("SHORTANSWER", "SA", "MW", "SHORTANSWER_C", "SAC", "MWC"), "text"),
    **dict.fromkeys(("NUMERICAL", "NM"), "number"),
    **dict.fromkeys(("MULTICHOICE", "MC", "MULTICHOICE_V", "MCV", "MULTICHOICE_H", "MCH"), "single"),
    **dict.fromkeys(("MULTICHOICE_S", "MCS", "MULTICHOICE_VS", "MCVS", "MULTICHOICE_HS", "MCHS"), "single"),
    **dict.fromkeys(("MULTIRESPONSE", "MR", "MULTIRESPONSE_H", "MRH"), "multiple"),
    **dict.fromkeys(("MULTIRESPONSE_S", "MRS", "MULTIRESPONSE_HS", "MRHS"), "multiple"),
}
BEGIN = re.compile(r"\{[0-9]*:([A-Z_]+):")
ESCAPE = re.compile(r"\\([\\}#~/\"=])")
WEIGHT = re.compile(r"\s*(?:(=)|%(-?[0-9]{1,3}(?:\.[0-9]*)?)%)?")
GAP, OTHER = "_____", "…"


def split(text: str, name: str, line: int) -> tuple[list[Foreign], str]:
    """The questions, and the text with every gap open. No question when there is no gap that can be read."""
    parts: list[str] = []
    found: list[Foreign] = []
    at = 0
    for begin in BEGIN.finditer(text):
        end = _end(text, begin.end())
        kind = KINDS.get(begin[1])
        if begin.start() < at or end < 0 or kind is None:
            continue
        parts.append(text[at : begin.start()])
        found.append(_gap(kind, text[begin.end() : end], name, line, case=begin[1] in ("SHORTANSWER_C", "SAC", "MWC")))
        at = end + 1
    parts.append(text[at:])
    for number, question in enumerate(found):
        gaps = [GAP if n == number else OTHER for n in range(len(found))]
        question.text = "".join(part + gap for part, gap in zip(parts, [*gaps, ""], strict=True))
    return found, GAP.join(parts)


def _end(text: str, at: int) -> int:
    """The brace that closes; a backslash before it makes it a letter."""
    while (end := text.find("}", at)) >= 0:
        if text[end - 1] != "\\":
            return end
        at = end + 1
    return -1


def _gap(kind: str, answers: str, name: str, line: int, case: bool) -> Foreign:
    question = Foreign(kind, "", name=name, line=line)  # type: ignore[arg-type]
    question.lost |= {"case"} if case else set()
    for piece in re.split(r"(?<!\\)~", answers):
        weight = WEIGHT.match(piece)
        assert weight is not None
        share = 1.0 if weight[1] else float(weight[2]) / 100 if weight[2] else 0.0
        said, *feedback = re.split(r"(?<!\\)#", piece[weight.end() :], maxsplit=1)
        question.lost |= {"feedback"} if any(f.strip() for f in feedback) else set()
        said = ESCAPE.sub(r"\1", said).strip()
        if kind == "number":
            _number(question, said, share)
        elif said:
            question.choices.append(Choice(said, share))
    return question


def _number(question: Foreign, said: str, share: float) -> None:
    value, _, margin = said.partition(":")
    try:
        question.choices.append(Choice(repr(float(value)), share, abs(float(margin or 0))))
    except ValueError:
        question.lost |= set() if said in ("*", "") else {"formula"}
