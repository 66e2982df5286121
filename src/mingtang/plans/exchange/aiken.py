"""Aiken: a question on a line, its options as A) or A. on lines of their own, then ANSWER: and a letter."""

from __future__ import annotations

import re

from mingtang.plans.exchange.foreign import BadFile, Choice, Foreign

OPTION = re.compile(r"([A-Z])[.)]\s+(.*)")
ANSWER = re.compile(r"ANSWER\s*[:：]\s*([A-Z])\b", re.IGNORECASE)


def looks_like(text: str) -> bool:
    return any(ANSWER.match(line.strip()) for line in text.split("\n"))


def read(text: str) -> list[Foreign]:
    """Raises BadFile with the line that is not as it must be: nothing of such a file is taken."""
    found: list[Foreign] = []
    said: list[str] = []
    options: list[str] = []
    begun = 0
    for number, line in enumerate((row.strip() for row in text.split("\n")), 1):
        if answer := ANSWER.match(line):
            found.append(_question(said, options, answer[1].upper(), begun, number))
            said, options = [], []
        elif said and (option := OPTION.fullmatch(line)):
            _expect(option[1], len(options), number)
            options.append(option[2])
        elif line and options:
            raise BadFile("import.aiken_line", line=number)
        elif line:
            begun = begun if said else number
            said.append(line)
    if said:
        raise BadFile("import.aiken_unanswered", line=begun)
    return found


def _expect(letter: str, at: int, line: int) -> None:
    if letter != chr(ord("A") + at):
        raise BadFile("import.aiken_line", line=line)


def _question(said: list[str], options: list[str], letter: str, begun: int, line: int) -> Foreign:
    at = ord(letter) - ord("A")
    if not said or at >= len(options) or len(options) < 2:
        raise BadFile("import.aiken_answer", line=line)
    choices = [Choice(option, float(n == at)) for n, option in enumerate(options)]
    return Foreign("single", "\n".join(said), line=begun, choices=choices)
