"""docs/build/events.md: every command and event with its words, its fields and who may utter it."""

from __future__ import annotations

import typing
from enum import Enum
from typing import Any, Literal, get_args, get_origin

import msgspec
from msgspec import Meta, Struct

from mingtang.core import frame
from mingtang.core.activity import Activity
from mingtang.core.event import ID_PATTERN, Command, Event, kind_of
from mingtang.core.member import EVERYONE, Role
from tools.generate.folders import folders, sentence

HEAD = """\
# Commands and events

*Made by `make docs` from the code; do not edit.* A command is a wish and is refused or becomes events; an event is a
fact in the log. Events never leave the server ([the protocol](protocol.md) says what does). A field with `?` may be
left out.

| in this page | means |
|---|---|
| id | 1 to 32 letters, digits and hyphens, made by whoever makes the thing |
| text a–b | a string of a to b characters |
| map | an object keyed by id |
"""

PLAIN = {str: "text", int: "whole number", float: "number", bool: "true or false", Any: "any JSON", type(None): "null"}


def text() -> str:
    return "\n".join([HEAD, *(_section(f.name, f.about, f.activity) for f in folders()), _frame()])


def _section(name: str, about: str, activity: Activity) -> str:
    lines = [f"## {name}", "", about, ""]
    if activity.commands:
        lines += ["**Commands**", "", *(_command(c) for c in activity.commands), ""]
    if activity.events:
        many = activity.contributions
        lines += ["**Events**", "", *(_event(e, e in many) for e in activity.events), ""]
    if activity.watches:
        watched = sorted(f"`{kind_of(e)}`" for e in activity.watches)
        lines += [f"Also folds {', '.join(watched)}.", ""]
    return "\n".join(lines)


def _frame() -> str:
    """Events that the core itself folds and no activity of ours has taken."""
    taken = {e for f in folders() for e in f.activity.events}
    rest = [e for e in (*frame.LESSON_EVENTS, *frame.MEMBER_EVENTS) if e not in taken]
    return "\n".join(["## Of every lesson", "", *(_event(e, False) for e in rest), ""]) if rest else ""


def _command(command: type[Command]) -> str:
    return f"- **`{kind_of(command)}`** ({_who(command)}) {sentence(command.__doc__)}{_fields(command)}"


def _who(command: type[Command]) -> str:
    if not command.roles:
        return "the server"
    if command.roles == EVERYONE:
        return "everyone"
    return ", ".join(role.value for role in Role if role in command.roles)


def _event(event: type[Event], many: bool) -> str:
    notes = [f"version {event.version}"] * (event.version > 1) + ["made by many"] * many
    noted = f" ({', '.join(notes)})" if notes else ""
    return f"- **`{kind_of(event)}`**{noted} {sentence(event.__doc__)}{_fields(event)}"


def _fields(struct: type[Struct]) -> str:
    hints = typing.get_type_hints(struct, include_extras=True)
    said = [
        f"`{f.encode_name}{'' if f.required else '?'}` {describe(hints[f.name])}"
        for f in msgspec.structs.fields(struct)
    ]
    return "".join(f"\n  - {line}" for line in said)


def describe(kind: Any, meta: Meta | None = None) -> str:
    """A type in words, its limits included."""
    origin, args = get_origin(kind), get_args(kind)
    if origin is typing.Annotated:
        return describe(args[0], next((a for a in args[1:] if isinstance(a, Meta)), None))
    if meta is not None and meta.pattern is not None:
        return "id" if meta.pattern == ID_PATTERN else f"text like `{meta.pattern}`{_limits(meta)}"
    return _plain(kind, origin, args) + _limits(meta)


def _plain(kind: Any, origin: Any, args: tuple[Any, ...]) -> str:
    if kind in PLAIN:
        return PLAIN[kind]
    if isinstance(kind, type) and issubclass(kind, Enum):
        return " or ".join(f"`{m.value}`" for m in kind)
    if isinstance(kind, type) and issubclass(kind, Struct):
        return _struct(kind)
    if origin is Literal:
        return " or ".join(f"`{a}`" for a in args)
    if origin is dict:
        return f"map of {describe(args[1])}"
    if origin in (list, set, frozenset) or (origin is tuple and args[-1:] == (...,)):
        return f"list of {describe(args[0])}"
    if origin is tuple:
        return "[" + ", ".join(describe(a) for a in args) + "]"
    return (
        " or ".join(describe(a) for a in args if a is not msgspec.UnsetType)
        if args
        else getattr(kind, "__name__", str(kind))
    )


def _struct(kind: type[Struct]) -> str:
    hints = typing.get_type_hints(kind, include_extras=True)
    inner = ", ".join(
        f"`{f.encode_name}{'' if f.required else '?'}` {describe(hints[f.name])}" for f in msgspec.structs.fields(kind)
    )
    return f"{{{inner}}}"


def _limits(meta: Meta | None) -> str:
    if meta is None:
        return ""
    if meta.min_length is not None or meta.max_length is not None:
        return f" {meta.min_length or 0}–{meta.max_length if meta.max_length is not None else 'any'}"
    low = meta.ge if meta.ge is not None else meta.gt
    high = meta.le if meta.le is not None else meta.lt
    return ("" if low is None else f" from {low}") + ("" if high is None else f" to {high}")
