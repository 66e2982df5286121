"""A lesson is opened by the server, renamed and ended by its teacher."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated

from msgspec import Meta, Struct

from mingtang.core.activity import Act
from mingtang.core.event import Command, Event, Fact, Id, Line
from mingtang.core.frame import LESSON_EVENTS, LessonEnded, LessonOpened, LessonPlanned, LessonRenamed
from mingtang.core.member import Role

TEACHER = frozenset({Role.teacher})


class Open(Command, tag="lesson.open"):
    """Begins the log."""

    title: Line
    code: str
    course: str = ""


class Plan(Command, tag="lesson.plan"):
    """Says which version of which plan the lesson is begun from; once."""

    plan: Id
    version: Annotated[int, Meta(ge=1)]
    group: Annotated[str, Meta(max_length=300)] = ""


class Rename(Command, tag="lesson.rename"):
    """Gives the lesson another title."""

    roles = TEACHER
    title: Line


class End(Command, tag="lesson.end"):
    """Ends the lesson: nothing but late answers can be added afterwards."""

    roles = TEACHER


commands = (Open, Plan, Rename, End)
events = LESSON_EVENTS


class State(Struct):
    title: str = ""
    code: str = ""
    course: str = ""
    opened: int = 0
    ended: int = 0
    plan: str = ""
    version: int = 0
    group: str = ""


def decide(state: State, command: Command, act: Act) -> Iterable[Event]:
    match command:
        case Open() if not state.opened:
            yield LessonOpened(title=command.title, code=command.code, course=command.course)
        case Plan() if not state.plan:
            yield LessonPlanned(plan=command.plan, plan_version=command.version, group=command.group)
        case Rename() if command.title != state.title:
            yield LessonRenamed(title=command.title)
        case End():
            yield LessonEnded()


def fold(state: State, event: Event, fact: Fact) -> None:
    match event:
        case LessonOpened():
            state.title, state.code, state.course, state.opened = event.title, event.code, event.course, fact.at
        case LessonPlanned():
            state.plan, state.version, state.group = event.plan, event.plan_version, event.group
        case LessonRenamed():
            state.title = event.title
        case LessonEnded():
            state.ended = fact.at
