"""Commands the server itself utters, by their name on the wire, so that this folder knows no activity's classes."""

from __future__ import annotations

from typing import Any

import msgspec

from mingtang.core.activity import Kinds
from mingtang.core.event import Command


def command(kinds: Kinds, kind: str, **fields: Any) -> Command:
    """Checked as if it had come from outside. Raises msgspec.ValidationError."""
    found: Command = msgspec.convert(fields, kinds.commands[kind])
    return found
