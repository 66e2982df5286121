"""Questions as Moodle XML, element for element as Moodle writes them itself."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable
from xml.sax.saxutils import escape

from mingtang.activities.peer.facts import PeerQuestion
from mingtang.activities.poll.question import PollQuestion
from mingtang.plans.exchange.asked import Answer, Asked, asked, name_of, number
from mingtang.plans.exchange.foreign import PEER

UNFIT = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
ESSAY = (
    "<responseformat>editor</responseformat><responserequired>1</responserequired>"
    "<responsefieldlines>10</responsefieldlines><attachments>0</attachments>"
)


def write(questions: Iterable[PollQuestion | PeerQuestion], left_out: str) -> str:
    """`left_out`: the sentence before the name of a question that Moodle has no kind for, written as a comment."""
    body = "\n".join(_question(question, left_out) for question in questions)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<quiz>\n{body}\n</quiz>\n'


def _question(question: PollQuestion | PeerQuestion, left_out: str) -> str:
    made = asked(question)
    if made is None:
        said = _fit(f"{left_out} {name_of(question.text)}").replace("-", "\u2010")  # two hyphens would end a comment
        return f"  <!-- {said} -->"
    penalty = "1" if made.kind == "truefalse" else "0.3333333"
    lines = [
        f'  <question type="{made.kind}">',
        f"    <name>{_text(made.name)}</name>",
        f'    <questiontext format="html">{_text(_html(made.text))}</questiontext>',
        '    <generalfeedback format="html"><text></text></generalfeedback>',
        f"    <defaultgrade>1</defaultgrade><penalty>{penalty}</penalty><hidden>0</hidden>",
        *_own(made),
        *(_answer(answer, made) for answer in made.answers),
        *([f"    <tags><tag>{_text(PEER)}</tag></tags>"] if made.peer else []),
        "  </question>",
    ]
    return "\n".join(lines)


def _own(made: Asked) -> list[str]:
    match made.kind:
        case "multichoice":
            single = "true" if made.single else "false"
            return [
                f"    <single>{single}</single><shuffleanswers>false</shuffleanswers>"
                "<answernumbering>ABCD</answernumbering>"
            ]
        case "shortanswer":
            return ["    <usecase>0</usecase>"]
        case "essay":
            return ["    " + ESSAY]
    return []


def _answer(answer: Answer, made: Asked) -> str:
    rich = made.kind == "multichoice"
    form = "html" if rich else "moodle_auto_format"
    text = _text(_html(answer.text) if rich else answer.text)
    margin = f"<tolerance>{number(answer.tolerance)}</tolerance>" if made.kind == "numerical" else ""
    feedback = '<feedback format="html"><text></text></feedback>'
    return f'    <answer fraction="{answer.share}" format="{form}">{text}{margin}{feedback}</answer>'


def _html(text: str) -> str:
    return "<br>".join(html.escape(line, quote=False) for line in text.split("\n"))


def _text(text: str) -> str:
    return f"<text>{escape(_fit(text))}</text>"


def _fit(text: str) -> str:
    """XML has no controls and no half characters."""
    return UNFIT.sub("", text)
