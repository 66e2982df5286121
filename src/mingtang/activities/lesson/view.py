"""Everyone sees the title, the code and the times (UTC ms) of beginning and end; staff which plan it follows."""

from __future__ import annotations

from typing import NotRequired, TypedDict, cast

from mingtang.activities.lesson.rules import State
from mingtang.core.member import STAFF, People, Role
from mingtang.core.patch import Json


class LessonPlan(TypedDict):
    id: str
    version: int
    group: NotRequired[str]


class LessonView(TypedDict):
    title: str
    code: str
    opened: int
    course: NotRequired[str]
    ended: NotRequired[int]
    plan: NotRequired[LessonPlan]


def view(state: State, role: Role, part: str, people: People) -> Json:
    seen = LessonView(title=state.title, code=state.code, opened=state.opened)
    if state.course:
        seen["course"] = state.course
    if state.ended:
        seen["ended"] = state.ended
    if state.plan and role in STAFF:
        seen["plan"] = LessonPlan(id=state.plan, version=state.version)
        if state.group:
            seen["plan"]["group"] = state.group
    return cast(Json, seen)
