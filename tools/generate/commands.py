"""docs/run/commands.md: the command line as its own parser tells it."""

from __future__ import annotations

import argparse
import os
from collections.abc import Iterator

HEAD = """\
# Commands

*Made by `make docs` from the command line itself; do not edit.* After the first `make run` the program is
`.venv/bin/mingtang`. Results are printed on standard output, errors as one sentence with a code on standard error.
`mingtang COMMAND --help` says the same as this page, in the terminal's language.
"""


def text() -> str:
    return "\n".join([HEAD, *(_section(name, p) for name, p in sorted(parsers().items()))])


def parsers() -> dict[str, argparse.ArgumentParser]:
    """The parser of each command, by name, in English."""
    os.environ["MINGTANG_LANGUAGE"] = "en"
    from mingtang.cli.commands import parser

    for action in parser()._actions:
        if isinstance(action, argparse._SubParsersAction):
            return dict(action.choices)
    return {}


def _section(name: str, parser: argparse.ArgumentParser) -> str:
    arguments = [a for a in parser._actions if not isinstance(a, argparse._HelpAction)]
    written = " ".join(["mingtang", name, *(_written(a) for a in arguments)])
    lines = [f"- {said}\n" for said in _meanings(arguments)]
    return f"## {name}\n\n{parser.description}\n\n```text\n{written}\n```\n\n" + "".join(lines)


def _written(action: argparse.Action) -> str:
    said = action.option_strings[-1] if action.option_strings else ""
    value = "" if action.nargs == 0 else str(action.metavar or action.dest.upper())
    both = f"{said} {value}".strip()
    return f"[{both}]" if action.option_strings or action.nargs == "?" else both


def _meanings(actions: list[argparse.Action]) -> Iterator[str]:
    for action in actions:
        yield f"`{_written(action).strip('[]')}` {action.help}"
