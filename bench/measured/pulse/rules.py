"""A beat is shown to all; an answer is kept for its author."""

from collections.abc import Iterable
from typing import Annotated

from msgspec import Meta, Struct

from mingtang.core.activity import Act
from mingtang.core.event import Command, Event, Fact
from mingtang.core.member import STAFF, STUDENTS

Pad = Annotated[str, Meta(max_length=20_000)]


class Beat(Command, tag="pulse.beat"):
    """Shows a time stamp and a filling to everybody."""

    roles = STAFF
    ts: str
    pad: Pad


class Reply(Command, tag="pulse.reply"):
    """A student's answer."""

    roles = STUDENTS
    v: Pad


class Beaten(Event, tag="pulse.beaten"):
    """A beat was shown."""

    ts: str
    pad: Pad


class Replied(Event, tag="pulse.replied"):
    """A student has answered."""

    v: Pad


commands, events = (Beat, Reply), (Beaten, Replied)
contributions = (Replied,)


class State(Struct):
    ts: str = ""
    pad: str = ""
    replies: int = 0


def decide(state: State, command: Command, act: Act) -> Iterable[Event]:
    match command:
        case Beat():
            yield Beaten(ts=command.ts, pad=command.pad)
        case Reply():
            yield Replied(v=command.v)


def fold(state: State, event: Event, fact: Fact) -> None:
    match event:
        case Beaten():
            state.ts, state.pad = event.ts, event.pad
        case Replied():
            state.replies += 1


def concerns(state: State, event: Event) -> Iterable[str]:
    return ()
