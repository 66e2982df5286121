"""Staff draw on any page, students while the teacher lets them. Everyone can undo and redo what he did himself.

A stroke is seen while its drawing stands and no erasing of it stands; undo takes an act away, redo puts it back. So any
order of acts by any people gives one picture, and undoing the last act gives the picture before it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Annotated, Any, Literal

from msgspec import Meta, Struct, field
from msgspec.structs import replace

from mingtang.activities.ink.points import HIGHEST, WIDTH, decode, encode
from mingtang.core.activity import Act
from mingtang.core.event import Command, Event, Fact, Id, Refused, is_id
from mingtang.core.member import STAFF, Member, Role
from mingtang.core.patch import Json

MOST_STROKES = 10_000
MOST_PAGES = 5_000  # of a lesson, that students may begin
MOST_OWN_PAGES = 100  # of one student
DEPTH = 200
COLORS = 8
NOWHERE = encode([(0, HIGHEST)])  # a dot that no page is long enough to show

Tool = Literal["pen", "marker"]
Color = Annotated[int, Meta(ge=0, lt=COLORS)]
Width = Annotated[int, Meta(ge=4, le=WIDTH // 16)]
Points = Annotated[str, Meta(pattern="^[A-Za-z0-9_-]+$", min_length=4, max_length=16_000)]
Strokes = Annotated[list[Id], Meta(min_length=1, max_length=1000)]
WRITERS = STAFF | {Role.student}


class Draw(Command, tag="ink.draw"):
    """Adds a finished stroke. `color` is a place in the palette; `width` and `points` count in 1/8192 page widths."""

    roles = WRITERS
    page: Id
    id: Id
    tool: Tool
    color: Color
    width: Width
    points: Points


class Erase(Command, tag="ink.erase"):
    """Takes strokes away, as one act. Students can erase their own only."""

    roles = WRITERS
    page: Id
    strokes: Strokes


class Clear(Command, tag="ink.clear"):
    """Takes everything away that is seen on the page."""

    roles = STAFF
    page: Id


class Undo(Command, tag="ink.undo"):
    """Takes back the member's own last act on the page."""

    roles = WRITERS
    page: Id


class Redo(Command, tag="ink.redo"):
    """Does again what the member has undone last on the page."""

    roles = WRITERS
    page: Id


class Allow(Command, tag="ink.allow"):
    """Lets students draw, or no longer."""

    roles = STAFF
    allowed: bool


commands = (Draw, Erase, Clear, Undo, Redo, Allow)


class StrokeDrawn(Event, tag="ink.drawn"):
    """A stroke was finished. `guest` when a student drew it."""

    page: str
    id: str
    tool: Tool
    color: int
    width: int
    points: str
    guest: bool = False


class StrokesErased(Event, tag="ink.erased"):
    """These strokes were taken away together."""

    page: str
    strokes: list[str]


class PageCleared(Event, tag="ink.cleared"):
    """All that was seen on the page was taken away."""

    page: str


class ActUndone(Event, tag="ink.undone"):
    """The member's last act on the page was taken back."""

    page: str


class ActRedone(Event, tag="ink.redone"):
    """The member's last undone act on the page was done again."""

    page: str


class DrawingAllowed(Event, tag="ink.allowed"):
    """Students may draw, or may not."""

    allowed: bool


events = (StrokeDrawn, StrokesErased, PageCleared, ActUndone, ActRedone, DrawingAllowed)
contributions = (StrokeDrawn, StrokesErased, ActUndone, ActRedone)


class Stroke(Struct):
    """`shown` is what screens get. `erased` counts the erasings that stand."""

    shown: Json
    by: str
    guest: bool
    drawn: bool = True
    erased: int = 0

    @property
    def seen(self) -> bool:
        return self.drawn and not self.erased


class Doing(Struct):
    """One act: a drawing of one stroke, or an erasing of some."""

    strokes: tuple[str, ...]
    erasing: bool


class Hand(Struct):
    """What one member did on one page and may undo, what he undid and may redo, and a student's own strokes."""

    done: list[Doing] = field(default_factory=list)
    undone: list[Doing] = field(default_factory=list)
    own: dict[str, bool] = field(default_factory=dict)


class Page(Struct):
    """`seen` and `guests` (who drew, of students' strokes) hold what is to be seen now."""

    strokes: dict[str, Stroke] = field(default_factory=dict)
    seen: dict[str, Json] = field(default_factory=dict)
    guests: dict[str, str] = field(default_factory=dict)


class State(Struct):
    """`hands` by member, then page."""

    pages: dict[str, Page] = field(default_factory=dict)
    hands: dict[str, dict[str, Hand]] = field(default_factory=dict)
    allowed: bool = False

    def page(self, page: str) -> Page:
        return self.pages.get(page) or Page()

    def hand(self, member: str, page: str) -> Hand:
        return self.hands.get(member, {}).get(page) or Hand()


def decide(state: State, command: Command, act: Act) -> Iterable[Event]:
    if isinstance(command, Allow):
        return [DrawingAllowed(allowed=command.allowed)] if command.allowed != state.allowed else []
    if act.by.role not in STAFF and not state.allowed:
        raise Refused("ink.not_allowed")
    match command:
        case Draw():
            return _draw(state, command, act.by)
        case Erase():
            return _erase(state.page(command.page), command, act.by)
        case Clear() if state.page(command.page).seen:
            return [PageCleared(page=command.page)]
        case Undo() if state.hand(act.by.id, command.page).done:
            return [ActUndone(page=command.page)]
        case Redo() if state.hand(act.by.id, command.page).undone:
            return [ActRedone(page=command.page)]
    return []


def _draw(state: State, command: Draw, by: Member) -> Iterable[Event]:
    page = state.page(command.page)
    if command.id in page.strokes:
        return
    if len(page.strokes) >= MOST_STROKES or (by.role not in STAFF and _spread(state, command.page, by)):
        raise Refused("ink.full")
    try:
        decode(command.points)
    except ValueError:
        raise Refused("bad_shape") from None
    yield StrokeDrawn(
        page=command.page,
        id=command.id,
        tool=command.tool,
        color=command.color,
        width=command.width,
        points=command.points,
        guest=by.role not in STAFF,
    )


def _spread(state: State, page: str, by: Member) -> bool:
    """Whether the student would take up one page too many. Staff never are: nobody can fill a lesson against them."""
    own = state.hands.get(by.id, {})
    begins = page not in state.pages and len(state.pages) >= MOST_PAGES
    return begins or (page not in own and len(own) >= MOST_OWN_PAGES)


def _erase(page: Page, command: Erase, by: Member) -> Iterable[Event]:
    mine = [s for s in dict.fromkeys(command.strokes) if s in page.seen and _may_erase(page.strokes[s], by)]
    if mine:
        yield StrokesErased(page=command.page, strokes=mine)


def _may_erase(stroke: Stroke, by: Member) -> bool:
    return by.role in STAFF or stroke.by == by.id


def fold(state: State, event: Event, fact: Fact) -> None:
    if isinstance(event, DrawingAllowed):
        state.allowed = event.allowed
        return
    assert isinstance(event, StrokeDrawn | StrokesErased | PageCleared | ActUndone | ActRedone)
    page = state.pages.setdefault(event.page, Page())
    hand = state.hands.setdefault(fact.by, {}).setdefault(event.page, Hand())
    match event:
        case StrokeDrawn():
            _fold_drawn(page, event, fact.by)
            _add(page, hand, Doing(strokes=(event.id,), erasing=False))
        case StrokesErased():
            _add(page, hand, Doing(strokes=tuple(event.strokes), erasing=True))
        case PageCleared():
            _add(page, hand, Doing(strokes=tuple(page.seen), erasing=True))
        case ActUndone():
            _pass_on(page, hand, hand.done, hand.undone, stands=False)
        case ActRedone():
            _pass_on(page, hand, hand.undone, hand.done, stands=True)


def _fold_drawn(page: Page, event: StrokeDrawn, by: str) -> None:
    shown = {
        "n": len(page.strokes),
        "tool": event.tool,
        "color": event.color,
        "width": event.width,
        "points": event.points,
    }
    page.strokes[event.id] = Stroke(shown=shown, by=by, guest=event.guest, drawn=False)


def _add(page: Page, hand: Hand, doing: Doing) -> None:
    hand.undone.clear()
    hand.done.append(doing)
    del hand.done[:-DEPTH]
    _set(page, hand, doing, stands=True)


def _pass_on(page: Page, hand: Hand, source: list[Doing], target: list[Doing], *, stands: bool) -> None:
    if source:
        target.append(source.pop())
        _set(page, hand, target[-1], stands=stands)


def _set(page: Page, hand: Hand, doing: Doing, *, stands: bool) -> None:
    for name in doing.strokes:
        stroke = page.strokes[name]
        if doing.erasing:
            stroke.erased += 1 if stands else -1
        else:
            stroke.drawn = stands
            _set_own(hand, name, stroke)
        _show(page, name, stroke)


def _set_own(hand: Hand, name: str, stroke: Stroke) -> None:
    if stroke.guest and stroke.drawn:
        hand.own[name] = True
    else:
        hand.own.pop(name, None)


def _show(page: Page, name: str, stroke: Stroke) -> None:
    if not stroke.seen:
        page.seen.pop(name, None)
        page.guests.pop(name, None)
        return
    page.seen[name] = stroke.shown
    if stroke.guest:
        page.guests[name] = stroke.by


def touches(event: Event) -> Iterable[str]:
    return ("ink",) if isinstance(event, DrawingAllowed) else (f"ink/{getattr(event, 'page', '')}",)


_SAID = {"id", "tool", "color", "width", "at", "points"}
LONGEST_SAID = 2_000


def relay(state: State, by: Member, topic: str, data: Any) -> bool:
    """A stroke being drawn, on `ink/<page>`: a few more points, from place `at` on; or {id} when it is given up."""
    if by.role not in STAFF and not (by.role is Role.student and state.allowed):
        return False
    if not topic.startswith("ink/") or not is_id(topic[4:]) or not isinstance(data, dict):
        return False
    if not isinstance(data.get("id"), str) or not is_id(data["id"]):
        return False
    return data.keys() == {"id"} or (data.keys() == _SAID and _drawable(data))


def _drawable(data: Json) -> bool:
    numbers = (("color", COLORS - 1), ("width", WIDTH // 16), ("at", 4000))
    if data["tool"] not in ("pen", "marker") or not all(_whole(data[key], most) for key, most in numbers):
        return False
    points = data["points"]
    return isinstance(points, str) and len(points) <= LONGEST_SAID and _decodes(points)


def _whole(value: Any, most: int) -> bool:
    return type(value) is int and 0 <= value <= most


def _decodes(points: str) -> bool:
    try:
        return bool(decode(points))
    except ValueError:
        return False


def erase(facts: Sequence[Fact], gone: frozenset[str]) -> Iterable[Fact]:
    """The handwriting of students. What staff wrote is the lesson's."""
    for fact in facts:
        if fact.by in gone and isinstance(fact.event, StrokeDrawn) and fact.event.guest:
            yield replace(fact, event=replace(fact.event, points=NOWHERE))
