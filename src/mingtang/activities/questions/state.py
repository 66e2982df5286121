"""What stands: every question with who wants it, and the orders in which questions are shown.

Orders are kept up to date by each fold, so that a view of the first hundred costs the same among ten thousand."""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Iterator
from typing import Literal

from msgspec import Struct, field

Stand = Literal["waiting", "open", "answered", "dismissed", "merged", "withdrawn"]
See = Literal["at_once", "approved"]


class Question(Struct):
    """`votes` were given to it directly; `wants` are all who want it: these, and those of the questions merged into it
    with their authors, each once, and never its own author. `approved` stays when it was once shown to others."""

    id: str
    by: str
    text: str
    asked: int
    anonymous: bool
    approved: bool
    page: str = ""
    pinned: bool = False
    stand: Stand = "open"
    votes: set[str] = field(default_factory=set)
    wants: set[str] = field(default_factory=set)
    merged: list[str] = field(default_factory=list)
    into: str = ""
    answered: int = 0
    answer: str = ""


Rank = tuple[int, int, str]


class State(Struct):
    """`ranked`: open ones, most wanted first, then oldest. `waiting` and `answered`: in the order they came to it.
    `asked` and `voted` are ids by member; `unsettled` counts a member's waiting and open ones."""

    anonymous: bool = True
    see: See = "at_once"
    questions: dict[str, Question] = field(default_factory=dict)
    ranked: list[Rank] = field(default_factory=list)
    waiting: dict[str, None] = field(default_factory=dict)
    answered: dict[str, None] = field(default_factory=dict)
    asked: dict[str, list[str]] = field(default_factory=dict)
    voted: dict[str, set[str]] = field(default_factory=dict)
    unsettled: dict[str, int] = field(default_factory=dict)
    shown: str = ""


def rank(question: Question) -> Rank:
    return (-len(question.wants), question.asked, question.id)


def is_public(question: Question) -> bool:
    """Whether others than its author and staff may read it."""
    return question.stand in ("open", "answered")


def move(state: State, question: Question, stand: Stand) -> None:
    """From one standing to another, all orders kept."""
    leave(state, question)
    question.stand = stand
    enter(state, question)
    if not is_public(question) and state.shown == question.id:
        state.shown = ""


def leave(state: State, question: Question) -> None:
    """Out of its order, before its rank changes."""
    if question.stand == "open":
        place = bisect_left(state.ranked, rank(question))
        del state.ranked[place]
    elif question.stand == "waiting":
        state.waiting.pop(question.id, None)
    elif question.stand == "answered":
        state.answered.pop(question.id, None)
    state.unsettled[question.by] = state.unsettled.get(question.by, 0) - (question.stand in ("waiting", "open"))


def enter(state: State, question: Question) -> None:
    if question.stand == "open":
        insort(state.ranked, rank(question))
    elif question.stand == "waiting":
        state.waiting[question.id] = None
    elif question.stand == "answered":
        state.answered[question.id] = None
    state.unsettled[question.by] = state.unsettled.get(question.by, 0) + (question.stand in ("waiting", "open"))


def vote(state: State, question: Question, member: str) -> None:
    leave(state, question)
    question.votes.add(member)
    if member != question.by:
        question.wants.add(member)
    state.voted.setdefault(member, set()).add(question.id)
    enter(state, question)


def unvote(state: State, question: Question, member: str) -> None:
    """Whoever takes his vote back from a question no longer wants those merged into it either."""
    leave(state, question)
    for one in family(state, question):
        one.votes.discard(member)
        one.wants.discard(member)
        state.voted.get(member, set()).discard(one.id)
    enter(state, question)


def merge(state: State, question: Question, into: Question) -> None:
    move(state, question, "merged")
    question.into = into.id
    leave(state, into)
    into.merged.append(question.id)
    into.wants |= (question.wants | {question.by}) - {into.by}
    enter(state, into)


def split(state: State, question: Question) -> None:
    """Takes a merging back; each has the votes it had, and those given since stay with the other."""
    into = state.questions[question.into]
    leave(state, into)
    into.merged.remove(question.id)
    children = [state.questions[id] for id in into.merged]
    into.wants = into.votes.union(*(c.wants | {c.by} for c in children)) - {into.by}
    enter(state, into)
    question.into = ""


def family(state: State, question: Question) -> Iterator[Question]:
    """The question and all that were merged into it, at any depth."""
    yield question
    for id in question.merged:
        yield from family(state, state.questions[id])


def is_of(state: State, question: Question, member: str) -> bool:
    """Whether the member asked it, or one merged into it."""
    return any(one.by == member for one in family(state, question))
