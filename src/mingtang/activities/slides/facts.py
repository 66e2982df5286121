"""What has happened to the steps, and the state that it adds up to."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated, Any, Literal

from msgspec import Meta, Struct, field

from mingtang.activities.slides import order
from mingtang.core.event import Event, Fact
from mingtang.core.frame import StepTurned

# What stands on the stage by itself; every other kind is the name of the activity that a step refers to.
OWN = frozenset({"page", "board", "note", "timer", "break"})
TIMED = frozenset({"timer", "break"})
Kind = Annotated[str, Meta(pattern="^[a-z]{1,20}$")]
Cover = Literal["", "black", "code"]


class DeckBegun(Event, frozen=True, tag="slides.deck_begun"):
    """A deck is being read. Its page n stands at position `base` + n."""

    deck: str
    name: str
    pages: int
    base: float


class PageAdded(Event, frozen=True, tag="slides.page_added"):
    """A page of a deck became a step."""

    deck: str
    page: int
    step: str
    pos: float
    asset: str
    width: int
    height: int
    title: str


class DeckFailed(Event, frozen=True, tag="slides.deck_failed"):
    """Reading a deck came to nothing, or stopped half-way."""

    deck: str
    code: str
    params: dict[str, Any]


class StepInserted(Event, frozen=True, tag="slides.inserted", omit_defaults=True):
    """A board, a note, a timer, a break or a question became a step. `text` is a note's sheet or a clock's name,
    `seconds` how long its clock runs."""

    step: str
    step_kind: Kind
    pos: float
    ref: str = ""
    text: str = ""
    seconds: int = 0


class StepMoved(Event, frozen=True, tag="slides.moved"):
    """A step stands elsewhere."""

    step: str
    pos: float


class StepsSpread(Event, frozen=True, tag="slides.spread"):
    """The steps from `whole` up to the next whole number were set evenly apart, in the same order, to make room."""

    whole: int


class StepDropped(Event, frozen=True, tag="slides.dropped"):
    """A step was taken out."""

    step: str


class StepRestored(Event, frozen=True, tag="slides.restored"):
    """A dropped step came back."""

    step: str


class NoteWritten(Event, frozen=True, tag="slides.noted"):
    """The speaker's notes of a step are now these."""

    step: str
    text: str


class StageCovered(Event, frozen=True, tag="slides.covered"):
    """The stage was covered, or uncovered."""

    to: Cover


class AheadLet(Event, frozen=True, tag="slides.ahead_let"):
    """Students may, or may no longer, look at pages that have not been shown."""

    allowed: bool


events = (
    DeckBegun,
    PageAdded,
    DeckFailed,
    StepInserted,
    StepMoved,
    StepsSpread,
    StepDropped,
    StepRestored,
    NoteWritten,
    StepTurned,
    StageCovered,
    AheadLet,
)


def assets(event: Event) -> Iterable[str]:
    return (event.asset,) if isinstance(event, PageAdded) else ()


class Step(Struct):
    """`shown` once it or a later step was on the stage; it never goes back."""

    kind: Kind
    pos: float
    ref: str = ""
    asset: str = ""
    width: int = 0
    height: int = 0
    title: str = ""
    page: int = 0
    text: str = ""
    seconds: int = 0
    shown: bool = False


class Deck(Struct):
    id: str
    name: str
    pages: int
    base: float
    drawn: set[int] = field(default_factory=set)
    code: str = ""
    params: dict[str, Any] = field(default_factory=dict)

    @property
    def reading(self) -> bool:
        return not self.code and len(self.drawn) < self.pages


class State(Struct):
    """`deck` is the newest one's id; `ticking` when the clock of the step on the stage was started."""

    steps: dict[str, Step] = field(default_factory=dict)
    dropped: dict[str, Step] = field(default_factory=dict)
    notes: dict[str, str] = field(default_factory=dict)
    decks: dict[str, Deck] = field(default_factory=dict)
    deck: str = ""
    now: str = ""
    ticking: bool = False
    cover: Cover = ""
    ahead: bool = False

    def places(self) -> dict[str, float]:
        return {step: s.pos for step, s in self.steps.items()}

    def reserved(self) -> float:
        """The last position promised to a deck."""
        return max((d.base + d.pages for d in self.decks.values() if d.reading), default=0.0)


def fold(state: State, event: Event, fact: Fact) -> None:
    match event:
        case DeckBegun():
            state.decks[event.deck] = Deck(id=event.deck, name=event.name, pages=event.pages, base=event.base)
            state.deck = event.deck
        case PageAdded():
            _fold_page(state, event)
        case DeckFailed():
            deck = state.decks[event.deck]
            deck.code, deck.params = event.code, event.params
        case StepInserted():
            state.steps[event.step] = Step(
                kind=event.step_kind, pos=event.pos, ref=event.ref, text=event.text, seconds=event.seconds
            )
        case StepMoved():
            state.steps[event.step].pos = event.pos
        case StepsSpread():
            for step, pos in order.spread(state.places(), event.whole).items():
                state.steps[step].pos = pos
        case StepDropped():
            state.dropped[event.step] = state.steps.pop(event.step)
            state.now = "" if state.now == event.step else state.now
        case StepRestored():
            state.steps[event.step] = state.dropped.pop(event.step)
        case NoteWritten():
            state.notes[event.step] = event.text
        case StepTurned():
            _fold_turn(state, event)
        case StageCovered():
            state.cover = event.to
        case AheadLet():
            state.ahead = event.allowed


def _fold_page(state: State, event: PageAdded) -> None:
    state.decks[event.deck].drawn.add(event.page)
    state.steps[event.step] = Step(
        kind="page",
        pos=event.pos,
        asset=event.asset,
        width=event.width,
        height=event.height,
        title=event.title,
        page=event.page,
    )


def _fold_turn(state: State, event: StepTurned) -> None:
    state.now, state.ticking = event.to, bool(event.seconds)
    far = state.steps[event.to].pos
    for step in state.steps.values():
        step.shown = step.shown or step.pos <= far
