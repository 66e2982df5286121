"""The contract of an activity, and the set of all activities a program knows."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property, reduce
from operator import or_
from types import ModuleType
from typing import Any, NamedTuple

import msgspec
from msgspec import Struct

from mingtang.core.event import Command, Event, Fact, Row, kind_of
from mingtang.core.member import Member, People, Role
from mingtang.core.patch import Json
from mingtang.core.preparation import Preparation, from_module
from mingtang.core.upcast import Unreadable, Upcasts, upcast


class Act(NamedTuple):
    """The circumstances of a command: who, when (ms UTC), chance (a seed), among whom. Rules get these only here."""

    by: Member
    at: int
    seed: int
    people: People

    def new_id(self) -> str:
        """A fresh id for something this command makes, drawn from its seed."""
        return base64.b32encode(self.seed.to_bytes(8, "big")).decode().rstrip("=").lower()


@dataclass(frozen=True, slots=True)
class Activity:
    """One thing people do in a lesson. Built from a folder's `rules.py` and `view.py`; every field is explained in
    docs/build/add-an-activity.md."""

    name: str
    State: type[Struct]
    commands: tuple[type[Command], ...]
    events: tuple[type[Event], ...]
    decide: Callable[[Any, Any, Act], Iterable[Event]]
    fold: Callable[[Any, Event, Fact], None]
    view: Callable[[Any, Role, str, People], Json | None]
    mine: Callable[[Any, str, People], Json]
    parts: Callable[[Any, Role], Iterable[str]]
    touches: Callable[[Event], Iterable[str] | None]
    concerns: Callable[[Any, Event], Iterable[str] | None]
    relay: Callable[[Any, Member, str, Any], bool]
    secrets: Callable[[Any], Iterable[str]]
    erase: Callable[[Sequence[Fact], frozenset[str]], Iterable[Fact]]
    assets: Callable[[Event], Iterable[str]]
    watches: tuple[type[Event], ...] = ()
    contributions: frozenset[type[Event]] = frozenset()
    upcasts: Upcasts = field(default_factory=dict)
    plan: Preparation | None = None


def from_modules(name: str, rules: ModuleType, view: ModuleType, plan: ModuleType | None = None) -> Activity:
    """What a folder leaves out gets the default: one part, nothing private, nobody else concerned, nothing relayed,
    nothing written that would have to be erased, no files, nothing that can be prepared."""
    return Activity(
        name=name,
        State=rules.State,
        commands=tuple(rules.commands),
        events=tuple(rules.events),
        decide=rules.decide,
        fold=rules.fold,
        view=view.view,
        mine=getattr(view, "mine", _nothing),
        parts=getattr(view, "parts", lambda state, role: (name,)),
        touches=getattr(rules, "touches", lambda event: None),
        concerns=getattr(rules, "concerns", lambda state, event: ()),
        relay=getattr(rules, "relay", lambda state, by, topic, data: False),
        secrets=getattr(view, "secrets", lambda state: ()),
        erase=getattr(rules, "erase", lambda facts, gone: ()),
        assets=getattr(rules, "assets", lambda event: ()),
        watches=tuple(getattr(rules, "watches", ())),
        contributions=frozenset(getattr(rules, "contributions", ())),
        upcasts=getattr(rules, "upcasts", {}),
        plan=from_module(plan),
    )


def _nothing(state: Any, member: str, people: People) -> Json:
    return {}


class Kinds:
    """All activities of a program, and the reading and writing of their commands and events."""

    def __init__(self, activities: Iterable[Activity]) -> None:
        self.activities: dict[str, Activity] = {a.name: a for a in activities}
        self.owner: dict[type, Activity] = {}
        self.watchers: dict[type[Event], list[Activity]] = {}
        self.events: dict[str, type[Event]] = {}
        self.commands: dict[str, type[Command]] = {}
        self._upcasts: dict[tuple[str, int], Any] = {}
        for activity in self.activities.values():
            self._take(activity)
        # Who folds an event: its owner, then those who watch it.
        self.readers: dict[type[Event], tuple[Activity, ...]] = {
            event: (self.owner[event], *self.watchers.get(event, ())) for event in self.events.values()
        }
        # Who has something to say to one member alone.
        self.tellers = {name: a.mine for name, a in self.activities.items() if a.mine is not _nothing}
        self._command_decoders = {k: msgspec.json.Decoder(c) for k, c in self.commands.items()}
        self._event_decoder = msgspec.json.Decoder(reduce(or_, self.events.values()))
        self._encode = msgspec.json.Encoder().encode

    @cached_property
    def mark(self) -> str:
        """Equal for programs with the same commands and events, as far as their own fields go."""
        types = {**self.commands, **self.events}
        fields = sorted((kind, struct.__struct_fields__, str(struct.__annotations__)) for kind, struct in types.items())
        versions = sorted((kind, event.version) for kind, event in self.events.items())
        return hashlib.sha256(msgspec.json.encode([fields, versions])).hexdigest()[:16]

    def _take(self, activity: Activity) -> None:
        for event in activity.events:
            self._name(self.events, event, activity)
        for command in activity.commands:
            self._name(self.commands, command, activity)
        for event in activity.watches:
            self.watchers.setdefault(event, []).append(activity)
        self._upcasts.update(activity.upcasts)

    def _name(self, table: dict[str, Any], struct: type[Struct], activity: Activity) -> None:
        kind = kind_of(struct)
        if kind in table:
            raise ValueError(f"two activities call something {kind}")
        table[kind] = struct
        self.owner[struct] = activity

    def command(self, kind: str, data: bytes | msgspec.Raw) -> Command | None:
        """The command, or None for an unknown kind; raises msgspec.ValidationError for a wrong shape."""
        decoder = self._command_decoders.get(kind)
        return None if decoder is None else decoder.decode(data)

    def row(self, fact: Fact) -> Row:
        event = fact.event
        return Row(fact.seq, fact.at, fact.by, fact.cmd, fact.kind, type(event).version, self._encode(event))

    def fact(self, row: Row) -> Fact:
        """Raises Unreadable for a kind or shape that this program does not know."""
        event_type = self.events.get(row.kind)
        if event_type is None:
            raise Unreadable(f"this program does not know {row.kind}")
        if row.version == event_type.version:
            event: Event = self._event_decoder.decode(row.data)
        else:
            data = msgspec.json.decode(row.data)
            event = msgspec.convert(upcast(self._upcasts, row.kind, row.version, event_type.version, data), event_type)
        return Fact(row.seq, row.at, row.by, row.cmd, event)


def activity_of(part: str) -> str:
    """The activity that owns a part: `ink/7` belongs to `ink`."""
    return part.partition("/")[0]


def standing(part: str) -> bool:
    """A part named like its activity is sent to everyone of the role; one with a slash only to screens that want it."""
    return "/" not in part
