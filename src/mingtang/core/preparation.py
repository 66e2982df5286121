"""What an activity says about being prepared in a plan, from the `plan.py` of its folder."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import ModuleType
from typing import Any

from msgspec import Struct

from mingtang.core.event import Command
from mingtang.core.sheet import Sheet, folded


@dataclass(frozen=True, slots=True)
class Names:
    """How the words of a plan's file are written: by their own names in English, by those of `zh` in Chinese, and both
    are read in every file. `also` are further ways to write them, leading to the name."""

    zh: Mapping[str, str]
    also: Mapping[str, str]

    def said(self, name: str, language: str) -> str:
        return self.zh.get(name, name) if language == "zh" else name

    def meanings(self, names: Iterable[str]) -> dict[str, str]:
        """Every way to write these names, leading to them."""
        wanted = set(names)
        found = {name: name for name in wanted} | {folded(self.zh[name]): name for name in wanted if name in self.zh}
        return found | {folded(way): name for way, name in self.also.items() if name in wanted}


@dataclass(frozen=True, slots=True)
class Preparation:
    """A step of a plan whose kind is the activity's name has a `question` of the shape `Content`; the message `title`
    says what kind of step it is.

    `check` gives it as it is kept, or raises Refused; `prepare(id, content)` gives the commands that make it in a
    lesson under that id, where a step of the same kind refers to it. In a plan's file it is a heading with `settings`
    and lines of words: `write(content, language)` makes them, `read` takes them again and raises Mistake."""

    title: str
    Content: type[Struct]
    check: Callable[[Any], Any]
    prepare: Callable[[str, Any], Iterable[Command]]
    settings: Sequence[str]
    names: Names
    write: Callable[[Any, str], Sheet]
    read: Callable[[Sheet], Any]


def from_module(plan: ModuleType | None) -> Preparation | None:
    if plan is None:
        return None
    return Preparation(
        title=plan.title,
        Content=plan.Content,
        check=plan.check,
        prepare=plan.prepare,
        settings=tuple(plan.settings),
        names=plan.names,
        write=plan.write,
        read=plan.read,
    )
