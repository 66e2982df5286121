"""Students ask, want, edit and withdraw; staff approve, merge, answer, dismiss, pin and show. Whatever takes a question
out of sight can be taken back by `Reopen` or `Split`.

Whether others see a question before it is approved is settled when it is asked: turning approval on later hides nothing
that was seen, and turning it off publishes nothing that waits.

A question asked anonymously is nobody's in every view, also in those of staff. The log alone keeps who asked it (an
event's `by`), for limits and for the author's own screen; whoever reads the log's file can find it there."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated

from msgspec import Meta

from mingtang.activities.questions import state as stands
from mingtang.activities.questions.facts import (
    QuestionAnswered,
    QuestionApproved,
    QuestionAsked,
    QuestionDismissed,
    QuestionEdited,
    QuestionHidden,
    QuestionMerged,
    QuestionPinned,
    QuestionReopened,
    QuestionsAllowed,
    QuestionShown,
    QuestionSplit,
    QuestionUnvoted,
    QuestionVoted,
    QuestionWithdrawn,
    concerns,
    erase,
    events,
    fold,
)
from mingtang.activities.questions.state import Question, See, State
from mingtang.core.activity import Act
from mingtang.core.event import Command, Event, Id, Refused
from mingtang.core.frame import MemberRenamed
from mingtang.core.member import STAFF, STUDENTS, TAUGHT, Role

MOST_UNSETTLED = 10
MOST_ASKED = 100

Text = Annotated[str, Meta(min_length=1, max_length=500)]
Answer = Annotated[str, Meta(max_length=1000)]


class Ask(Command, tag="questions.ask"):
    """Asks something, on the slide `page` (a step's id) or on none; anonymously where the teacher allows it."""

    roles = STUDENTS
    text: Text
    page: Id | None = None
    anonymous: bool = False


class Edit(Command, tag="questions.edit"):
    """Rewrites one's own question, as long as nobody else wants it and it is not answered."""

    roles = STUDENTS
    id: Id
    text: Text


class Withdraw(Command, tag="questions.withdraw"):
    """Takes one's own question back, unless another was merged into it."""

    roles = STUDENTS
    id: Id


class Vote(Command, tag="questions.vote"):
    """Says "me too" to a question of somebody else."""

    roles = STUDENTS
    id: Id


class Unvote(Command, tag="questions.unvote"):
    """Takes one's "me too" back."""

    roles = STUDENTS
    id: Id


class Allow(Command, tag="questions.allow"):
    """Settles whether questions may be anonymous, and whether others see them at once or only when approved."""

    roles = STAFF
    anonymous: bool
    see: See


class Approve(Command, tag="questions.approve"):
    """Lets everybody see a question that waits."""

    roles = STAFF
    id: Id


class Merge(Command, tag="questions.merge"):
    """Unites a question with another that asks the same; who wants both counts once."""

    roles = STAFF
    id: Id
    into: Id


class Split(Command, tag="questions.split"):
    """Takes a merging back."""

    roles = STAFF
    id: Id


class GiveAnswer(Command, tag="questions.answer"):
    """Marks a question as answered: aloud just now, or by `text`. Again with another text, the answer is rewritten."""

    roles = STAFF
    id: Id
    text: Answer = ""


class Dismiss(Command, tag="questions.dismiss"):
    """Lays a question aside: only its author and staff see it from now on."""

    roles = STAFF
    id: Id


class Reopen(Command, tag="questions.reopen"):
    """Brings back what was answered or dismissed (staff), or what one has withdrawn (its author)."""

    roles = TAUGHT
    id: Id


class Pin(Command, tag="questions.pin"):
    """Hangs a question on a slide, whatever slide it was asked on."""

    roles = STAFF
    id: Id
    page: Id


class Show(Command, tag="questions.show"):
    """Puts a question on the wall, without its author's name; one that waits is approved by that."""

    roles = STAFF
    id: Id


class Hide(Command, tag="questions.hide"):
    """Takes the shown question off the wall."""

    roles = STAFF


__all__ = ["State", "commands", "concerns", "decide", "erase", "events", "fold"]

commands = (
    Ask,
    Edit,
    Withdraw,
    Vote,
    Unvote,
    Allow,
    Approve,
    Merge,
    Split,
    GiveAnswer,
    Dismiss,
    Reopen,
    Pin,
    Show,
    Hide,
)
watches = (MemberRenamed,)
contributions = (QuestionAsked, QuestionEdited, QuestionVoted, QuestionUnvoted)


def decide(state: State, command: Command, act: Act) -> Iterable[Event]:
    match command:
        case Ask():
            return _ask(state, command, act)
        case Edit() | Withdraw():
            return _change_own(state, command, act)
        case Vote() | Unvote():
            return _vote(state, command, act)
        case Merge() | Split():
            return _merge(state, command)
        case Approve() | GiveAnswer() | Dismiss() | Pin() | Show():
            return _judge(state, command)
        case Reopen():
            return _reopen(state, command, act)
        case Allow(anonymous=anonymous, see=see) if (anonymous, see) != (state.anonymous, state.see):
            return [QuestionsAllowed(anonymous=anonymous, see=see)]
        case Hide() if state.shown:
            return [QuestionHidden()]
    return []


def _ask(state: State, command: Ask, act: Act) -> list[Event]:
    text = _text(command.text)
    if command.anonymous and not state.anonymous:
        raise Refused("questions.not_anonymous")
    if state.unsettled.get(act.by.id, 0) >= MOST_UNSETTLED or len(state.asked.get(act.by.id, ())) >= MOST_ASKED:
        raise Refused("questions.too_many", n=state.unsettled.get(act.by.id, 0))
    return [
        QuestionAsked(
            id=act.new_id(),
            text=text,
            page=command.page or "",
            anonymous=command.anonymous,
            waiting=state.see == "approved",
        )
    ]


def _text(text: str) -> str:
    text = text.strip()
    if not text:
        raise Refused("questions.empty")
    return text


def _change_own(state: State, command: Edit | Withdraw, act: Act) -> list[Event]:
    question = state.questions.get(command.id)
    if question is None or question.by != act.by.id:
        raise Refused("unknown_item")
    if question.stand == "withdrawn" and isinstance(command, Withdraw):
        return []
    if question.stand not in ("waiting", "open"):
        raise Refused("questions.settled")
    if question.merged or (isinstance(command, Edit) and question.wants):
        raise Refused("questions.wanted")
    if isinstance(command, Withdraw):
        return [QuestionWithdrawn(id=question.id)]
    text = _text(command.text)
    return [QuestionEdited(id=question.id, text=text, waiting=state.see == "approved")] if text != question.text else []


def _vote(state: State, command: Vote | Unvote, act: Act) -> list[Event]:
    question = state.questions.get(command.id)
    # What others may not read does not exist for them, not even by the kind of refusal.
    if question is None or not stands.is_public(question):
        raise Refused("unknown_item")
    if question.stand != "open":
        raise Refused("questions.settled")
    if stands.is_of(state, question, act.by.id) or (act.by.id in question.wants) == isinstance(command, Vote):
        return []
    return [QuestionVoted(id=question.id) if isinstance(command, Vote) else QuestionUnvoted(id=question.id)]


def _standing(state: State, id: str) -> Question:
    """A question that staff may act upon."""
    question = state.questions.get(id)
    if question is None or question.stand == "withdrawn":
        raise Refused("unknown_item")
    return question


def _merge(state: State, command: Merge | Split) -> list[Event]:
    question = _standing(state, command.id)
    if isinstance(command, Split):
        if question.stand != "merged":
            return []
        if state.questions[question.into].stand == "merged":
            raise Refused("questions.merged_on")
        return [QuestionSplit(id=question.id)]
    into = _standing(state, command.into)
    if into is question or question.into == into.id:
        return []
    if question.stand not in ("waiting", "open") or into.stand not in ("waiting", "open", "answered"):
        raise Refused("questions.settled")
    return [QuestionMerged(id=question.id, into=into.id)]


def _judge(state: State, command: Approve | GiveAnswer | Dismiss | Pin | Show) -> list[Event]:
    question = _standing(state, command.id)
    stand = question.stand
    if stand == "merged" or (stand == "dismissed" and not isinstance(command, Dismiss)):
        raise Refused("questions.settled")
    match command:
        case Approve():
            return [QuestionApproved(id=question.id)] if stand == "waiting" else []
        case GiveAnswer(text=text):
            same = stand == "answered" and text.strip() == question.answer
            return [] if same else [*_approved(question), QuestionAnswered(id=question.id, text=text.strip())]
        case Dismiss():
            return [QuestionDismissed(id=question.id)] if stand != "dismissed" else []
        case Pin(page=page):
            return [] if question.pinned and question.page == page else [QuestionPinned(id=question.id, page=page)]
        case Show():
            return [] if state.shown == question.id else [*_approved(question), QuestionShown(id=question.id)]


def _approved(question: Question) -> list[Event]:
    return [QuestionApproved(id=question.id)] if question.stand == "waiting" else []


def _reopen(state: State, command: Reopen, act: Act) -> list[Event]:
    question = state.questions.get(command.id)
    own = question is not None and question.by == act.by.id and act.by.role is Role.student
    stand = question.stand if question else ""
    if question is None or (act.by.role is Role.student and not own) or (stand == "withdrawn") != own:
        raise Refused("unknown_item")
    return [QuestionReopened(id=question.id)] if stand in ("answered", "dismissed", "withdrawn") else []
