"""Peer instruction is led by staff from stage to stage: vote, talk in pairs, vote again, compare. The program proposes,
the teacher decides. Students vote, and write to those they talk with."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated

from msgspec import Meta

from mingtang.activities.peer.facts import (
    WATCHED,
    Decision,
    Item,
    Letter,
    PeerAnsweredLate,
    PeerAsked,
    PeerClosed,
    PeerEdited,
    PeerHidden,
    PeerMade,
    PeerOpened,
    PeerPaired,
    PeerProlonged,
    PeerQuestion,
    PeerSaid,
    PeerSettled,
    PeerShown,
    PeerTalkEnded,
    PeerVoted,
    State,
    erase,
    events,
    fold,
    propose,
)
from mingtang.core.activity import Act
from mingtang.core.event import Command, Event, Id, Refused
from mingtang.core.member import STAFF, STUDENTS
from mingtang.core.text import tidy

QUESTIONS = 200
ROUNDS = 20

Seconds = Annotated[int, Meta(ge=15, le=1800)]


class Make(Command, tag="peer.make"):
    """Prepares a question; nobody but staff sees it before it is asked."""

    roles = STAFF
    id: Id
    question: PeerQuestion


class Edit(Command, tag="peer.edit"):
    """Puts the question another way; refused from the first vote on."""

    roles = STAFF
    id: Id
    question: PeerQuestion


class Ask(Command, tag="peer.ask"):
    """Puts the question before everybody; nobody can vote yet."""

    roles = STAFF
    id: Id


class Open(Command, tag="peer.open"):
    """Opens voting: the first vote, the second after a discussion (which it ends), else the same round again."""

    roles = STAFF
    id: Id


class Again(Command, tag="peer.again"):
    """Begins anew with a first vote; all rounds so far are kept."""

    roles = STAFF
    id: Id


class Close(Command, tag="peer.close"):
    """Closes voting."""

    roles = STAFF
    id: Id


class Discuss(Command, tag="peer.discuss"):
    """Lets students talk in pairs for about so many seconds."""

    roles = STAFF
    id: Id
    seconds: Seconds = 120


class Prolong(Command, tag="peer.prolong"):
    """Gives the discussion more time."""

    roles = STAFF
    id: Id
    seconds: Seconds = 30


class Stop(Command, tag="peer.stop"):
    """Ends the discussion."""

    roles = STAFF
    id: Id


class Settle(Command, tag="peer.settle"):
    """Goes on without a discussion. To explain, results and the right answer are shown."""

    roles = STAFF
    id: Id
    decision: Decision


class Show(Command, tag="peer.show"):
    """Shows results to everybody; after the second vote with the right answer, the shift and the gain."""

    roles = STAFF
    id: Id


class Hide(Command, tag="peer.hide"):
    """Hides results."""

    roles = STAFF
    id: Id


class Vote(Command, tag="peer.vote"):
    """A student's answer, the first or another one."""

    roles = STUDENTS
    id: Id
    answer: Letter


class AnswerLate(Command, tag="peer.answer_late"):
    """A student's answer after the lesson, once and for the record; the right answer is told in return."""

    roles = STUDENTS
    late = True
    id: Id
    answer: Letter


class Say(Command, tag="peer.say"):
    """Writes to the others of one's group while the discussion goes on."""

    roles = STUDENTS
    id: Id
    text: Annotated[str, Meta(min_length=1, max_length=300)]


commands = (Make, Edit, Ask, Open, Again, Close, Discuss, Prolong, Stop, Settle, Show, Hide, Vote, AnswerLate, Say)
watches = WATCHED
contributions = (PeerVoted, PeerSaid)
__all__ = ["State", "commands", "concerns", "contributions", "decide", "erase", "events", "fold", "touches", "watches"]


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
        case Say():
            return _say(item, command, act)
        case Edit():
            return _edit(item, command)
        case Ask() | Open() | Again() | Close():
            return _run(item, command)
        case Discuss() | Prolong() | Stop():
            return _talk(state, item, command, act)
        case Settle():
            return _settle(item, command)
    return _switch(item, command)


def _make(state: State, command: Make) -> list[Event]:
    known = state.items.get(command.id)
    if known and known.question != command.question:
        raise Refused("peer.taken")
    if known:
        return []
    if len(state.items) >= QUESTIONS:
        raise Refused("peer.too_many", most=QUESTIONS)
    check(command.question)
    return [PeerMade(id=command.id, question=command.question)]


def check(question: PeerQuestion) -> None:
    if ord(question.right) - ord("a") >= len(question.options):
        raise Refused("peer.bad_right")


def _edit(item: Item, command: Edit) -> list[Event]:
    if command.question == item.question:
        return []
    if item.votes:
        raise Refused("peer.locked")
    check(command.question)
    return [PeerEdited(id=command.id, question=command.question)]


def _run(item: Item, command: Ask | Open | Again | Close) -> list[Event]:
    match command:
        case Ask():
            return [] if item.asked else [PeerAsked(id=command.id)]
        case Close():
            return [PeerClosed(id=command.id)] if item.open else []
    return _open(item, command)


def _open(item: Item, command: Open | Again) -> list[Event]:
    last = len(item.rounds)
    number, before = last or 1, item.rounds[-1].before if last else 0
    if isinstance(command, Again) and last and item.rounds[-1].turnout.total:
        number, before = last + 1, 0
    elif isinstance(command, Open) and item.stage == "discuss":
        number, before = last + 1, last
    if number > ROUNDS:
        raise Refused("peer.too_many_rounds", most=ROUNDS)
    if number == last and item.open:
        return []
    first: list[Event] = _end(item, command.id) + ([PeerClosed(id=command.id)] if item.open else [])
    return [*first, PeerOpened(id=command.id, round=number, before=before)]


def _end(item: Item, id: str) -> list[Event]:
    return [PeerTalkEnded(id=id)] if item.talk and item.talk.running else []


def _talk(state: State, item: Item, command: Discuss | Prolong | Stop, act: Act) -> list[Event]:
    running = item.talk if item.talk and item.talk.running else None
    if isinstance(command, Stop):
        return _end(item, command.id)
    if isinstance(command, Prolong):
        if running is None:
            raise Refused("peer.no_talk")
        return [PeerProlonged(id=command.id, until=max(running.until, act.at) + command.seconds * 1000)]
    if running:
        return []
    if not item.rounds or item.open:
        raise Refused("peer.vote_first")
    made = [[person.id for person in group] for group in propose(state, item, act.seed)]
    return [PeerPaired(id=command.id, until=act.at + command.seconds * 1000, groups=made)]


def _settle(item: Item, command: Settle) -> list[Event]:
    if not item.rounds or item.open:
        raise Refused("peer.vote_first")
    if item.settled == command.decision:
        return []
    settled: list[Event] = [*_end(item, command.id), PeerSettled(id=command.id, decision=command.decision)]
    shown = [PeerShown(id=command.id)] if command.decision == "explain" and not item.shown else []
    return [*settled, *shown]


def _vote(item: Item, command: Vote, act: Act) -> list[Event]:
    if not item.asked:
        raise Refused("unknown_item")
    if not item.open:
        raise Refused("peer.not_open")
    if command.answer not in item.keys:
        raise Refused("peer.bad_answer")
    if item.votes.get(act.by.id, {}).get(item.round) == command.answer:
        return []
    return [PeerVoted(id=command.id, round=len(item.rounds), answer=command.answer, seat=act.by.seat)]


def _answer_late(item: Item, command: AnswerLate, act: Act) -> list[Event]:
    """Once, as its answer tells what is right."""
    if not item.rounds:
        raise Refused("unknown_item")
    if command.answer not in item.keys:
        raise Refused("peer.bad_answer")
    known = item.late.get(act.by.id)
    if known is None:
        return [PeerAnsweredLate(id=command.id, answer=command.answer)]
    if known != command.answer:
        raise Refused("peer.late_once")
    return []


def _say(item: Item, command: Say, act: Act) -> list[Event]:
    talk = item.talk
    if talk is None or not talk.running or act.by.id not in talk.of:
        raise Refused("peer.no_talk")
    if talk.too_fast(act.by.id, act.at):
        raise Refused("slow_down")
    text = tidy(command.text)
    return [PeerSaid(id=command.id, text=text)] if text else []


def _switch(item: Item, command: Command) -> list[Event]:
    if not item.rounds:
        raise Refused("peer.vote_first")
    match command:
        case Show() if not item.shown:
            return [PeerShown(id=command.id)]
        case Hide() if item.shown:
            return [PeerHidden(id=command.id)]
    return []


def touches(event: Event) -> Iterable[str] | None:
    """A talk is seen by those who talk, in `mine`."""
    return () if isinstance(event, PeerSaid) else ("peer",)


def concerns(state: State, event: Event) -> Iterable[str] | None:
    return None if isinstance(event, (PeerPaired, PeerTalkEnded)) else state.stirred
