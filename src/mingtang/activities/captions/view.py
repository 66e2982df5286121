"""Everybody sees the last lines, the wall when it is to show them. All that was said lies in parts of fifty lines."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NotRequired, TypedDict, cast

from mingtang.activities.captions.rules import PAGE, Spoken, State, part_of
from mingtang.core.member import STAFF, People, Role
from mingtang.core.patch import Json

LAST, LAST_ON_WALL, LAST_OF_STAFF = 8, 3, 30


class CaptionsLine(TypedDict):
    """Said from `begin` to `end`, ms UTC; `name` is who said it, where a program heard it, and not on the wall. `lang`
    is missing where it is not known."""

    begin: int
    end: int
    text: str
    lang: NotRequired[str]
    name: NotRequired[str]


class CaptionsView(TypedDict):
    """The last lines by their numbers. `wall`: it shows them. For staff `engine` is a program that could listen,
    `listening` that it does, and `trouble` why it does no longer."""

    lines: dict[str, CaptionsLine]
    wall: NotRequired[bool]
    engine: NotRequired[str]
    listening: NotRequired[bool]
    trouble: NotRequired[str]


class CaptionsPage(TypedDict):
    """`captions/<n>`: lines from number 50 n + 1 on."""

    lines: dict[str, CaptionsLine]


def parts(state: State, role: Role) -> Iterable[str]:
    yield "captions"
    if role is not Role.wall:
        yield from (part_of(no) for no in range(1, state.written + 1, PAGE))  # also where all were taken away


def view(state: State, role: Role, part: str, people: People) -> Json | None:
    if part == "captions":
        return cast(Json, _standing(state, role, people))
    number = part.removeprefix("captions/")
    if role is Role.wall or not number.isascii() or not number.isdecimal() or len(number) > 6:
        return None
    first = int(number) * PAGE + 1
    return cast(Json, CaptionsPage(lines=_lines(state, range(first, first + PAGE), people)))


def _standing(state: State, role: Role, people: People) -> CaptionsView:
    if role is Role.wall:
        last = _last(state, LAST_ON_WALL) if state.wall else []
        return _marked(state, {str(no): _line(state.lines[no], "") for no in last})
    seen = _marked(state, _lines(state, _last(state, LAST_OF_STAFF if role in STAFF else LAST), people))
    if role in STAFF:
        if state.engine:
            seen["engine"] = state.engine
        if state.listening:
            seen["listening"] = True
        if state.trouble:
            seen["trouble"] = state.trouble
    return seen


def _marked(state: State, lines: dict[str, CaptionsLine]) -> CaptionsView:
    seen = CaptionsView(lines=lines)
    if state.wall:
        seen["wall"] = True
    return seen


def _last(state: State, most: int) -> list[int]:
    """Numbers of the last lines that are left, in order; looked for from the end, however many there are."""
    found: list[int] = []
    for no in range(state.written, 0, -1):
        if len(found) == most or no <= state.written - 2 * PAGE:
            break
        if no in state.lines:
            found.append(no)
    return found[::-1]


def _lines(state: State, numbers: Iterable[int], people: People) -> dict[str, CaptionsLine]:
    found = ((no, state.lines[no]) for no in numbers if no in state.lines)
    return {str(no): _line(line, people.name(line.member) if line.member else "") for no, line in found}


def _line(line: Spoken, name: str) -> CaptionsLine:
    seen = CaptionsLine(begin=line.begin, end=line.end, text=line.text)
    if line.lang:
        seen["lang"] = line.lang
    if name:
        seen["name"] = name
    return seen
