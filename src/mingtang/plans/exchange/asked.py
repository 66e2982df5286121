"""Our questions as Moodle has them: which kind, which answers, what each is worth. The writers only spell it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

from msgspec import Struct

from mingtang.activities.peer.facts import PeerQuestion
from mingtang.activities.poll.question import PollForm, PollQuestion, keys

Kind = Literal["multichoice", "truefalse", "shortanswer", "numerical", "essay"]
NAME = 60
# The only shares that Moodle takes; from eleven right answers on they cannot all be equal.
SHARES = {3: "33.33333", 6: "16.66667", 7: "14.28571", 8: "12.5", 9: "11.11111"}


class Answer(Struct, frozen=True):
    """`share` in percent, as it is written."""

    text: str
    share: str
    tolerance: float = 0.0


class Asked(Struct, frozen=True):
    kind: Kind
    name: str
    text: str
    answers: tuple[Answer, ...] = ()
    single: bool = True
    peer: bool = False


def name_of(text: str) -> str:
    """A name that a list can show."""
    said = " ".join(text.split())
    return said if len(said) <= NAME else said[: NAME - 1] + "…"


def asked(question: PollQuestion | PeerQuestion) -> Asked | None:
    """None for what Moodle has no kind for: opinions, and choices of which none is right."""
    name, text = name_of(question.text), question.text
    if isinstance(question, PeerQuestion):
        options = zip("abcdefgh", question.options, strict=False)
        answers = tuple(Answer(option, "100" if key == question.right else "0") for key, option in options)
        return Asked("multichoice", name, text, answers, peer=True)
    right = question.right
    match question.form:
        case PollForm.single | PollForm.multiple if isinstance(right, list):
            single = question.form is PollForm.single
            return Asked("multichoice", name, text, tuple(_choices(question, right, single)), single)
        case PollForm.truefalse if isinstance(right, list):
            answers = tuple(Answer(key, "100" if key in right else "0") for key in keys(question))
            return Asked("truefalse", name, text, answers)
        case PollForm.number if isinstance(right, (int, float)):
            return Asked("numerical", name, text, (Answer(number(right), "100", question.tolerance),))
        case PollForm.text if isinstance(right, str):
            return Asked("shortanswer", name, text, (Answer(right.replace("*", "\\*"), "100"),))
        case PollForm.text:
            return Asked("essay", name, text)
    return None


def _choices(question: PollQuestion, right: list[str], single: bool) -> Iterable[Answer]:
    """With several right answers, a wrong one takes all: as here, where only the exact set is right."""
    worth = iter(["100"] if single else _shares(len(right)))
    for key, option in zip(keys(question), question.options, strict=True):
        yield Answer(option, next(worth) if key in right else "0" if single else "-100")


def _shares(count: int) -> list[str]:
    if count > 10:
        fives = 2 * (count - 10)
        return ["10"] * (count - fives) + ["5"] * fives
    return [SHARES.get(count, f"{100 / count:g}")] * count


def number(value: float) -> str:
    """As people write it, and exact."""
    return str(int(value)) if float(value).is_integer() else repr(float(value))
