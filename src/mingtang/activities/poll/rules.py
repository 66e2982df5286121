"""A poll is made, asked, opened, closed and shown by staff; students vote, and may change it until it closes.

Opening and showing are two switches. Asking again begins a new round; the rounds before are kept."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated

from msgspec import Meta

from mingtang.activities.poll.erasing import erase
from mingtang.activities.poll.facts import (
    Item,
    PollAnsweredLate,
    PollAsked,
    PollClosed,
    PollConcealed,
    PollEdited,
    PollHidden,
    PollMade,
    PollMarked,
    PollMerged,
    PollOpened,
    PollRestored,
    PollRevealed,
    PollShown,
    PollSplit,
    PollStruck,
    PollVoted,
    State,
    events,
    fold,
)
from mingtang.activities.poll.question import Answer, PollQuestion, check, check_right, fit
from mingtang.core.activity import Act
from mingtang.core.audience import PRESENCE
from mingtang.core.event import Command, Event, Id, Refused
from mingtang.core.member import STAFF, STUDENTS

POLLS = 300
ROUNDS = 20

Limit = Annotated[int, Meta(ge=0, le=7200)]
Entry = Annotated[str, Meta(pattern=r"^e[0-9]{1,9}$")]


class Make(Command, tag="poll.make"):
    """Prepares a question; nobody but staff sees it before it is asked."""

    roles = STAFF
    id: Id
    question: PollQuestion


class Edit(Command, tag="poll.edit"):
    """Puts the question another way; refused from the first vote on."""

    roles = STAFF
    id: Id
    question: PollQuestion


class Mark(Command, tag="poll.mark"):
    """Says which answer is right, or with none that there is no right one; at any time."""

    roles = STAFF
    id: Id
    right: Answer | None = None


class Ask(Command, tag="poll.ask"):
    """Puts the question before everybody; nobody can vote yet."""

    roles = STAFF
    id: Id


class Open(Command, tag="poll.open"):
    """Opens voting, or opens the same round again. `limit`: seconds, a hint shown as a clock."""

    roles = STAFF
    id: Id
    limit: Limit | None = None


class Again(Command, tag="poll.again"):
    """Opens a new round; the one before is closed and kept, and results are hidden again."""

    roles = STAFF
    id: Id
    limit: Limit | None = None


class Close(Command, tag="poll.close"):
    """Closes voting."""

    roles = STAFF
    id: Id


class Show(Command, tag="poll.show"):
    """Shows results to everybody; the right answer stays hidden."""

    roles = STAFF
    id: Id


class Hide(Command, tag="poll.hide"):
    """Hides results."""

    roles = STAFF
    id: Id


class Reveal(Command, tag="poll.reveal"):
    """Tells everybody the right answer."""

    roles = STAFF
    id: Id


class Conceal(Command, tag="poll.conceal"):
    """Hides the right answer again."""

    roles = STAFF
    id: Id


class Vote(Command, tag="poll.vote"):
    """A student's answer, the first or another; an empty list takes a multiple choice back."""

    roles = STUDENTS
    id: Id
    answer: Answer


class AnswerLate(Command, tag="poll.answer_late"):
    """A student's answer after the lesson, once and for the record; the right answer is told in return."""

    roles = STUDENTS
    late = True
    id: Id
    answer: Answer


class Strike(Command, tag="poll.strike"):
    """Leaves a written entry out of what is shown, in all rounds."""

    roles = STAFF
    id: Id
    entry: Entry


class Restore(Command, tag="poll.restore"):
    """Lets a struck entry be shown again."""

    roles = STAFF
    id: Id
    entry: Entry


class Merge(Command, tag="poll.merge"):
    """Counts one written entry as another that says the same."""

    roles = STAFF
    id: Id
    entry: Entry
    into: Entry


class Split(Command, tag="poll.split"):
    """Takes a merge back."""

    roles = STAFF
    id: Id
    entry: Entry


__all__ = ["State", "commands", "contributions", "decide", "erase", "events", "fold", "touches", "watches"]

commands = (
    Make,
    Edit,
    Mark,
    Ask,
    Open,
    Again,
    Close,
    Show,
    Hide,
    Reveal,
    Conceal,
    Vote,
    AnswerLate,
    Strike,
    Restore,
    Merge,
    Split,
)
watches = PRESENCE
contributions = (PollVoted,)


def decide(state: State, command: Command, act: Act) -> Iterable[Event]:
    if isinstance(command, Make):
        return _make(state, command)
    item = state.items.get(getattr(command, "id", ""))
    if item is None:
        raise Refused("unknown_item")
    match command:
        case Vote():
            return _vote(item, command, act)
        case AnswerLate():
            return _answer_late(item, command, act)
        case Edit() | Mark():
            return _change(item, command)
        case Ask() | Open() | Again() | Close():
            return _run(item, command)
        case Strike() | Restore() | Merge() | Split():
            return _sort_out(item, command)
    return _switch(item, command)


def _make(state: State, command: Make) -> list[Event]:
    known = state.items.get(command.id)
    if known and known.question != command.question:
        raise Refused("poll.taken")
    if known:
        return []
    if len(state.items) >= POLLS:
        raise Refused("poll.too_many", most=POLLS)
    check(command.question)
    return [PollMade(id=command.id, question=command.question)]


def _change(item: Item, command: Edit | Mark) -> list[Event]:
    if isinstance(command, Mark):
        if command.right is not None:
            check_right(item.question, command.right)
        return [PollMarked(id=command.id, right=command.right)] if command.right != item.question.right else []
    if command.question == item.question:
        return []
    if item.votes:
        raise Refused("poll.locked")
    check(command.question)
    return [PollEdited(id=command.id, question=command.question)]


def _run(item: Item, command: Ask | Open | Again | Close) -> list[Event]:
    match command:
        case Ask():
            return [] if item.asked else [PollAsked(id=command.id)]
        case Close():
            return [PollClosed(id=command.id)] if item.open else []
        case Open() if item.open:
            return []
    return _open(item, command)


def _open(item: Item, command: Open | Again) -> list[Event]:
    last = len(item.rounds)
    # A round in which nobody has answered yet is not worth keeping beside a new one.
    number = last + 1 if not last or (isinstance(command, Again) and item.rounds[-1].turnout.total) else last
    if number > ROUNDS:
        raise Refused("poll.too_many_rounds", most=ROUNDS)
    if number == last and item.open:
        return []
    limit = item.question.limit if command.limit is None else command.limit
    return [PollOpened(id=command.id, round=number, limit=limit)]


def _vote(item: Item, command: Vote, act: Act) -> list[Event]:
    if not item.asked:
        raise Refused("unknown_item")
    if not item.open:
        raise Refused("poll.not_open")
    answer = fit(item.question, command.answer)
    if item.votes.get(act.by.id, {}).get(item.round, []) == answer:
        return []
    return [PollVoted(id=command.id, round=len(item.rounds), answer=answer, seat=act.by.seat)]


def _answer_late(item: Item, command: AnswerLate, act: Act) -> list[Event]:
    """Once, as its answer tells what is right."""
    if not item.rounds:
        raise Refused("unknown_item")
    answer = fit(item.question, command.answer)
    known = item.late.get(act.by.id)
    if known is None and answer != []:
        return [PollAnsweredLate(id=command.id, answer=answer)]
    if known is not None and known != answer:
        raise Refused("poll.late_once")
    return []


def _sort_out(item: Item, command: Strike | Restore | Merge | Split) -> list[Event]:
    entries, entry = item.entries, command.entry
    if entry not in entries.texts:
        raise Refused("unknown_item")
    match command:
        case Strike() if entry not in entries.struck:
            return [PollStruck(id=command.id, entry=entry)]
        case Restore() if entry in entries.struck:
            return [PollRestored(id=command.id, entry=entry)]
        case Split() if entry in entries.into:
            return [PollSplit(id=command.id, entry=entry)]
        case Merge():
            if command.into not in entries.texts or entries.resolve(command.into) == entry:
                raise Refused("poll.bad_merge")
            into = entries.resolve(command.into)
            return [PollMerged(id=command.id, entry=entry, into=into)] if entries.into.get(entry) != into else []
    return []


def _switch(item: Item, command: Command) -> list[Event]:
    if not item.asked:
        raise Refused("poll.not_asked")
    match command:
        case Show() if not item.shown:
            return [PollShown(id=command.id)]
        case Hide() if item.shown:
            return [PollHidden(id=command.id)]
        case Reveal() if item.question.right is None:
            raise Refused("poll.no_right")
        case Reveal() if not item.revealed:
            return [PollRevealed(id=command.id)]
        case Conceal() if item.revealed:
            return [PollConcealed(id=command.id)]
    return []


def touches(event: Event) -> Iterable[str] | None:
    if isinstance(event, PRESENCE):
        return ("poll",)
    if isinstance(event, PollVoted):
        return ("poll", f"poll/names/{event.id}", f"poll/entries/{event.id}")
    return None
