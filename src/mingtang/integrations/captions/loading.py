"""Which programs that write down speech are installed: packages name them under the entry points `mingtang.captions`.
What is named is called without arguments for each track and gives an Engine."""

from __future__ import annotations

from collections.abc import Callable
from importlib.metadata import entry_points

from mingtang.integrations.captions.engine import Engine

GROUP = "mingtang.captions"
Maker = Callable[[], Engine]


class NoEngine(Exception):  # noqa: N818 — it is a sentence for a person
    """`code` is a message key of the command line's."""

    def __init__(self, code: str, **params: str) -> None:
        super().__init__(code)
        self.code, self.params = code, params


def installed() -> list[str]:
    return sorted({point.name for point in entry_points(group=GROUP)})


def load(name: str) -> Maker:
    """Raises NoEngine where no package names it, or what it names cannot be loaded."""
    found = [point for point in entry_points(group=GROUP) if point.name == name]
    if not found:
        raise NoEngine("captions.unknown_engine", name=name, installed=", ".join(installed()) or "–")
    try:
        made: Maker = found[0].load()
    except Exception as error:  # whatever a package of somebody else does when it is read
        raise NoEngine("captions.broken_engine", name=name, reason=f"{type(error).__name__}: {error}") from error
    if not callable(made):
        raise NoEngine("captions.broken_engine", name=name, reason=repr(made))
    return made
