"""A lesson with one activity and a small cast, played by hand: what the tests of activities stand on.

Members come and go by the events of the core, so no other activity is needed."""

from __future__ import annotations

import json
from collections.abc import Iterable
from types import ModuleType, SimpleNamespace
from typing import Any, cast

import msgspec
from msgspec import Struct

from mingtang.core.activity import Kinds, from_modules
from mingtang.core.event import Command, Event, Fact, Refused, kind_of
from mingtang.core.frame import GROUP_EVENTS, MEMBER_EVENTS, STAGE_EVENTS, LessonEnded, MemberCame, MemberJoined
from mingtang.core.lesson import Lesson, replay
from mingtang.core.member import SERVER, Role, Seat

BEGIN = 1_700_000_000_000
FRAME: tuple[type[Event], ...] = (*MEMBER_EVENTS, *STAGE_EVENTS, *GROUP_EVENTS, LessonEnded)


class _Nothing(Struct):
    """The state of the activity that owns the frame's events here."""


def _members(kept: tuple[type[Event], ...]) -> tuple[ModuleType, ModuleType]:
    rules = SimpleNamespace(State=_Nothing, commands=(), events=kept, decide=lambda *_: (), fold=lambda *_: None)
    view = SimpleNamespace(view=lambda *_: None, parts=lambda *_: ())
    return cast(ModuleType, rules), cast(ModuleType, view)


class Stage:
    """`at` is the clock, ms UTC: tests move it. Nobody is on stage until `joins`."""

    def __init__(self, name: str, rules: ModuleType, view: ModuleType) -> None:
        self.name = name
        kept = tuple(event for event in FRAME if event not in rules.events)
        self.kinds = Kinds([from_modules(name, rules, view), from_modules("members", *_members(kept))])
        self.lesson = Lesson(self.kinds)
        self.log: list[Fact] = []
        self.at = BEGIN
        self.seed = 0

    def joins(self, id: str, name: str = "", role: Role = Role.student, seat: Seat = Seat.room) -> None:
        self.happens(MemberJoined(id=id, name=name or id.title(), role=role, seat=seat), MemberCame(id=id))

    def happens(self, *events: Event, by: str = "") -> None:
        for event in events:
            self.log.append(Fact(len(self.log) + 1, self.at, by, "", event))
            self.lesson.fold(self.log[-1])

    def does(self, by: str, command: Command) -> list[Event]:
        """The events it became; the command goes through its shape on the wire, so what is absurd is refused."""
        self.seed += 1
        member = self.lesson.people.members[by] if by else SERVER
        read = self.kinds.command(kind_of(type(command)), msgspec.json.encode(command))
        assert read is not None
        events = self.lesson.decide(read, member, self.at, self.seed)
        self.happens(*events, by=by)
        return events

    def refuses(self, by: str, command: Command) -> str:
        """The code of the refusal; fails when there was none."""
        try:
            events = self.does(by, command)
        except Refused as refused:
            return refused.code
        raise AssertionError(f"{command} was not refused but became {events}")

    def sees(self, role: Role, part: str = "") -> Any:
        return self.lesson.view(role, part or self.name)

    def mine(self, member: str) -> Any:
        return self.lesson.mine(member).get(self.name, {})

    def all_that(self, *roles: Role) -> str:
        """Every part these roles have, as one text to look for words in."""
        return json.dumps([self.lesson.views(role) for role in roles], ensure_ascii=False)

    def replayed(self) -> Lesson:
        return replay(self.kinds, self.log)


def kinds_of(events: Iterable[Event]) -> list[str]:
    return [kind_of(type(e)) for e in events]
