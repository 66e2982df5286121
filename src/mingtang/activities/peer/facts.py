"""What has happened to the questions of peer instruction, and the state it adds up to."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Annotated, Any, Literal

from msgspec import Meta, Struct, field
from msgspec.structs import replace

from mingtang.activities.peer.pairing import Group, Person, differ, groups, is_mixed
from mingtang.activities.peer.talk import Talk
from mingtang.core.audience import PRESENCE, Audience, Turnout
from mingtang.core.event import Event, Fact, Id
from mingtang.core.frame import MemberRenamed, MemberSeated, MemberWent
from mingtang.core.member import Seat
from mingtang.core.text import BLANK

LETTERS = "abcdefgh"
Letter = Literal["a", "b", "c", "d", "e", "f", "g", "h"]
Label = Annotated[str, Meta(min_length=1, max_length=200)]
Decision = Literal["reteach", "explain"]


class PeerQuestion(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`options` have the keys a, b, c … in order; exactly one is right."""

    text: Annotated[str, Meta(min_length=1, max_length=500)]
    options: Annotated[tuple[Label, ...], Meta(min_length=2, max_length=len(LETTERS))]
    right: Letter


class PeerMade(Event, frozen=True, tag="peer.made"):
    """A question was prepared."""

    id: Id
    question: PeerQuestion


class PeerEdited(Event, frozen=True, tag="peer.edited"):
    """The question was put another way, before the first vote."""

    id: Id
    question: PeerQuestion


class PeerAsked(Event, frozen=True, tag="peer.asked"):
    """The question was put before everybody."""

    id: Id


class PeerOpened(Event, frozen=True, tag="peer.opened"):
    """Voting was opened in this round. `before` is the round it is compared with, after a talk; 0 for a first vote."""

    id: Id
    round: int
    before: int = 0


class PeerClosed(Event, frozen=True, tag="peer.closed"):
    """Voting was closed."""

    id: Id


class PeerVoted(Event, frozen=True, tag="peer.voted"):
    """A student answered, for the first time in this round or anew. `seat` is where the student was then."""

    id: Id
    round: int
    answer: str
    seat: Seat


class PeerAnsweredLate(Event, frozen=True, tag="peer.answered_late"):
    """A student answered after the lesson, from its replay; counted apart, never among the votes."""

    id: Id
    answer: str


class PeerPaired(Event, frozen=True, tag="peer.paired"):
    """A discussion began: who talks with whom, and until when it is meant to go on (UTC ms)."""

    id: Id
    until: int
    groups: list[list[str]]


class PeerProlonged(Event, frozen=True, tag="peer.prolonged"):
    """The discussion got more time."""

    id: Id
    until: int


class PeerSaid(Event, frozen=True, tag="peer.said"):
    """A student wrote to the others of his group."""

    id: Id
    text: str


class PeerTalkEnded(Event, frozen=True, tag="peer.talk_ended"):
    """The discussion was ended."""

    id: Id


class PeerSettled(Event, frozen=True, tag="peer.settled"):
    """The teacher decided against a discussion: to teach it again, or to explain and go on."""

    id: Id
    decision: Decision


class PeerShown(Event, frozen=True, tag="peer.shown"):
    """Results were shown to everybody."""

    id: Id


class PeerHidden(Event, frozen=True, tag="peer.hidden"):
    """Results were hidden."""

    id: Id


events = (
    PeerMade,
    PeerEdited,
    PeerAsked,
    PeerOpened,
    PeerClosed,
    PeerVoted,
    PeerPaired,
    PeerProlonged,
    PeerSaid,
    PeerTalkEnded,
    PeerSettled,
    PeerShown,
    PeerHidden,
    PeerAnsweredLate,
)
WATCHED: tuple[type[Event], ...] = (*PRESENCE, MemberRenamed)

Stage = Literal["draft", "asked", "vote", "decide", "settled", "discuss", "revote", "compare"]


class Plan(Struct, frozen=True):
    """A pairing in figures: how many pairs and threes, how many of both disagree and how many join both seats."""

    pairs: int = 0
    threes: int = 0
    differ: int = 0
    mixed: int = 0


class Round(Struct):
    """`shift`: from the answer in round `before` to the answer here, for those who gave both."""

    opened: int
    before: int = 0
    closed: int = 0
    turnout: Turnout = field(default_factory=Turnout)
    counts: dict[str, int] = field(default_factory=dict)
    shift: dict[str, dict[str, int]] = field(default_factory=dict)


class Item(Struct):
    """One question. `votes`: by member, then by round number; a member's map is replaced, never changed. `late`:
    answers given after the lesson, by member. `plan`: what
    pairing would give after the last close, or gave. `seen` keeps views that are still true."""

    question: PeerQuestion
    asked: bool = False
    open: bool = False
    shown: bool = False
    settled: Decision | Literal[""] = ""
    rounds: list[Round] = field(default_factory=list)
    votes: dict[str, dict[str, str]] = field(default_factory=dict)
    late: dict[str, str] = field(default_factory=dict)
    talk: Talk | None = None
    plan: Plan = Plan()
    seen: dict[str, Any] = field(default_factory=dict)

    @property
    def round(self) -> str:
        return str(len(self.rounds))

    @property
    def keys(self) -> str:
        return LETTERS[: len(self.question.options)]

    @property
    def stage(self) -> Stage:
        if not self.rounds:
            return "asked" if self.asked else "draft"
        again = self.rounds[-1].before
        if self.open:
            return "revote" if again else "vote"
        if self.talk and self.talk.after == len(self.rounds):
            return "discuss"
        if self.settled:
            return "settled"
        return "compare" if again else "decide"

    @property
    def told(self) -> bool:
        """Whether results that are shown include the right answer: only when nobody is to vote on it any more."""
        return self.stage == "compare" or self.settled == "explain"


class State(Struct):
    """`talks`: questions that are being discussed now. `stirred`: members whose talk the last event changed."""

    items: dict[str, Item] = field(default_factory=dict)
    audience: Audience = field(default_factory=Audience)
    talks: dict[str, Talk] = field(default_factory=dict)
    stirred: list[str] = field(default_factory=list)


def fold(state: State, event: Event, fact: Fact) -> None:
    state.stirred = []
    if isinstance(event, WATCHED):
        _move(state, event)
        return
    if isinstance(event, PeerMade):
        state.items.setdefault(event.id, Item(event.question))
        return
    item = state.items.get(getattr(event, "id", ""))
    if item is None:
        return
    item.seen = {}
    match event:
        case PeerVoted():
            _vote(state, item, event, fact.by)
        case PeerAnsweredLate():
            item.late[fact.by] = event.answer
        case PeerOpened():
            _open(state, item, event, fact.at)
        case PeerClosed():
            _close(state, item, fact.at)
        case PeerPaired() | PeerProlonged() | PeerSaid() | PeerTalkEnded():
            _talk(state, item, event, fact)
        case _:
            _switch(item, event)


def _switch(item: Item, event: Event) -> None:
    match event:
        case PeerAsked():
            item.asked = True
        case PeerEdited():
            item.question = event.question
        case PeerSettled():
            item.settled = event.decision
        case PeerShown():
            item.shown = True
        case PeerHidden():
            item.shown = False


def _open(state: State, item: Item, event: PeerOpened, at: int) -> None:
    if event.round > len(item.rounds):
        item.rounds.append(Round(opened=at, before=event.before))
    round = item.rounds[-1]
    round.closed = 0
    round.turnout.open(state.audience)
    item.asked = item.open = True
    item.shown, item.settled = False, ""


def _close(state: State, item: Item, at: int) -> None:
    round = item.rounds[-1]
    round.closed = at
    round.turnout.close(state.audience)
    item.open = False
    item.plan = plan(propose(state, item, seed=0))


def _vote(state: State, item: Item, event: PeerVoted, by: str) -> None:
    round, number = item.rounds[event.round - 1], str(event.round)
    said = item.votes.get(by, {})
    old, first = said.get(number), said.get(str(round.before))
    if old is None:
        round.turnout.came(by, event.seat, state.audience.place(by))
    else:
        _count(round, first, old, -1)
    _count(round, first, event.answer, 1)
    item.votes[by] = {**said, number: event.answer}


def _count(round: Round, first: str | None, answer: str, by: int) -> None:
    round.counts[answer] = round.counts.get(answer, 0) + by
    if first is not None:
        row = round.shift.setdefault(first, {})
        row[answer] = row.get(answer, 0) + by


def _talk(state: State, item: Item, event: Event, fact: Fact) -> None:
    if isinstance(event, PeerPaired):
        talk = Talk(after=len(item.rounds), started=fact.at, until=event.until)
        talk.pair(event.groups)
        item.talk = state.talks[event.id] = talk
        item.plan = plan([[_person(state, item, m) for m in group] for group in event.groups])
        item.settled = ""
        return
    running = item.talk
    if running is None:
        return
    match event:
        case PeerProlonged():
            running.until = event.until
        case PeerSaid():
            running.say(fact.by, fact.at, event.text)
            state.stirred = running.mates(fact.by)
        case PeerTalkEnded():
            running.running = False
            state.talks.pop(event.id, None)


def _move(state: State, event: Event) -> None:
    if isinstance(event, (MemberRenamed, MemberSeated)):
        # His mates see his name and seat.
        state.stirred = [mate for talk in state.talks.values() for mate in talk.mates(event.id)]
    if isinstance(event, MemberRenamed):
        return
    member, before, after = state.audience.fold(event)
    if before == after:
        return
    for id, item in state.items.items():
        if item.open:
            item.seen = {}
            item.rounds[-1].turnout.moved(member, before, after)
        if talk := state.talks.get(id):
            item.seen = {}
            state.stirred += _stir(talk, event, member, before, after)


def _stir(talk: Talk, event: Event, member: str, before: Seat | None, after: Seat | None) -> list[str]:
    if after is not None:
        return talk.enter(member)
    # Whoever talks in the room puts the phone down; it is the remote who are gone when they go.
    if isinstance(event, MemberWent) and before is Seat.room:
        return []
    return talk.leave(member)


def propose(state: State, item: Item, seed: int) -> list[Group]:
    """Who would talk with whom after the last round, of those here and those who voted in it."""
    voted = item.rounds[-1].turnout.seats
    here = {m for m in state.audience.here if state.audience.is_student(m)}
    voters = (_person(state, item, m) for m in voted if m in here)
    silent = (_person(state, item, m) for m in here if m not in voted)
    away = (_person(state, item, m) for m in voted if m not in here and state.audience.is_student(m))
    return groups(voters, silent, away, seed)


def _person(state: State, item: Item, member: str) -> Person:
    answer = item.votes.get(member, {}).get(item.round, "")
    return Person(member, answer, state.audience.seats.get(member, Seat.room))


def plan(made: Iterable[Group]) -> Plan:
    talking = [group for group in made if len(group) > 1]
    threes = sum(len(group) == 3 for group in talking)
    return Plan(len(talking) - threes, threes, sum(map(differ, talking)), sum(map(is_mixed, talking)))


def erase(facts: Sequence[Fact], gone: frozenset[str]) -> Iterable[Fact]:
    """What was written to the group. Votes stay: they are letters without a name."""
    for fact in facts:
        if fact.by in gone and isinstance(fact.event, PeerSaid):
            yield replace(fact, event=replace(fact.event, text=BLANK))
