"""What an activity says about being prepared in a plan, from the `plan.py` of its folder."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from types import ModuleType
from typing import Any

from msgspec import Struct

from mingtang.core.event import Command


@dataclass(frozen=True, slots=True)
class Preparation:
    """A step of a plan whose kind is the activity's name has a `question` of the shape `Content`.

    `check` raises Refused for one that could not be used; `prepare(id, content)` gives the commands that make it in a
    lesson under that id, where a step of the same kind refers to it."""

    Content: type[Struct]
    check: Callable[[Any], None]
    prepare: Callable[[str, Any], Iterable[Command]]


def from_module(plan: ModuleType | None) -> Preparation | None:
    if plan is None:
        return None
    return Preparation(Content=plan.Content, check=plan.check, prepare=plan.prepare)
