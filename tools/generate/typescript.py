"""Python types written as TypeScript: TypedDicts, msgspec structs, enums and what they are made of."""

from __future__ import annotations

import types
import typing
from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from enum import Enum
from typing import Any, Literal, NamedTuple, NotRequired, Required, Union, get_args, get_origin

import msgspec

from mingtang.core.event import Command, Event
from tools.generate.folders import sentence

PLAIN = {
    str: "string",
    int: "number",
    float: "number",
    bool: "boolean",
    type(None): "null",
    Any: "unknown",
    object: "unknown",
}
LISTS = (list, set, frozenset, Sequence, Iterable, AbstractSet)


class Field(NamedTuple):
    name: str
    type: Any
    optional: bool


class Names:
    """The types that get a declaration of their own; two different ones must not share a name."""

    def __init__(self) -> None:
        self._declared: dict[str, type] = {}

    def add(self, declared: type) -> str:
        other = self._declared.setdefault(declared.__name__, declared)
        if other is not declared:
            raise ValueError(f"{declared.__module__} and {other.__module__} both declare {declared.__name__}")
        return declared.__name__

    def all(self) -> list[type]:
        """Writing one may name another, so this goes on until nothing new is named."""
        seen: dict[str, type] = {}
        while len(seen) < len(self._declared):
            for name, declared in list(self._declared.items()):
                if name not in seen:
                    seen[name] = declared
                    _ = [] if issubclass(declared, Enum) else [self.of(f.type) for f in fields(declared)]
        return list(seen.values())

    def of(self, kind: Any) -> str:
        """The TypeScript for a Python type."""
        if isinstance(kind, type) and (issubclass(kind, Enum | msgspec.Struct) or is_typed_dict(kind)):
            return self.add(kind)
        if kind in PLAIN:
            return PLAIN[kind]
        if isinstance(kind, typing.NewType):
            return self.of(kind.__supertype__)
        return self._generic(kind, get_origin(kind), get_args(kind))

    def _generic(self, kind: Any, origin: Any, args: tuple[Any, ...]) -> str:
        if origin in (typing.Annotated, NotRequired, Required):
            return self.of(args[0])
        if origin is Literal:
            return " | ".join(f"'{a}'" if isinstance(a, str) else str(a).lower() for a in args)
        if origin in (Union, types.UnionType):
            return " | ".join(dict.fromkeys(self.of(a) for a in args if a is not msgspec.UnsetType))
        if origin is tuple and args[-1:] != (...,):
            return "[" + ", ".join(self.of(a) for a in args) + "]"
        if origin is tuple or origin in LISTS:
            inner = self.of(args[0]) if args else "unknown"
            return f"({inner})[]" if " " in inner and not inner.startswith(("{", "[")) else f"{inner}[]"
        if kind is dict or origin in (dict, Mapping):
            return f"Record<string, {self.of(args[1]) if args else 'unknown'}>"
        raise TypeError(f"no TypeScript for {kind!r}")


def is_typed_dict(kind: Any) -> bool:
    return isinstance(kind, type) and typing.is_typeddict(kind)


def fields(declared: type) -> list[Field]:
    """In the order written, those of base classes first. A struct's tag is a field of one value."""
    hints = typing.get_type_hints(declared, include_extras=True)
    if is_typed_dict(declared):
        total = {n: base.__total__ for base in _lineage(declared) for n in base.__annotations__}
        return [Field(n, h, _optional(h, total.get(n, True))) for n, h in hints.items()]
    config = declared.__struct_config__  # type: ignore[attr-defined]
    tag = [Field(config.tag_field, Literal[config.tag], False)] if config.tag and not _is_message(declared) else []
    return tag + [Field(f.encode_name, hints[f.name], not f.required) for f in msgspec.structs.fields(declared)]


def _lineage(declared: Any) -> list[Any]:
    bases = [b for b in getattr(declared, "__orig_bases__", ()) if is_typed_dict(b)]
    return [line for base in bases for line in _lineage(base)] + [declared]


def _is_message(declared: type) -> bool:
    return issubclass(declared, Command | Event)


def _optional(hint: Any, total: bool) -> bool:
    origin = get_origin(hint)
    return origin is NotRequired or (not total and origin is not Required)


def property_line(field: Field, names: Names) -> str:
    return f"{field.name}{'?' if field.optional else ''}: {names.of(field.type)}"


def interface(declared: type, names: Names) -> str:
    doc = sentence(declared.__doc__) if "__doc__" in vars(declared) and declared.__doc__ != dict.__doc__ else ""
    head = [f"/** {doc} */"] if doc else []
    lines = [f"  {property_line(f, names)}" for f in fields(declared)]
    return "\n".join([*head, f"export interface {declared.__name__} {{", *lines, "}\n"])
