"""Moodle XML, read. The file comes from anywhere: no entities, no DTD, no depth without end."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from typing import Any
from xml.etree.ElementTree import Element, ParseError, TreeBuilder

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import DefusedXMLParser

from mingtang.plans.exchange import cloze
from mingtang.plans.exchange.foreign import PEER, BadFile, Choice, Foreign
from mingtang.plans.exchange.plain import plain

DEEPEST = 40
HEAD = re.compile(r"^\s*<\?xml[^>]*\?>")
FORMS = {"moodle_auto_format": "moodle", "plain_text": "plain", "markdown": "markdown"}
USUAL_PENALTIES = frozenset({0.0, 0.1, 0.3333333, 1.0})  # what Moodle writes when nobody chose one
MEDIA = (".mp3", ".ogg", ".oga", ".wav", ".mp4", ".webm", ".ogv")
FEEDBACKS = ("generalfeedback", "correctfeedback", "partiallycorrectfeedback", "incorrectfeedback")


def looks_like(text: str) -> bool:
    return bool(re.match(r"\s*(<\?xml|<quiz\b|<!DOCTYPE|<!--)", text))


def read(text: str) -> list[Foreign]:
    """Raises BadFile for what is not well formed, is hostile, or is no Moodle quiz."""
    root = _parsed(text)
    if root.tag != "quiz":
        raise BadFile("import.not_moodle", tag=str(root.tag)[:40])
    found: list[Foreign] = []
    for number, element in enumerate(root.findall("question"), 1):
        found += _question(element, number)
    return found


class _Tree(TreeBuilder):
    def __init__(self) -> None:
        super().__init__()
        self._depth = 0

    def start(self, tag: Any, attrs: Any, /) -> Element:
        self._depth += 1
        if self._depth > DEEPEST:
            raise BadFile("import.hostile")
        return super().start(tag, attrs)

    def end(self, tag: Any, /) -> Element:
        self._depth -= 1
        return super().end(tag)


def _parsed(text: str) -> Element:
    parser = DefusedXMLParser(target=_Tree(), forbid_dtd=True)
    try:
        parser.feed(HEAD.sub("", text))
        root: Element = parser.close()
    except DefusedXmlException as hostile:
        raise BadFile("import.hostile") from hostile
    except ParseError as error:
        raise BadFile("import.xml_broken", line=error.position[0]) from error
    return root


def _question(element: Element, number: int) -> list[Foreign]:
    kind = element.get("type", "")
    if kind == "category":
        name = _plain_text(element, "category")
        return [Foreign("note", "", name=name, line=number, lost={"category"})]
    name = _plain_text(element, "name")
    if kind == "cloze" or kind == "multianswer":
        return _cloze(element, name, number)
    text, lost = _rich(element.find("questiontext"))
    question = Foreign("note", text, name=name or f"#{number}", line=number, lost=lost | _lost(element))
    if (reader := READERS.get(kind)) is None:
        question.text, question.lost = "", {"unsupported"}
        question.params = {"unsupported": {"type": kind[:40]}}
        return [question]
    question.peer = PEER in [_plain_text(tag) for tag in element.iterfind("tags/tag")]
    reader(element, question)
    return [question]


def _cloze(element: Element, name: str, number: int) -> list[Foreign]:
    text, lost = _rich(element.find("questiontext"))
    found, _ = cloze.split(text, name or f"#{number}", number)
    if not found:
        return [Foreign("note", "", name=name or f"#{number}", line=number, lost={"cloze_empty"})]
    found[0].lost |= lost | _lost(element)
    if len(found) > 1:
        found[0].lost.add("cloze")
        found[0].params["cloze"] = {"n": len(found)}
    return found


def _multichoice(element: Element, question: Foreign) -> None:
    single = (element.findtext("single") or "true").strip().lower() not in ("false", "0", "")
    question.kind = "single" if single else "multiple"
    question.choices = [_choice(answer, question) for answer in element.iterfind("answer")]


def _truefalse(element: Element, question: Foreign) -> None:
    """An old file may say it in another language; then the first is true and the second false."""
    question.kind = "truefalse"
    right = "true"
    for place, answer in enumerate(element.iterfind("answer")):
        said = _plain_text(answer).lower()
        if _share(answer) > 0:
            right = said if said in ("true", "false") else ("true", "false")[min(place, 1)]
        _feedback(answer, question)
    question.choices = [Choice(right, 1.0)]


def _shortanswer(element: Element, question: Foreign) -> None:
    question.kind = "text"
    question.lost |= {"case"} if (element.findtext("usecase") or "0").strip() == "1" else set()
    for answer in element.iterfind("answer"):
        question.choices.append(Choice(_plain_text(answer), _share(answer)))
        _feedback(answer, question)


def _numerical(element: Element, question: Foreign) -> None:
    question.kind = "number"
    question.lost |= {"units"} if element.find("units/unit") is not None else set()
    for answer in element.iterfind("answer"):
        value = _plain_text(answer) or (answer.text or "").strip()
        _feedback(answer, question)
        if value == "*":
            continue
        number, tolerance = _real(value), _real((answer.findtext("tolerance") or "0").strip() or "0")
        if number is None or tolerance is None:
            question.lost.add("formula")
        else:
            question.choices.append(Choice(repr(number), _share(answer), abs(tolerance)))


def _matching(element: Element, question: Foreign) -> None:
    question.kind = "matching"
    for pair in element.iterfind("subquestion"):
        left, lost = _rich(pair)
        question.lost |= lost
        question.pairs.append((left, _plain_text(pair, "answer")))


def _essay(element: Element, question: Foreign) -> None:
    question.kind = "essay"
    if any(_plain_text(element, part) for part in ("graderinfo", "responsetemplate")):
        question.lost.add("grading")


def _description(element: Element, question: Foreign) -> None:
    question.kind = "note"


READERS: dict[str, Callable[[Element, Foreign], None]] = {
    "multichoice": _multichoice,
    "truefalse": _truefalse,
    "shortanswer": _shortanswer,
    "numerical": _numerical,
    "matching": _matching,
    "essay": _essay,
    "description": _description,
}


def _choice(answer: Element, question: Foreign) -> Choice:
    text, lost = _rich(answer)
    question.lost |= lost
    _feedback(answer, question)
    return Choice(text, _share(answer))


def _share(answer: Element) -> float:
    return (_real(answer.get("fraction") or answer.findtext("fraction") or "0") or 0.0) / 100


def _real(text: str) -> float | None:
    try:
        number = float(text)
    except ValueError:
        return None
    return number if math.isfinite(number) else None


def _feedback(answer: Element, question: Foreign) -> None:
    if _rich(answer.find("feedback"))[0]:
        question.lost.add("feedback")


def _lost(element: Element) -> set[str]:
    lost = {"feedback"} if any(_rich(element.find(part))[0] for part in FEEDBACKS) else set()
    if any(_rich(hint)[0] for hint in element.iterfind("hint")):
        lost.add("hints")
    if (penalty := _real((element.findtext("penalty") or "0").strip() or "0")) is not None:
        lost |= set() if any(abs(penalty - usual) < 0.005 for usual in USUAL_PENALTIES) else {"penalty"}
    tags = [tag for tag in map(_plain_text, element.iterfind("tags/tag")) if tag and tag != PEER]
    return lost | ({"tags"} if tags else set())


def _plain_text(element: Element, part: str = "") -> str:
    found = element.find(f"{part}/text" if part else "text")
    return " ".join((found.text or "").split()) if found is not None else ""


def _rich(element: Element | None) -> tuple[str, set[str]]:
    if element is None:
        return "", set()
    said, lost = plain(element.findtext("text") or "", FORMS.get(element.get("format", "html"), "html"))
    for file in element.iterfind("file"):
        lost.add("media" if (file.get("name") or "").lower().endswith(MEDIA) else "picture")
    return said, lost
