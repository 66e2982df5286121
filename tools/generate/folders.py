"""The activity folders as the texts see them: one that cannot be imported is left out, and named at the end."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
from dataclasses import dataclass
from functools import cache
from types import ModuleType

import mingtang.activities
from mingtang.core.activity import Activity, from_modules


@dataclass(frozen=True)
class Folder:
    name: str
    about: str
    activity: Activity
    view: ModuleType


@cache
def _load() -> tuple[list[Folder], dict[str, str]]:
    folders, broken = [], {}
    for info in sorted(pkgutil.iter_modules(mingtang.activities.__path__), key=lambda i: i.name):
        if not info.ispkg:
            continue
        try:
            folders.append(_folder(info.name))
        except Exception as error:  # one folder's fault must not stop the texts of the others
            broken[info.name] = f"{type(error).__name__}: {error}"
    return folders, broken


def _folder(name: str) -> Folder:
    path = f"{mingtang.activities.__name__}.{name}"
    package, rules, view = (importlib.import_module(p) for p in (path, f"{path}.rules", f"{path}.view"))
    return Folder(name, sentence(package.__doc__), from_modules(name, rules, view), view)


def folders() -> list[Folder]:
    return _load()[0]


def broken_folders() -> dict[str, str]:
    return _load()[1]


def sentence(doc: str | None) -> str:
    """A docstring as one line of running text."""
    return " ".join(inspect.cleandoc(doc or "").split())
