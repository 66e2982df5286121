"""A mark is put on a page and taken away again by the one student who put it. Nobody else is ever told whose it is.

A mark fades by itself, FADES after it was put: then it counts no more and may be put anew. What fades is not an event;
counts are kept in spans of time, and whoever shows them weighs each span by its age."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

from msgspec import Struct, field

from mingtang.core.activity import Act
from mingtang.core.event import Command, Event, Fact, Id, Refused
from mingtang.core.member import STUDENTS

Mark = Literal["lost", "slower", "faster"]
MARKS: tuple[Mark, ...] = ("lost", "slower", "faster")
OPPOSITE: dict[Mark, Mark] = {"slower": "faster", "faster": "slower"}

SPAN = 30_000
FADES = 360_000
SLIP = 10_000
MOST_PAGES = 300


class MarkPage(Command, tag="pace.mark"):
    """Says that one is lost on `page` (the id of its step), or wants it slower or faster; the last two exclude each
    other."""

    roles = STUDENTS
    page: Id
    mark: Mark


class UnmarkPage(Command, tag="pace.unmark"):
    """Takes one's mark away."""

    roles = STUDENTS
    page: Id
    mark: Mark


class PaceMarked(Event, tag="pace.marked"):
    """A student put a mark on a page, or put a faded one anew."""

    page: str
    mark: Mark


class PaceUnmarked(Event, tag="pace.unmarked"):
    """A student took the own mark away."""

    page: str
    mark: Mark


commands = (MarkPage, UnmarkPage)
events = (PaceMarked, PaceUnmarked)
contributions = (PaceMarked, PaceUnmarked)


def _per_mark() -> dict[Mark, dict[int, int]]:
    return {mark: {} for mark in MARKS}


def _ever() -> dict[Mark, set[str]]:
    return {mark: set() for mark in MARKS}


class Page(Struct):
    """`spans`: how many marks were put in each span of SPAN ms (counted from 1970) and not taken away since; only those
    that were not faded when the page was last marked. `ever`: who put one at any time."""

    spans: dict[Mark, dict[int, int]] = field(default_factory=_per_mark)
    ever: dict[Mark, set[str]] = field(default_factory=_ever)


class State(Struct):
    """`own` is by member and page the time of each mark."""

    pages: dict[str, Page] = field(default_factory=dict)
    own: dict[str, dict[str, dict[Mark, int]]] = field(default_factory=dict)

    def marks(self, member: str, page: str) -> dict[Mark, int]:
        return self.own.get(member, {}).get(page, {})


def decide(state: State, command: Command, act: Act) -> Iterable[Event]:
    match command:
        case MarkPage(page=page, mark=mark):
            own = state.marks(act.by.id, page)
            if mark in own and act.at - own[mark] < FADES:
                return
            pages = state.own.get(act.by.id, {})
            if page not in pages and len(pages) >= MOST_PAGES:
                raise Refused("pace.too_many", n=MOST_PAGES)
            if OPPOSITE.get(mark) in own:
                yield PaceUnmarked(page=page, mark=OPPOSITE[mark])
            yield PaceMarked(page=page, mark=mark)
        case UnmarkPage(page=page, mark=mark) if mark in state.marks(act.by.id, page):
            yield PaceUnmarked(page=page, mark=mark)


def fold(state: State, event: Event, fact: Fact) -> None:
    match event:
        case PaceMarked():
            _remove(state, fact.by, event)
            page = state.pages.setdefault(event.page, Page())
            page.ever[event.mark].add(fact.by)
            _count(page.spans[event.mark], fact.at)
            state.own.setdefault(fact.by, {}).setdefault(event.page, {})[event.mark] = fact.at
        case PaceUnmarked():
            put = _remove(state, fact.by, event)
            if put is not None and fact.at - put < SLIP:
                state.pages[event.page].ever[event.mark].discard(fact.by)


def _count(spans: dict[int, int], at: int) -> None:
    """One more in the span of `at`; what has faded by then is let go, so that a page never holds many spans."""
    span = at // SPAN
    for old in [s for s in spans if s < span - FADES // SPAN]:
        del spans[old]
    spans[span] = spans.get(span, 0) + 1


def _remove(state: State, member: str, event: PaceMarked | PaceUnmarked) -> int | None:
    """When the mark had been put; None when there was none."""
    put = state.marks(member, event.page).pop(event.mark, None)
    if put is None:
        return None
    spans = state.pages[event.page].spans[event.mark]
    span = put // SPAN
    if spans.get(span, 0) > 1:
        spans[span] -= 1
    else:
        spans.pop(span, None)
    return put


def touches(event: Event) -> Iterable[str] | None:
    return ("pace/pages", f"pace/on/{event.page}") if isinstance(event, PaceMarked | PaceUnmarked) else ()
