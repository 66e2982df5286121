"""Staff see every step and the deck's progress. Everyone else sees what has been shown, and the next page's picture so
that it can be fetched beforehand; pages not shown stay secret unless the teacher lets students look ahead."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Literal, NotRequired, TypedDict, cast

from mingtang.activities.slides.facts import Cover, Deck, Kind, State, Step
from mingtang.core.member import STAFF, People, Role
from mingtang.core.patch import Json


class SlidesNow(TypedDict):
    step: str
    kind: Kind
    ref: NotRequired[str]


class SlidesNext(TypedDict):
    asset: str


class SlidesDeck(TypedDict):
    id: str
    name: str
    pages: int
    drawn: int
    state: Literal["reading", "ready", "failed"]
    code: NotRequired[str]
    params: NotRequired[dict[str, Any]]


class SlidesStep(TypedDict):
    kind: Kind
    pos: float
    ref: NotRequired[str]
    asset: NotRequired[str]
    width: NotRequired[int]
    height: NotRequired[int]
    title: NotRequired[str]
    page: NotRequired[int]
    text: NotRequired[str]
    seconds: NotRequired[int]


class SlidesView(TypedDict):
    cover: Cover
    steps: dict[str, SlidesStep]
    now: NotRequired[SlidesNow]
    deck: NotRequired[SlidesDeck]
    next: NotRequired[SlidesNext]
    ahead: NotRequired[bool]


class SlidesNotes(TypedDict):
    notes: dict[str, str]


def parts(state: State, role: Role) -> Iterable[str]:
    return ("slides", "slides/notes") if role in STAFF else ("slides",)


def view(state: State, role: Role, part: str, people: People) -> Json | None:
    if part == "slides/notes" and role in STAFF:
        return cast(Json, SlidesNotes(notes={s: text for s, text in state.notes.items() if text and s in state.steps}))
    return cast(Json, _slides(state, role)) if part == "slides" else None


def _slides(state: State, role: Role) -> SlidesView:
    seen = SlidesView(cover=state.cover, steps={i: _step(s) for i, s in state.steps.items() if _open(state, role, s)})
    if state.now:
        seen["now"] = _now(state.now, state.steps[state.now])
    if state.ahead:
        seen["ahead"] = True
    if role in STAFF and state.deck:
        seen["deck"] = _deck(state.decks[state.deck])
    if role not in STAFF and (asset := _next_asset(state)):
        seen["next"] = SlidesNext(asset=asset)
    return seen


def _open(state: State, role: Role, step: Step) -> bool:
    """Looking ahead opens pages and boards; a question opens only by being asked."""
    return role in STAFF or step.shown or (state.ahead and role is not Role.wall and step.kind in ("page", "board"))


def _step(step: Step) -> SlidesStep:
    seen = SlidesStep(kind=step.kind, pos=step.pos)
    if step.ref:
        seen["ref"] = step.ref
    if step.title:
        seen["title"] = step.title
    if step.text:
        seen["text"] = step.text
    if step.seconds:
        seen["seconds"] = step.seconds
    if step.asset:
        seen |= {"asset": step.asset, "width": step.width, "height": step.height, "page": step.page}
    return seen


def _now(step: str, at: Step) -> SlidesNow:
    now = SlidesNow(step=step, kind=at.kind)
    if at.ref:
        now["ref"] = at.ref
    return now


def _next_asset(state: State) -> str:
    """The picture that comes next, or "" when the next step has none."""
    at = state.steps[state.now].pos if state.now else float("-inf")
    coming = min((s for s in state.steps.values() if s.pos > at), key=lambda s: s.pos, default=None)
    return coming.asset if coming else ""


def _deck(deck: Deck) -> SlidesDeck:
    state: Literal["reading", "ready", "failed"] = "failed" if deck.code else "reading" if deck.reading else "ready"
    seen = SlidesDeck(id=deck.id, name=deck.name, pages=deck.pages, drawn=len(deck.drawn), state=state)
    if deck.code:
        seen |= {"code": deck.code, "params": deck.params}
    return seen


def secrets(state: State) -> Iterable[str]:
    """Notes, and the titles, texts and pictures of what has not been shown, unless the same words were shown
    elsewhere."""
    yield from (text for text in state.notes.values() if text)
    known = [s for s in state.steps.values() if s.shown or (state.ahead and s.kind in ("page", "board"))]
    said = {t for s in known for t in (s.title, s.text, s.asset)} | {_next_asset(state)}
    hidden = (s for s in (*state.steps.values(), *state.dropped.values()) if not s.shown)
    for step in hidden:
        words = (step.title, step.text, step.asset)
        yield from (text for text in words if text and not any(text in other for other in said))
