"""A page shows its strokes in the order of `n`. Whose stroke it is, where a student drew it, staff alone can see."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NotRequired, TypedDict, cast

from mingtang.activities.ink.rules import State, Tool
from mingtang.core.member import STAFF, People, Role
from mingtang.core.patch import Json


class InkStroke(TypedDict):
    n: int
    tool: Tool
    color: int
    width: int
    points: str


class InkPage(TypedDict):
    strokes: dict[str, InkStroke]
    by: NotRequired[dict[str, str]]


class InkView(TypedDict):
    allowed: bool


class InkMine(TypedDict, total=False):
    """Pages where the member has something to undo or redo, and a student's own strokes."""

    undo: dict[str, bool]
    redo: dict[str, bool]
    own: dict[str, dict[str, bool]]


def parts(state: State, role: Role) -> Iterable[str]:
    return ("ink", *(f"ink/{page}" for page in state.pages))


def view(state: State, role: Role, part: str, people: People) -> Json | None:
    page = part.partition("/")[2]
    if not page:
        return cast(Json, InkView(allowed=state.allowed))
    if "/" in page:
        return None
    drawn = state.page(page)
    seen: Json = {"strokes": dict(drawn.seen)}
    if role in STAFF and drawn.guests:
        seen["by"] = dict(drawn.guests)
    return seen


def mine(state: State, member: str, people: People) -> Json:
    hands = state.hands.get(member, {})
    said = InkMine(
        undo={page: True for page, hand in hands.items() if hand.done},
        redo={page: True for page, hand in hands.items() if hand.undone},
        own={page: dict(hand.own) for page, hand in hands.items() if hand.own},
    )
    return {key: value for key, value in said.items() if value}
