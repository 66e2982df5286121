"""Questions as GIFT that Moodle reads back as the same ones."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable

from mingtang.activities.peer.facts import PeerQuestion
from mingtang.activities.poll.question import PollQuestion
from mingtang.plans.exchange.asked import Answer, Asked, asked, name_of, number
from mingtang.plans.exchange.foreign import PEER

SIGNS = re.compile(r"[\\:#={}~]")
WEIGHT = re.compile(r"%-?[0-9]")


def write(questions: Iterable[PollQuestion | PeerQuestion], left_out: str) -> str:
    """`left_out`: the sentence before the name of a question that GIFT cannot hold, written as a comment."""
    return "\n".join(_block(question, left_out) for question in questions)


def _block(question: PollQuestion | PeerQuestion, left_out: str) -> str:
    made = asked(question)
    if made is None or _is_misread(made):
        return f"// {left_out} {name_of(question.text)}\n"
    tag = f"// [tag:{PEER}]\n" if made.peer else ""
    return f"{tag}::{_escaped(made.name)}::[html]{_html(made.text)}{{{_answers(made)}}}\n"


def _is_misread(made: Asked) -> bool:
    """An arrow in a short answer makes Moodle take it for a matching question, and GIFT has no way to escape one."""
    return made.kind == "shortanswer" and "->" in made.answers[0].text


def _answers(made: Asked) -> str:
    match made.kind:
        case "essay":
            return ""
        case "truefalse":
            return next(a.text for a in made.answers if a.share == "100").upper()
        case "numerical":
            [only] = made.answers
            return f"#\n\t=%100%{only.text}:{number(only.tolerance)}#\n"
        case "shortanswer":
            return "".join(f"\n\t=%{a.share}%{_marked(_escaped(a.text), 'plain')}#" for a in made.answers) + "\n"
    return "".join(f"\n\t{_choice(answer, made.single)}" for answer in made.answers) + "\n"


def _choice(answer: Answer, single: bool) -> str:
    text = _marked(_html(answer.text), "html")
    if single and answer.share == "100":
        return "=" + text
    if answer.share != "0":
        return f"~%{answer.share}%{text}"
    return "~" + text


def _marked(text: str, form: str) -> str:
    """Brackets at the beginning could be taken for the name of a format, a number between percent signs for points."""
    return f"[{form}]{text}" if text.startswith("[") or WEIGHT.match(text) else text


def _html(text: str) -> str:
    return _escaped("<br>".join(html.escape(line, quote=False) for line in text.split("\n")))


def _escaped(text: str) -> str:
    return SIGNS.sub(r"\\\g<0>", text).replace("\n", "\\n")
