"""Old event shapes are brought up to date when read; what is written in a log stays as it is (but see erasing)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

Upcast = Callable[[dict[str, Any]], dict[str, Any]]
Upcasts = Mapping[tuple[str, int], Upcast]


class Unreadable(Exception):  # noqa: N818
    """A row that this version of the program cannot read: an unknown kind or a newer shape."""


def upcast(upcasts: Upcasts, kind: str, version: int, current: int, data: dict[str, Any]) -> dict[str, Any]:
    """Steps `data` from `version` to `current`, one registered step at a time."""
    if version > current:
        raise Unreadable(f"{kind} was written in shape {version}, this program knows {current}")
    for step in range(version, current):
        change = upcasts.get((kind, step))
        if change is None:
            raise Unreadable(f"nothing brings {kind} from shape {step} to {step + 1}")
        data = change(data)
    return data
