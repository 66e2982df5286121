"""What happens to questions, and how each fact changes what stands. Total: a fact about a question unknown changes
nothing."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from msgspec.structs import replace

from mingtang.activities.questions import state as stands
from mingtang.activities.questions.state import Question, See, State
from mingtang.core.event import Event, Fact
from mingtang.core.frame import MemberRenamed
from mingtang.core.text import BLANK


class QuestionAsked(Event, tag="questions.asked"):
    """A student asked. `waiting`: others see it only when it is approved."""

    id: str
    text: str
    page: str = ""
    anonymous: bool = False
    waiting: bool = False


class QuestionEdited(Event, tag="questions.edited"):
    """The author rewrote it. `waiting`: it must be approved (again) before others see it."""

    id: str
    text: str
    waiting: bool = False


class QuestionWithdrawn(Event, tag="questions.withdrawn"):
    """The author took it back."""

    id: str


class QuestionVoted(Event, tag="questions.voted"):
    """One more wants it answered."""

    id: str


class QuestionUnvoted(Event, tag="questions.unvoted"):
    """One wants it no longer, nor those merged into it."""

    id: str


class QuestionsAllowed(Event, tag="questions.allowed"):
    """The teacher settled what is allowed from now on."""

    anonymous: bool
    see: See


class QuestionApproved(Event, tag="questions.approved"):
    """Everybody may see it."""

    id: str


class QuestionMerged(Event, tag="questions.merged"):
    """`id` is asked by `into` from now on."""

    id: str
    into: str


class QuestionSplit(Event, tag="questions.split"):
    """A merging was taken back."""

    id: str


class QuestionAnswered(Event, tag="questions.answered"):
    """It was answered, aloud when `text` is empty."""

    id: str
    text: str = ""


class QuestionDismissed(Event, tag="questions.dismissed"):
    """It was laid aside."""

    id: str


class QuestionReopened(Event, tag="questions.reopened"):
    """It stands open again, or waits again if nobody ever approved it."""

    id: str


class QuestionPinned(Event, tag="questions.pinned"):
    """It hangs on that slide."""

    id: str
    page: str


class QuestionShown(Event, tag="questions.shown"):
    """It is on the wall, and no other."""

    id: str


class QuestionHidden(Event, tag="questions.hidden"):
    """No question is on the wall."""


events = (
    QuestionAsked,
    QuestionEdited,
    QuestionWithdrawn,
    QuestionVoted,
    QuestionUnvoted,
    QuestionsAllowed,
    QuestionApproved,
    QuestionMerged,
    QuestionSplit,
    QuestionAnswered,
    QuestionDismissed,
    QuestionReopened,
    QuestionPinned,
    QuestionShown,
    QuestionHidden,
)


def fold(state: State, event: Event, fact: Fact) -> None:
    match event:
        case QuestionAsked():
            _fold_asked(state, event, fact)
        case QuestionsAllowed():
            state.anonymous, state.see = event.anonymous, event.see
        case QuestionHidden():
            state.shown = ""
        case MemberRenamed():
            pass
        case _:
            question = state.questions.get(getattr(event, "id", ""))
            if question is not None:
                _fold_one(state, question, event, fact)


def _fold_asked(state: State, event: QuestionAsked, fact: Fact) -> None:
    if event.id in state.questions:
        return
    question = Question(
        id=event.id,
        by=fact.by,
        text=event.text,
        asked=fact.at,
        anonymous=event.anonymous,
        approved=not event.waiting,
        page=event.page,
        stand="waiting" if event.waiting else "open",
    )
    state.questions[event.id] = question
    state.asked.setdefault(fact.by, []).append(event.id)
    stands.enter(state, question)


def _fold_one(state: State, question: Question, event: Event, fact: Fact) -> None:
    match event:
        case QuestionVoted():
            stands.vote(state, question, fact.by)
        case QuestionUnvoted():
            stands.unvote(state, question, fact.by)
        case QuestionMerged() if event.into in state.questions:
            stands.merge(state, question, state.questions[event.into])
        case QuestionSplit() if question.stand == "merged":
            stands.split(state, question)
            _return(state, question)
        case QuestionEdited():
            question.text, question.approved = event.text, not event.waiting
            _return(state, question)
        case QuestionPinned():
            question.page, question.pinned = event.page, True
        case QuestionShown():
            state.shown = question.id
        case QuestionReopened():
            question.answered, question.answer = 0, ""
            _return(state, question)
        case _:
            _settle(state, question, event, fact)


def _settle(state: State, question: Question, event: Event, fact: Fact) -> None:
    match event:
        case QuestionApproved():
            question.approved = True
            _return(state, question)
        case QuestionAnswered():
            question.answered, question.answer = fact.at, event.text
            stands.move(state, question, "answered")
            state.shown = "" if state.shown == question.id else state.shown
        case QuestionDismissed():
            stands.move(state, question, "dismissed")
        case QuestionWithdrawn():
            stands.move(state, question, "withdrawn")


def _return(state: State, question: Question) -> None:
    stands.move(state, question, "open" if question.approved else "waiting")


def concerns(state: State, event: Event) -> Iterable[str]:
    """What staff do to a question is news to its author; votes are not."""
    if isinstance(event, QuestionVoted | QuestionUnvoted | MemberRenamed | QuestionShown):
        return ()
    question = state.questions.get(getattr(event, "id", ""))
    return (question.by,) if question else ()


def erase(facts: Sequence[Fact], gone: frozenset[str]) -> Iterable[Fact]:
    """The words of the questions. That somebody asked, and what was answered, stays."""
    for fact in facts:
        if fact.by in gone and isinstance(fact.event, QuestionAsked | QuestionEdited):
            yield replace(fact, event=replace(fact.event, text=BLANK))
