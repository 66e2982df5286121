"""What is asked, and what counts as an answer to it. No state, no votes.

An answer travels as one JSON value: a list of keys (choices) or words, a number, or a text."""

from __future__ import annotations

import unicodedata
from enum import StrEnum
from typing import Annotated

from msgspec import Meta, Struct

from mingtang.core.event import Refused
from mingtang.core.text import tidy

LETTERS = "abcdefghijkl"
TRUTH = ("true", "false")
WORDS = 5
WORD_LENGTH = 40
TEXT_LENGTH = 200

# One whole vote; wide enough for any number a lesson asks for, narrow enough to be added and drawn without surprises.
Number = Annotated[float, Meta(ge=-1e12, le=1e12)]
Piece = Annotated[str, Meta(max_length=TEXT_LENGTH)]
Answer = Annotated[list[Piece], Meta(max_length=len(LETTERS))] | Number | Piece
Label = Annotated[str, Meta(min_length=1, max_length=TEXT_LENGTH)]


class PollForm(StrEnum):
    """The seven ways to ask."""

    single = "single"
    multiple = "multiple"
    truefalse = "truefalse"
    rating = "rating"
    number = "number"
    text = "text"
    cloud = "cloud"


CHOICES = frozenset({PollForm.single, PollForm.multiple, PollForm.truefalse, PollForm.rating})
WRITTEN = frozenset({PollForm.text, PollForm.cloud})


class PollQuestion(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`options` of single and multiple get the keys a, b, c … in order; a rating has the keys 1 to `scale`, true/false
    the keys true and false. `right`: keys, a number (met within `tolerance`), or one accepted text; left out when there
    is none. `limit`: seconds to vote, a hint that closes nothing by itself."""

    form: PollForm
    text: Annotated[str, Meta(min_length=1, max_length=500)]
    options: Annotated[tuple[Label, ...], Meta(max_length=len(LETTERS))] = ()
    scale: Annotated[int, Meta(ge=2, le=10)] = 5
    right: Answer | None = None
    tolerance: Annotated[float, Meta(ge=0, le=1e12)] = 0.0
    anonymous: bool = True
    limit: Annotated[int, Meta(ge=0, le=7200)] = 0


def keys(question: PollQuestion) -> tuple[str, ...]:
    """The keys that can be chosen; none for forms that are written or typed."""
    match question.form:
        case PollForm.single | PollForm.multiple:
            return tuple(LETTERS[: len(question.options)])
        case PollForm.truefalse:
            return TRUTH
        case PollForm.rating:
            return tuple(str(n) for n in range(1, question.scale + 1))
    return ()


def check(question: PollQuestion) -> None:
    """Raises Refused for a question that could not be answered, or could not be right."""
    if question.form in (PollForm.single, PollForm.multiple) and len(question.options) < 2:
        raise Refused("poll.too_few_options")
    if question.right is not None:
        check_right(question, question.right)


def check_right(question: PollQuestion, right: Answer) -> None:
    """Opinions (a rating, a cloud of words) have no right answer."""
    if question.form in (PollForm.rating, PollForm.cloud):
        raise Refused("poll.no_right_here")
    try:
        fit(question, right)
    except Refused:
        raise Refused("poll.bad_right") from None
    if right == []:
        raise Refused("poll.bad_right")


def fit(question: PollQuestion, answer: Answer) -> Answer:
    """The answer as it is counted, or Refused. For multiple choice an empty list takes the answer back."""
    match question.form:
        case PollForm.number if isinstance(answer, (int, float)):
            return round(answer, 9) + 0.0
        case PollForm.text if isinstance(answer, str):
            return _written(answer, TEXT_LENGTH)
        case PollForm.cloud if isinstance(answer, list) and answer:
            words = {fold_text(w): w for w in reversed([_written(a, WORD_LENGTH) for a in answer])}
            return list(reversed(words.values()))[:WORDS]
        case form if form in CHOICES and isinstance(answer, list):
            return _chosen(question, answer)
    raise Refused("poll.bad_answer")


def _chosen(question: PollQuestion, answer: list[str]) -> list[str]:
    chosen = [key for key in keys(question) if key in answer]
    single = question.form is not PollForm.multiple
    if len(chosen) != len(set(answer)) or (single and len(chosen) != 1):
        raise Refused("poll.bad_answer")
    return chosen


def _written(text: str, length: int) -> str:
    said = tidy(text)
    if not said or len(said) > length:
        raise Refused("poll.bad_answer")
    return said


def fold_text(text: str) -> str:
    """Equal for texts that say the same: case, width, spaces and a last full stop do not matter."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    return " ".join(folded.split()).strip(" .!?,;:。！？，；：、…\"'“”‘’") or folded


def is_right(question: PollQuestion, answer: Answer) -> bool:
    """False when there is no right answer, too."""
    right = question.right
    if right is None:
        return False
    if isinstance(right, str):
        return isinstance(answer, str) and fold_text(answer) == fold_text(right)
    if isinstance(right, list):
        return answer == [key for key in keys(question) if key in right]
    return isinstance(answer, (int, float)) and abs(answer - right) <= question.tolerance + 1e-9 * max(1.0, abs(right))
