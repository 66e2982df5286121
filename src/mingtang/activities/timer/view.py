"""Everyone sees the same timer; `{}` when there is none."""

from __future__ import annotations

from typing import NotRequired, TypedDict, cast

from mingtang.activities.timer.rules import State
from mingtang.core.member import People, Role
from mingtang.core.patch import Json


class TimerView(TypedDict):
    """Times in ms UTC, lengths in ms. A running timer has `ends`, in the past when time is up; a held one
    `paused_left`. `step` is the step on the stage whose clock it is."""

    started: int
    length: int
    ends: NotRequired[int]
    paused_left: NotRequired[int]
    label: NotRequired[str]
    step: NotRequired[str]


def view(state: State, role: Role, part: str, people: People) -> Json | None:
    if part != "timer":
        return None
    if not state.started:
        return {}
    seen = TimerView(started=state.started, length=state.length)
    if state.held:
        seen["paused_left"] = state.left
    else:
        seen["ends"] = state.ends
    if state.label:
        seen["label"] = state.label
    if state.step:
        seen["step"] = state.step
    return cast(Json, seen)
