"""What people do in a lesson. One folder each, pure, ignorant of one another, found by looking."""

from __future__ import annotations

import importlib
import pkgutil
from functools import cache
from importlib.util import find_spec
from types import ModuleType

from mingtang.core.activity import Activity, Kinds, from_modules


def find(package: ModuleType) -> list[Activity]:
    """Every folder below `package` that has a `rules` and a `view` module, in the order of their names; those with a
    `plan` module can be prepared."""
    found = []
    for info in sorted(pkgutil.iter_modules(package.__path__), key=lambda i: i.name):
        if info.ispkg:
            path = f"{package.__name__}.{info.name}"
            rules, view = importlib.import_module(f"{path}.rules"), importlib.import_module(f"{path}.view")
            found.append(from_modules(info.name, rules, view, _plan(path)))
    return found


def _plan(path: str) -> ModuleType | None:
    return importlib.import_module(f"{path}.plan") if find_spec(f"{path}.plan") else None


@cache
def kinds() -> Kinds:
    """The activities that come with the program."""
    return Kinds(find(importlib.import_module(__name__)))
