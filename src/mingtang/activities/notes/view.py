"""There is nothing to see but one's own."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypedDict, cast

from mingtang.activities.notes.rules import State
from mingtang.core.member import People, Role
from mingtang.core.patch import Json


class NotesMine(TypedDict, total=False):
    """Starred steps, and notes by step."""

    stars: dict[str, bool]
    texts: dict[str, str]


def parts(state: State, role: Role) -> Iterable[str]:
    return ()


def view(state: State, role: Role, part: str, people: People) -> Json | None:
    return None


def mine(state: State, member: str, people: People) -> Json:
    sheet = state.sheets.get(member)
    if sheet is None:
        return {}
    own = NotesMine(stars=dict(sheet.stars), texts=dict(sheet.texts))
    return cast(Json, {key: value for key, value in own.items() if value})


def secrets(state: State) -> Iterable[str]:
    return (text for sheet in state.sheets.values() for text in sheet.texts.values())
