"""Staff start, stop, pause and lengthen the lesson's one timer; a step with a clock starts it by coming on the stage,
and ends it by leaving."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated

from msgspec import Meta, Struct

from mingtang.core.activity import Act
from mingtang.core.event import Command, Event, Fact
from mingtang.core.frame import StepTurned
from mingtang.core.member import STAFF

Length = Annotated[int, Meta(ge=1, le=4 * 3600)]
Change = Annotated[int, Meta(ge=-3600, le=3600)]
Label = Annotated[str, Meta(max_length=80)]


class Start(Command, tag="timer.start"):
    """Starts the timer, in place of one that runs."""

    roles = STAFF
    seconds: Length
    label: Label = ""


class Pause(Command, tag="timer.pause"):
    """Holds the timer; one that has run out is not held."""

    roles = STAFF


class Resume(Command, tag="timer.resume"):
    """Lets a held timer run on."""

    roles = STAFF


class Add(Command, tag="timer.add"):
    """Gives more seconds, or takes some; a timer that has run out begins again with them."""

    roles = STAFF
    seconds: Change


class Stop(Command, tag="timer.stop"):
    """Takes the timer away."""

    roles = STAFF


class TimerStarted(Event, tag="timer.started"):
    """The timer began."""

    seconds: int
    label: str


class TimerPaused(Event, tag="timer.paused"):
    """The timer was held."""


class TimerResumed(Event, tag="timer.resumed"):
    """The timer ran on."""


class TimerAdded(Event, tag="timer.added"):
    """The timer was given more seconds, or less."""

    seconds: int


class TimerStopped(Event, tag="timer.stopped"):
    """The timer was taken away."""


commands = (Start, Pause, Resume, Add, Stop)
events = (TimerStarted, TimerPaused, TimerResumed, TimerAdded, TimerStopped)
watches = (StepTurned,)


class State(Struct):
    """Times in ms UTC. `ends` counts while running, `left` while held; none of them without a timer (`started` 0).
    `step` is the step on the stage whose clock this is."""

    started: int = 0
    ends: int = 0
    held: bool = False
    left: int = 0
    length: int = 0
    label: str = ""
    step: str = ""


def decide(state: State, command: Command, act: Act) -> Iterable[Event]:
    match command:
        case Start():
            yield TimerStarted(seconds=command.seconds, label=" ".join(command.label.split()))
        case Pause() if state.started and not state.held and state.ends > act.at:
            yield TimerPaused()
        case Resume() if state.held:
            yield TimerResumed()
        case Add() if state.started and command.seconds:
            yield TimerAdded(seconds=command.seconds)
        case Stop() if state.started:
            yield TimerStopped()


def fold(state: State, event: Event, fact: Fact) -> None:
    match event:
        case StepTurned():
            _turn(state, event, fact.at)
        case TimerStarted():
            _start(state, event.seconds, event.label, fact.at)
        case TimerPaused():
            state.held, state.left = True, max(0, state.ends - fact.at)
        case TimerResumed():
            state.held, state.ends = False, fact.at + state.left
        case TimerAdded():
            _add(state, event.seconds * 1000, fact.at)
        case TimerStopped():
            state.started, state.step = 0, ""


def _start(state: State, seconds: int, label: str, at: int, step: str = "") -> None:
    state.started, state.length, state.label, state.step = at, seconds * 1000, label, step
    state.ends, state.held, state.left = at + state.length, False, 0


def _turn(state: State, event: StepTurned, at: int) -> None:
    """A timer that staff started by hand goes on over the steps, until a step brings a clock of its own."""
    if event.seconds:
        _start(state, event.seconds, event.label, at, event.to)
    elif state.step:
        state.started, state.step = 0, ""


def _add(state: State, change: int, at: int) -> None:
    before = state.left if state.held else max(0, state.ends - at)
    after = max(0, before + change)
    state.left, state.ends = after, at + after
    # The whole grows with what is added, so that what is left never exceeds it.
    state.length = max(after, state.length + change if before else after)
