"""A question of peer instruction prepared in a plan."""

from __future__ import annotations

from collections.abc import Iterable

from mingtang.activities.peer.facts import PeerQuestion
from mingtang.activities.peer.rules import Make, check
from mingtang.core.event import Command

__all__ = ["Content", "check", "prepare"]

Content = PeerQuestion


def prepare(id: str, content: PeerQuestion) -> Iterable[Command]:
    yield Make(id=id, question=content)
