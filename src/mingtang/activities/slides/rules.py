"""Staff order the steps, turn to them and cover the stage; the server adds the pages of a deck while it is read."""

from __future__ import annotations

from collections.abc import Iterable
from math import floor
from typing import Annotated, Any

from msgspec import Meta, field

from mingtang.activities.slides import order
from mingtang.activities.slides.facts import (
    AheadLet,
    Cover,
    Deck,
    DeckBegun,
    DeckFailed,
    Kind,
    NoteWritten,
    PageAdded,
    StageCovered,
    State,
    Step,
    StepDropped,
    StepInserted,
    StepMoved,
    StepRestored,
    StepsSpread,
    assets,
    events,
    fold,
)
from mingtang.activities.slides.laying import Lay, fits, lay
from mingtang.activities.slides.limits import MOST_STEPS, Asset, Note, Number, Pixels, Seconds, Sheet, Title
from mingtang.core.activity import Act
from mingtang.core.event import Command, Event, Id, Line, Refused
from mingtang.core.frame import StepTurned
from mingtang.core.member import STAFF, Member

Code = Annotated[str, Meta(pattern=r"^[a-z_]+(\.[a-z_]+)*$", max_length=60)]
Params = dict[str, Annotated[str, Meta(max_length=300)] | int | float]


class BeginDeck(Command, tag="slides.begin_deck"):
    """A file was opened and has this many pages; they follow one by one, behind the steps there are."""

    deck: Id
    name: Line
    pages: Number


class AddPage(Command, tag="slides.add_page"):
    """One page of a deck has been drawn, with the speaker's notes it had. The first page goes on the stage at once when
    nothing is there."""

    deck: Id
    page: Number
    asset: Asset
    width: Pixels
    height: Pixels
    title: Title = ""
    notes: Note = ""


class FailDeck(Command, tag="slides.fail_deck"):
    """The rest of a deck cannot be read; `code` is a message key. The pages drawn so far stay."""

    deck: Id
    code: Code
    params: Params = field(default_factory=dict)


class Insert(Command, tag="slides.insert", tag_field="wish"):
    """Puts a blank board, a note (with its `text`), a timer or a break (with its `seconds`, its name as `text`) or a
    prepared question (its id as `ref`, its activity as `kind`) right after a step, or at the end."""

    roles = STAFF
    id: Id
    kind: Kind
    ref: Id | None = None
    after: Id | None = None
    text: Sheet = ""
    seconds: Seconds = 0


class Move(Command, tag="slides.move"):
    """Moves a step right after another, or to the front."""

    roles = STAFF
    step: Id
    after: Id | None = None


class Drop(Command, tag="slides.drop"):
    """Takes a step out. When it is on the stage, its neighbour comes first."""

    roles = STAFF
    step: Id


class Restore(Command, tag="slides.restore"):
    """Brings a dropped step back to where it was."""

    roles = STAFF
    step: Id


class WriteNote(Command, tag="slides.note"):
    """Writes the speaker's notes of a step; an empty text takes them away."""

    roles = STAFF
    step: Id
    text: Note


class Turn(Command, tag="slides.turn"):
    """Puts a step on the stage and takes the cover away."""

    roles = STAFF
    to: Id


class PutCover(Command, tag="slides.cover"):
    """Covers the stage with black or with the code to join, or uncovers it."""

    roles = STAFF
    to: Cover


class LetAhead(Command, tag="slides.ahead"):
    """Lets students look at pages that have not been shown, or no longer."""

    roles = STAFF
    allowed: bool


__all__ = ["State", "assets", "commands", "decide", "events", "fold", "relay", "touches"]

commands = (BeginDeck, AddPage, FailDeck, Lay, Insert, Move, Drop, Restore, WriteNote, Turn, PutCover, LetAhead)


def decide(state: State, command: Command, act: Act) -> Iterable[Event]:
    match command:
        case BeginDeck() | AddPage() | FailDeck():
            return _decide_deck(state, command, act)
        case Lay():
            return lay(state, command)
        case Insert():
            return _insert(state, command)
        case Move():
            return _move(state, command)
        case Drop():
            return _drop(state, command)
        case Restore():
            return _restore(state, command)
        case WriteNote() if command.text != state.notes.get(_known(state, command.step), ""):
            return [NoteWritten(step=command.step, text=command.text)]
        case Turn():
            return _turn(state, command)
        case PutCover() if command.to != state.cover:
            return _cover(state, command.to)
        case LetAhead() if command.allowed != state.ahead:
            return [AheadLet(allowed=command.allowed)]
    return []


def _known(state: State, step: str) -> str:
    if step not in state.steps:
        raise Refused("unknown_item")
    return step


def _decide_deck(state: State, command: BeginDeck | AddPage | FailDeck, act: Act) -> Iterable[Event]:
    if isinstance(command, BeginDeck):
        return _begin(state, command)
    deck = state.decks.get(command.deck)
    if deck is None:
        raise Refused("unknown_item")
    if isinstance(command, AddPage):
        return _add_page(state, deck, command, act)
    if not deck.reading:
        return []
    return [DeckFailed(deck=command.deck, code=command.code, params=command.params)]


def _begin(state: State, command: BeginDeck) -> Iterable[Event]:
    if command.deck in state.decks:
        return
    _check_room(state, command.pages)
    base = order.end(state.places(), state.reserved()) - 1
    yield DeckBegun(deck=command.deck, name=command.name, pages=command.pages, base=base)


def _check_room(state: State, more: int) -> None:
    coming = sum(d.pages - len(d.drawn) for d in state.decks.values() if d.reading)
    if len(state.steps) + len(state.dropped) + coming + more > MOST_STEPS:
        raise Refused("slides.too_many", most=MOST_STEPS)


def _add_page(state: State, deck: Deck, command: AddPage, act: Act) -> Iterable[Event]:
    if command.page > deck.pages:
        raise Refused("unknown_item")
    if command.page in deck.drawn:
        return
    step = act.new_id()
    yield PageAdded(
        deck=deck.id,
        page=command.page,
        step=step,
        pos=deck.base + command.page,
        asset=command.asset,
        width=command.width,
        height=command.height,
        title=command.title,
    )
    if command.notes:
        yield NoteWritten(step=step, text=command.notes)
    if not state.now:
        yield StepTurned(to=step)
    if not state.steps:  # students come in before the lesson begins: the wall waits with the code
        yield StageCovered(to="code")


def _insert(state: State, command: Insert) -> Iterable[Event]:
    if command.id in state.steps or command.id in state.dropped:
        return
    _check_room(state, 1)
    if command.kind == "page" or not fits(command.kind, command.ref, command.text, command.seconds):
        raise Refused("bad_shape")
    if command.after is None:
        pos = order.end(state.places(), state.reserved())
    else:
        spread, pos = _behind(state.places(), _known(state, command.after))
        yield from spread
    yield StepInserted(
        step=command.id,
        step_kind=command.kind,
        pos=pos,
        ref=command.ref or "",
        text=command.text,
        seconds=command.seconds,
    )
    if not state.now:
        yield StepTurned(to=command.id, seconds=command.seconds, label=command.text if command.seconds else "")


def _move(state: State, command: Move) -> Iterable[Event]:
    places = state.places()
    old = places.pop(_known(state, command.step))
    if command.after is None:
        if any(pos < old for pos in places.values()):
            yield StepMoved(step=command.step, pos=order.front(places))
        return
    low = places.get(_known(state, command.after))
    if low is None or (low < old and not any(low < pos < old for pos in places.values())):
        return
    spread, pos = _behind(places, command.after)
    yield from spread
    yield StepMoved(step=command.step, pos=pos)


def _behind(places: dict[str, float], step: str) -> tuple[list[Event], float]:
    """A position right after `step`, and the spreading that must come first if there is no room."""
    pos = order.after(places, step)
    if pos is not None:
        return [], pos
    whole = floor(places[step])
    pos = order.after(places | order.spread(places, whole), step)
    assert pos is not None
    return [StepsSpread(whole=whole)], pos


def _drop(state: State, command: Drop) -> Iterable[Event]:
    if command.step in state.dropped:
        return
    if state.now == _known(state, command.step) and (neighbour := _neighbour(state, command.step)):
        yield _turned(state, neighbour)
    yield StepDropped(step=command.step)


def _neighbour(state: State, step: str) -> str:
    """The step before, which has been shown already, or the one after the first, or "" for the only one."""
    at = state.steps[step].pos
    near = sorted((s.pos > at, abs(s.pos - at), other) for other, s in state.steps.items() if other != step)
    return near[0][2] if near else ""


def _restore(state: State, command: Restore) -> Iterable[Event]:
    if command.step in state.steps:
        return
    if command.step not in state.dropped:
        raise Refused("unknown_item")
    yield StepRestored(step=command.step)
    if not state.now:
        yield _to(command.step, state.dropped[command.step])


def _turn(state: State, command: Turn) -> Iterable[Event]:
    if _known(state, command.to) == state.now:
        return
    yield _turned(state, command.to)
    if state.cover:
        yield StageCovered(to="")


def _turned(state: State, to: str) -> StepTurned:
    return _to(to, state.steps[to])


def _to(id: str, step: Step) -> StepTurned:
    """With the clock that begins, if the step has one."""
    return StepTurned(to=id, seconds=step.seconds, label=step.text if step.seconds else "")


def _cover(state: State, to: Cover) -> Iterable[Event]:
    """A clock that waited behind the code of the beginning starts when people see it."""
    if to == "" and state.now and state.steps[state.now].seconds and not state.ticking:
        yield _turned(state, state.now)
    yield StageCovered(to=to)


_NOTES = ("slides/notes",)
_BOTH = ("slides", "slides/notes")


def touches(event: Event) -> Iterable[str]:
    match event:
        case NoteWritten():
            return _NOTES
        case StepDropped() | StepRestored():
            return _BOTH
    return ("slides",)


def relay(state: State, by: Member, topic: str, data: Any) -> bool:
    """The laser: staff may point at {x, y} in parts of the page, or put the pointer away with {}."""
    if topic != "slides" or by.role not in STAFF or not isinstance(data, dict):
        return False
    return not data or (data.keys() == {"x", "y"} and all(_share(v) for v in data.values()))


def _share(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value <= 1
