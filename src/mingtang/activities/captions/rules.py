"""Lines are numbered in the order in which they were written. Staff type, correct and remove them; what a program hears
comes from the server alone."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from msgspec import Struct, field
from msgspec.structs import replace

from mingtang.activities.captions.facts import (
    CaptionsCorrected,
    CaptionsListened,
    CaptionsOffered,
    CaptionsRemoved,
    CaptionsSaid,
    CaptionsShown,
    Correct,
    Fail,
    Listen,
    Offer,
    Remove,
    Say,
    Show,
    Type,
    commands,
    events,
)
from mingtang.core.activity import Act
from mingtang.core.event import Command, Event, Fact, Refused
from mingtang.core.frame import MemberRenamed
from mingtang.core.text import BLANK, tidy

__all__ = ["State", "commands", "decide", "erase", "events", "fold", "touches", "watches"]

watches = (MemberRenamed,)  # who said a line is told by name

MOST = 20_000
PAGE = 50  # lines of a part `captions/<n>`
LEAST_MS = 1_500  # for which a line is to be read
_HAN = re.compile("[\u3400-\u9fff]")


class Spoken(Struct):
    """A line as it stands; times in ms UTC."""

    begin: int
    end: int
    text: str
    lang: str
    track: int
    member: str


class State(Struct):
    """`written` counts every line there ever was. `wall`: it shows them. `engine` is the program that could listen."""

    lines: dict[int, Spoken] = field(default_factory=dict)
    written: int = 0
    typed_until: int = 0
    wall: bool = False
    engine: str = ""
    listening: bool = False
    trouble: str = ""


def decide(state: State, command: Command, act: Act) -> Iterable[Event]:
    match command:
        case Type():
            yield from _type(state, command, act.at)
        case Say():
            yield from _say(state, command)
        case Correct():
            yield from _correct(state, command)
        case Remove():
            _line(state, command.no)
            yield CaptionsRemoved(no=command.no)
        case Show() if command.on is not state.wall:
            yield CaptionsShown(on=command.on)
        case Listen() if command.on is not state.listening or (command.on and state.trouble):
            if command.on and not state.engine:
                raise Refused("captions.no_engine")
            yield CaptionsListened(on=command.on)
        case Offer() if command.engine != state.engine:
            yield CaptionsOffered(engine=command.engine)
            if not command.engine and state.listening:
                yield CaptionsListened(on=False, trouble="none")
        case Fail() if state.listening:
            yield CaptionsListened(on=False, trouble=command.why)


def _type(state: State, command: Type, at: int) -> Iterable[Event]:
    text = _text(state, command.text)
    begin = max(at - command.took, min(state.typed_until, at), 0)
    yield CaptionsSaid(no=state.written + 1, begin=begin, end=max(at, begin + LEAST_MS), text=text, lang=_lang(text))


def _say(state: State, command: Say) -> Iterable[Event]:
    """What comes after listening was ended was said before."""
    text = tidy(command.text)
    if text and state.written < MOST:
        yield CaptionsSaid(
            no=state.written + 1,
            begin=command.begin,
            end=max(command.begin, command.end),
            text=text,
            lang=command.lang or _lang(text),
            track=command.track,
            member=command.member,
        )


def _correct(state: State, command: Correct) -> Iterable[Event]:
    line = _line(state, command.no)
    text = tidy(command.text)
    if not text:
        raise Refused("captions.empty")
    if text != line.text:
        yield CaptionsCorrected(no=command.no, text=text, lang=_lang(text), member=line.member)


def _line(state: State, no: int) -> Spoken:
    line = state.lines.get(no)
    if line is None:
        raise Refused("unknown_item")
    return line


def _text(state: State, text: str) -> str:
    if not (said := tidy(text)):
        raise Refused("captions.empty")
    if state.written >= MOST:
        raise Refused("captions.full", n=MOST)
    return said


def _lang(text: str) -> str:
    """For a reader of screens; what else it is, is not known."""
    return "zh" if _HAN.search(text) else ""


def fold(state: State, event: Event, fact: Fact) -> None:
    match event:
        case CaptionsSaid():
            state.written = max(state.written, event.no)
            state.lines[event.no] = Spoken(event.begin, event.end, event.text, event.lang, event.track, event.member)
            if not event.track:
                state.typed_until = event.end
        case CaptionsCorrected() if line := state.lines.get(event.no):
            line.text, line.lang = event.text, event.lang or line.lang
        case CaptionsRemoved():
            state.lines.pop(event.no, None)
        case CaptionsShown():
            state.wall = event.on
        case CaptionsListened():
            state.listening, state.trouble = event.on, event.trouble
        case CaptionsOffered():
            state.engine = event.engine


def touches(event: Event) -> Iterable[str] | None:
    if isinstance(event, CaptionsSaid | CaptionsCorrected | CaptionsRemoved):
        return ("captions", part_of(event.no))
    return None if isinstance(event, MemberRenamed) else ("captions",)


def part_of(no: int) -> str:
    return f"captions/{(no - 1) // PAGE}"


def erase(facts: Sequence[Fact], gone: frozenset[str]) -> Iterable[Fact]:
    """What a program heard them say, also as others corrected it. That something was said stays, and when. What staff
    typed is the lesson's."""
    for fact in facts:
        if isinstance(fact.event, CaptionsSaid | CaptionsCorrected) and fact.event.member in gone:
            yield replace(fact, event=replace(fact.event, text=BLANK))
