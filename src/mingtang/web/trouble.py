"""A reason why the program cannot start or go on, told to the person at the terminal in one sentence."""

from __future__ import annotations

from typing import Any


class Trouble(Exception):  # noqa: N818 — it is an answer to a person
    """`code` is stable, for scripts; its sentence stands in cli/messages.*.json and is filled with `params`."""

    def __init__(self, code: str, **params: Any) -> None:
        super().__init__(code)
        self.code = code
        self.params = params
