"""What has happened to the polls, and the state it adds up to: votes, running tallies, written entries."""

from __future__ import annotations

from typing import Any

from msgspec import Struct, field
from msgspec.structs import replace

from mingtang.activities.poll.entries import Entries
from mingtang.activities.poll.question import WRITTEN, Answer, PollForm, PollQuestion, is_right
from mingtang.activities.poll.tally import Round
from mingtang.core.audience import PRESENCE, Audience
from mingtang.core.event import Event, Fact, Id
from mingtang.core.member import Seat


class PollMade(Event, frozen=True, tag="poll.made"):
    """A question was prepared."""

    id: Id
    question: PollQuestion


class PollEdited(Event, frozen=True, tag="poll.edited"):
    """The question was put another way, before the first vote."""

    id: Id
    question: PollQuestion


class PollMarked(Event, frozen=True, tag="poll.marked"):
    """Another answer counts as right, or none."""

    id: Id
    right: Answer | None = None


class PollAsked(Event, frozen=True, tag="poll.asked"):
    """The question was put before everybody."""

    id: Id


class PollOpened(Event, frozen=True, tag="poll.opened"):
    """Voting was opened in this round; the same round again after an early close. `limit` is in seconds, 0 for none."""

    id: Id
    round: int
    limit: int = 0


class PollClosed(Event, frozen=True, tag="poll.closed"):
    """Voting was closed."""

    id: Id


class PollShown(Event, frozen=True, tag="poll.shown"):
    """Results were shown to everybody."""

    id: Id


class PollHidden(Event, frozen=True, tag="poll.hidden"):
    """Results were hidden."""

    id: Id


class PollRevealed(Event, frozen=True, tag="poll.revealed"):
    """The right answer was told."""

    id: Id


class PollConcealed(Event, frozen=True, tag="poll.concealed"):
    """The right answer was hidden again."""

    id: Id


class PollVoted(Event, frozen=True, tag="poll.voted"):
    """A student answered, for the first time in this round or anew; an empty list is an answer taken back. `seat` is
    where the student was then."""

    id: Id
    round: int
    answer: Answer
    seat: Seat


class PollAnsweredLate(Event, frozen=True, tag="poll.answered_late"):
    """A student answered after the lesson, from its replay; counted apart, never among the votes."""

    id: Id
    answer: Answer


class PollStruck(Event, frozen=True, tag="poll.struck"):
    """A written entry was left out of what is shown."""

    id: Id
    entry: str


class PollRestored(Event, frozen=True, tag="poll.restored"):
    """A struck entry may be shown again."""

    id: Id
    entry: str


class PollMerged(Event, frozen=True, tag="poll.merged"):
    """A written entry counts as another one."""

    id: Id
    entry: str
    into: str


class PollSplit(Event, frozen=True, tag="poll.split_up"):
    """A written entry counts for itself again."""

    id: Id
    entry: str


events = (
    PollMade,
    PollEdited,
    PollMarked,
    PollAsked,
    PollOpened,
    PollClosed,
    PollShown,
    PollHidden,
    PollRevealed,
    PollConcealed,
    PollVoted,
    PollStruck,
    PollRestored,
    PollMerged,
    PollSplit,
    PollAnsweredLate,
)


class Item(Struct):
    """One poll. `votes`: by member, then by round number; a member's map is replaced, never changed. `late`: answers
    given after the lesson, by member. `seen` keeps views that are still true."""

    question: PollQuestion
    asked: bool = False
    open: bool = False
    shown: bool = False
    revealed: bool = False
    rounds: list[Round] = field(default_factory=list)
    votes: dict[str, dict[str, Answer]] = field(default_factory=dict)
    late: dict[str, Answer] = field(default_factory=dict)
    entries: Entries = field(default_factory=Entries)
    seen: dict[str, Any] = field(default_factory=dict)

    @property
    def round(self) -> str:
        """The number of the last round, as it is written in maps; "0" before the first."""
        return str(len(self.rounds))


class State(Struct):
    items: dict[str, Item] = field(default_factory=dict)
    audience: Audience = field(default_factory=Audience)


def fold(state: State, event: Event, fact: Fact) -> None:
    if isinstance(event, PRESENCE):
        _move(state, event)
        return
    if isinstance(event, PollMade):
        state.items.setdefault(event.id, Item(event.question))
        return
    item = state.items.get(getattr(event, "id", ""))
    if item is None:
        return
    item.seen = {}
    match event:
        case PollVoted():
            _vote(state, item, event, fact.by)
        case PollOpened():
            _open(state, item, event, fact.at)
        case PollClosed():
            _close(state, item, fact.at)
        case PollEdited():
            item.question = event.question
        case PollMarked():
            item.question = replace(item.question, right=event.right)
            _recount(item)
        case PollStruck() | PollRestored() | PollMerged() | PollSplit():
            _sort_out(item, event)
        case PollAnsweredLate():
            item.late[fact.by] = event.answer
        case _:
            _switch(item, event)


def _switch(item: Item, event: Event) -> None:
    match event:
        case PollAsked():
            item.asked = True
        case PollShown():
            item.shown = True
        case PollHidden():
            item.shown = False
        case PollRevealed():
            item.revealed = True
        case PollConcealed():
            item.revealed = False


def _open(state: State, item: Item, event: PollOpened, at: int) -> None:
    if event.round > len(item.rounds):
        if item.open:
            _close(state, item, at)
        item.rounds.append(Round(opened=at))
        item.shown = item.revealed = False
    round = item.rounds[-1]
    round.closed, round.until = 0, at + event.limit * 1000 if event.limit else 0
    round.turnout.open(state.audience)
    item.asked = item.open = True


def _close(state: State, item: Item, at: int) -> None:
    round = item.rounds[-1]
    round.closed, round.until = at, 0
    round.turnout.close(state.audience)
    item.open = False
    if item.question.form is PollForm.number:
        round.histogram.lay(_numbers(item, item.round))


def _move(state: State, event: Event) -> None:
    member, before, after = state.audience.fold(event)
    if before == after:
        return
    for item in state.items.values():
        if item.open:
            item.seen = {}
            item.rounds[-1].turnout.moved(member, before, after)


def _vote(state: State, item: Item, event: PollVoted, by: str) -> None:
    round, number = item.rounds[event.round - 1], str(event.round)
    said = item.votes.get(by, {})
    old = said.get(number)
    given = {**said, number: event.answer}
    if old is not None:
        _count(item, round, old, -1)
    if event.answer == []:
        del given[number]
        if old is not None:
            round.turnout.went(by, state.audience.place(by))
    else:
        _count(item, round, event.answer, 1)
        if old is None:
            round.turnout.came(by, event.seat, state.audience.place(by))
    item.votes[by] = given
    if item.question.form is PollForm.number and round.histogram.due(round.turnout.total):
        round.histogram.lay(_numbers(item, number))


def _numbers(item: Item, number: str) -> list[float]:
    return [a for said in item.votes.values() if isinstance(a := said.get(number), (int, float))]


def _count(item: Item, round: Round, answer: Answer, by: int) -> None:
    round.right += by * is_right(item.question, answer)
    if isinstance(answer, (int, float)):
        round.histogram.add(answer, by)
        return
    if item.question.form not in WRITTEN:
        for key in answer:
            round.ranking.add(key, by)
        return
    for entry in item.entries.of(answer):
        item.entries.row(round.rows, entry, round.ranking.add(entry, by))


def _recount(item: Item) -> None:
    """After a change that concerns all votes. The teacher's, so it may cost as much as there are votes."""
    for number, round in enumerate(item.rounds, 1):
        round.clear()
        for said in item.votes.values():
            if (answer := said.get(str(number))) is not None:
                _count(item, round, answer, 1)
        if item.question.form is PollForm.number:
            round.histogram.lay(_numbers(item, str(number)))


def _sort_out(item: Item, event: PollStruck | PollRestored | PollMerged | PollSplit) -> None:
    entries = item.entries
    match event:
        case PollStruck():
            entries.struck.add(event.entry)
        case PollRestored():
            entries.struck.discard(event.entry)
        case PollMerged():
            entries.into[event.entry] = event.into
        case PollSplit():
            entries.into.pop(event.entry, None)
    _recount(item)
    for round in item.rounds:
        entries.keep_merged(round.rows)
