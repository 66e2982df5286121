"""One lesson as the fold of its log: decide what may happen, fold what did, view it for each role."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from typing import Any

import msgspec

from mingtang.core.activity import Act, Activity, Kinds, activity_of
from mingtang.core.event import Command, Event, Fact, Refused, is_id
from mingtang.core.frame import MEMBER_KINDS, LessonEnded, MemberErased, fold_people
from mingtang.core.member import SERVER, Member, People, Role
from mingtang.core.patch import Json
from mingtang.core.seen import Seen

EVERYBODY = "*"
_canonical = msgspec.json.Encoder(order="deterministic").encode


class Touched:
    """What facts may have changed: parts, whole activities, and (activity, member) pairs of `mine`. EVERYBODY stands
    for all members. `steering` when something is to be shown without delay."""

    __slots__ = ("activities", "mine", "parts", "steering")

    def __init__(self) -> None:
        self.parts: set[str] = set()
        self.activities: set[str] = set()
        self.mine: set[tuple[str, str]] = set()
        self.steering = False

    def __bool__(self) -> bool:
        return bool(self.parts or self.activities or self.mine)

    def add(self, other: Touched) -> None:
        self.parts |= other.parts
        self.activities |= other.activities
        self.mine |= other.mine
        self.steering |= other.steering

    def covers(self, part: str) -> bool:
        return part in self.parts or activity_of(part) in self.activities


class Lesson:
    """State changes by `take` alone; `fold` takes and tells what to show. `seen` knows the place of every
    command that made facts, `erased` where a person was last erased."""

    def __init__(self, kinds: Kinds) -> None:
        self.kinds = kinds
        self.people = People()
        self.states: dict[str, Any] = {name: a.State() for name, a in kinds.activities.items()}
        self.seq = 0
        self.at = 0
        self.ended = False
        self.erased = 0
        self.seen = Seen()

    def decide(self, command: Command, by: Member, at: int, seed: int) -> list[Event]:
        """The events that `command` becomes; none when it changes nothing. Raises Refused."""
        if self.ended and not command.late:
            raise Refused("lesson.ended")
        if by.removed:
            raise Refused("not_a_member")
        if by is not SERVER and by.role not in command.roles:
            raise Refused("not_allowed")
        if command.late and not self.ended:
            raise Refused("lesson.goes_on")
        activity = self.kinds.owner[type(command)]
        return list(activity.decide(self.states[activity.name], command, Act(by, at, seed, self.people)))

    def take(self, fact: Fact) -> None:
        """Takes the next fact of the log; raises ValueError when it is not the next."""
        if fact.seq != self.seq + 1:
            raise ValueError(f"fact {fact.seq} does not follow {self.seq}")
        event = fact.event
        kind = type(event)
        if kind in MEMBER_KINDS:
            fold_people(self.people, event, fact)
            if kind is MemberErased:
                self.erased = fact.seq
        elif kind is LessonEnded:
            self.ended = True
        for activity in self.kinds.readers[kind]:
            activity.fold(self.states[activity.name], event, fact)
        self.seq = fact.seq
        if fact.at > self.at:
            self.at = fact.at
        if fact.cmd:
            self.seen.add(fact.by, fact.cmd, fact.seq)

    def fold(self, fact: Fact) -> Touched:
        """Takes the next fact and tells what it may have changed: for whoever shows it."""
        self.take(fact)
        event, touched = fact.event, Touched()
        readers = self.kinds.readers[type(event)]
        for activity in readers:
            self._touch(activity, event, touched)
        if fact.by:
            touched.mine.add((readers[0].name, fact.by))
        touched.steering = type(event) not in readers[0].contributions
        return touched

    def _touch(self, activity: Activity, event: Event, touched: Touched) -> None:
        parts = activity.touches(event)
        if parts is None:
            touched.activities.add(activity.name)
        else:
            touched.parts.update(parts)
        concerned = activity.concerns(self.states[activity.name], event)
        for member in (EVERYBODY,) if concerned is None else concerned:
            touched.mine.add((activity.name, member))

    def parts(self, role: Role) -> list[str]:
        """Every part there is now for a role, those that screens ask for included."""
        return [p for name, a in self.kinds.activities.items() for p in a.parts(self.states[name], role)]

    def view(self, role: Role, part: str) -> Json | None:
        """What the role sees of the part; None when there is no such part for it."""
        activity = self.kinds.activities.get(activity_of(part))
        if activity is None or not all(is_id(p) for p in part.split("/")):
            return None
        return activity.view(self.states[activity.name], role, part, self.people)

    def mine(self, member: str) -> Json:
        """What the member alone sees, by activity; activities with nothing to say are left out."""
        states, people = self.states, self.people
        return {name: said for name, mine in self.kinds.tellers.items() if (said := mine(states[name], member, people))}

    def may_relay(self, by: Member, topic: str, data: Any) -> bool:
        activity = self.kinds.activities.get(activity_of(topic))
        if activity is None or by.removed or self.ended:
            return False
        return activity.relay(self.states[activity.name], by, topic, data)

    def views(self, role: Role) -> Json:
        seen = {part: self.view(role, part) for part in self.parts(role)}
        return {part: value for part, value in seen.items() if value is not None}

    def digest(self) -> str:
        """SHA-256 over every role's parts, canonical JSON: equal for equal logs, on any node, at any time."""
        return digest_of({role.value: self.views(role) for role in Role})


def digest_of(value: Any) -> str:
    return hashlib.sha256(_canonical(value)).hexdigest()


def replay(kinds: Kinds, facts: Iterable[Fact]) -> Lesson:
    lesson = Lesson(kinds)
    for fact in facts:
        lesson.take(fact)
    return lesson
