"""What somebody asks of a lesson, on its way to be decided, and what is answered."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from mingtang.core.event import Command


class Answer(NamedTuple):
    """`code` is "" when the command was taken and `seq` is its place."""

    seq: int = 0
    code: str = ""
    params: dict[str, object] | None = None


class Wish(NamedTuple):
    command: Command
    by: str
    cmd: str
    reply: Callable[[Answer], None]
    handed: bool = False  # by another node: it is decided here
    until: float = 0.0  # and not after this time of the loop, as that node decides then
    given: bool = False  # to another node, by this one or by who says it again: it may be written down there
