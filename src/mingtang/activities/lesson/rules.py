"""A lesson is opened by the server, renamed and ended by its teacher."""

from __future__ import annotations

from collections.abc import Iterable

from msgspec import Struct

from mingtang.core.activity import Act
from mingtang.core.event import Command, Event, Fact, Line
from mingtang.core.frame import LESSON_EVENTS, LessonEnded, LessonOpened, LessonRenamed
from mingtang.core.member import Role

TEACHER = frozenset({Role.teacher})


class Open(Command, tag="lesson.open"):
    """Begins the log."""

    title: Line
    code: str
    course: str = ""


class Rename(Command, tag="lesson.rename"):
    """Gives the lesson another title."""

    roles = TEACHER
    title: Line


class End(Command, tag="lesson.end"):
    """Ends the lesson: nothing but late answers can be added afterwards."""

    roles = TEACHER


commands = (Open, Rename, End)
events = LESSON_EVENTS


class State(Struct):
    title: str = ""
    code: str = ""
    course: str = ""
    opened: int = 0
    ended: int = 0


def decide(state: State, command: Command, act: Act) -> Iterable[Event]:
    match command:
        case Open() if not state.opened:
            yield LessonOpened(title=command.title, code=command.code, course=command.course)
        case Rename() if command.title != state.title:
            yield LessonRenamed(title=command.title)
        case End():
            yield LessonEnded()


def fold(state: State, event: Event, fact: Fact) -> None:
    match event:
        case LessonOpened():
            state.title, state.code, state.course, state.opened = event.title, event.code, event.course, fact.at
        case LessonRenamed():
            state.title = event.title
        case LessonEnded():
            state.ended = fact.at
