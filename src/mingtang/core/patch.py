"""RFC 7396 merge patches of parts. A part is a JSON object without null; lists are values, replaced whole."""

from __future__ import annotations

from typing import Any

Json = dict[str, Any]
FORBIDDEN = frozenset({"__proto__", "constructor", "prototype"})


def diff(old: Json, new: Json) -> Json:
    """The least patch with apply(old, diff(old, new)) == new; {} when nothing changed."""
    if old is new:
        return {}
    patch: Json = {}
    for key, value in new.items():
        if key not in old:
            patch[key] = value
            continue
        before = old[key]
        if before is value:
            continue
        if isinstance(before, dict) and isinstance(value, dict):
            if inner := diff(before, value):
                patch[key] = inner
        elif before != value or type(before) is not type(value):
            patch[key] = value
    for key in old:
        if key not in new:
            patch[key] = None
    return patch


def apply(old: Json, patch: Json) -> Json:
    """A new object; `old` is not changed. Keys that reach a JavaScript prototype are refused by ValueError (S6)."""
    new = dict(old)
    for key, value in patch.items():
        if key in FORBIDDEN:
            raise ValueError(f"a patch may not hold the key {key}")
        if value is None:
            new.pop(key, None)
        elif isinstance(value, dict):
            before = new.get(key)
            new[key] = apply(before if isinstance(before, dict) else {}, value)
        else:
            new[key] = value
    return new
