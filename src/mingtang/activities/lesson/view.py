"""Everyone sees the title, the code and the times (UTC ms) of beginning and end."""

from __future__ import annotations

from typing import NotRequired, TypedDict, cast

from mingtang.activities.lesson.rules import State
from mingtang.core.member import People, Role
from mingtang.core.patch import Json


class LessonView(TypedDict):
    title: str
    code: str
    opened: int
    course: NotRequired[str]
    ended: NotRequired[int]


def view(state: State, role: Role, part: str, people: People) -> Json:
    seen = LessonView(title=state.title, code=state.code, opened=state.opened)
    if state.course:
        seen["course"] = state.course
    if state.ended:
        seen["ended"] = state.ended
    return cast(Json, seen)
