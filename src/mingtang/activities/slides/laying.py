"""All steps of a plan, laid before a lesson begins: pages that are drawn already, boards, notes, clocks, questions."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from msgspec import Struct

from mingtang.activities.slides.facts import (
    OWN,
    TIMED,
    DeckBegun,
    Kind,
    NoteWritten,
    PageAdded,
    StageCovered,
    State,
    StepInserted,
)
from mingtang.activities.slides.limits import MOST_STEPS, Asset, Note, Number, Pixels, Seconds, Sheet, Title
from mingtang.core.event import Command, Event, Id, Line, Refused
from mingtang.core.frame import StepTurned


class LaidDeck(Struct, forbid_unknown_fields=True):
    """A file that laid pages come from."""

    id: Id
    name: Line


class LaidPage(Struct, forbid_unknown_fields=True):
    """A page that has been drawn."""

    deck: Id
    page: Number
    asset: Asset
    width: Pixels
    height: Pixels
    title: Title = ""


class LaidStep(Struct, kw_only=True, forbid_unknown_fields=True):
    """`ref` names the question, as in slides.insert; `note` is for the speaker."""

    id: Id
    kind: Kind
    page: LaidPage | None = None
    ref: Id | None = None
    text: Sheet = ""
    seconds: Seconds = 0
    note: Note = ""


class Lay(Command, tag="slides.lay"):
    """Lays all steps of a plan, in their order, in a lesson that has none; the wall waits with the code."""

    decks: list[LaidDeck]
    steps: list[LaidStep]


def fits(kind: str, ref: str | None, text: str, seconds: int) -> bool:
    """Whether a step of this kind may be made of these."""
    if (ref is None) != (kind in OWN):
        return False
    if kind in TIMED:
        return seconds > 0 and len(text) <= 80
    return not seconds and bool(text.strip()) == (kind == "note")


def lay(state: State, command: Lay) -> Iterable[Event]:
    if state.steps or state.dropped or not command.steps:
        return
    if len(command.steps) > MOST_STEPS:
        raise Refused("slides.too_many", most=MOST_STEPS)
    _check(command)
    yield from _decks(command)
    for number, step in enumerate(command.steps, 1):
        yield from _step(step, float(number))
    yield StepTurned(to=command.steps[0].id)
    yield StageCovered(to="code")


def _check(command: Lay) -> None:
    """Raises Refused for what no editor makes."""
    known = {deck.id for deck in command.decks}
    ids = {step.id for step in command.steps}
    whole = len(ids) == len(command.steps) and len(known) == len(command.decks)
    for step in command.steps:
        if step.kind == "page":
            whole = whole and step.page is not None and step.page.deck in known
        else:
            whole = whole and step.page is None and fits(step.kind, step.ref, step.text, step.seconds)
    if not whole:
        raise Refused("bad_shape")


def _decks(command: Lay) -> Iterator[Event]:
    """A deck is as long as the pages that are used of it, so that none is waited for."""
    used: dict[str, set[int]] = {}
    for step in command.steps:
        if step.page:
            used.setdefault(step.page.deck, set()).add(step.page.page)
    for deck in command.decks:
        yield DeckBegun(deck=deck.id, name=deck.name, pages=len(used.get(deck.id, ())), base=0.0)


def _step(step: LaidStep, pos: float) -> Iterator[Event]:
    if page := step.page:
        yield PageAdded(
            deck=page.deck,
            page=page.page,
            step=step.id,
            pos=pos,
            asset=page.asset,
            width=page.width,
            height=page.height,
            title=page.title,
        )
    else:
        yield StepInserted(
            step=step.id, step_kind=step.kind, pos=pos, ref=step.ref or "", text=step.text, seconds=step.seconds
        )
    if step.note:
        yield NoteWritten(step=step.id, text=step.note)
