"""A poll prepared in a plan: the question as it is asked."""

from __future__ import annotations

from collections.abc import Iterable

from mingtang.activities.poll.question import PollQuestion, check
from mingtang.activities.poll.rules import Make
from mingtang.core.event import Command

__all__ = ["Content", "check", "prepare"]

Content = PollQuestion


def prepare(id: str, content: PollQuestion) -> Iterable[Command]:
    yield Make(id=id, question=content)
