"""docs/run/commands.md: what `mingtang --help` says, for each command."""

from __future__ import annotations

import argparse
import os

from mingtang.cli import parser

HEAD = """\
# Commands

*Made by `make docs` from the command line's own help; do not edit.* After the first `make run` the program is
`.venv/bin/mingtang`.
"""


def text() -> str:
    sections = (f"## {name}\n\n```text\n{_help(p)}```\n" for name, p in sorted(parsers().items()))
    return "\n".join([HEAD, f"```text\n{_help(parser())}```\n", *sections])


def parsers() -> dict[str, argparse.ArgumentParser]:
    """The parser of each command, by name."""
    for action in parser()._actions:
        if isinstance(action, argparse._SubParsersAction):
            return dict(action.choices)
    return {}


def _help(one: argparse.ArgumentParser) -> str:
    os.environ["COLUMNS"] = "100"
    return one.format_help()
