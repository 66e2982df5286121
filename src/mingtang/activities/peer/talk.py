"""One discussion: its groups, what is written in them, and what becomes of those who come late or are left alone."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from msgspec import Struct, field

# What a phone shows of a talk of two minutes; the log keeps all.
KEPT = 50
BURST = 5
BURST_MS = 5_000


class Place(NamedTuple):
    """A member's place in a group: the key the others see him under, and the first message he sees."""

    key: str
    first: int


class Said(NamedTuple):
    by: str
    at: int
    text: str


class Group(Struct):
    """`away` are members who left while talking; `count` numbers messages."""

    members: dict[str, Place] = field(default_factory=dict)
    away: set[str] = field(default_factory=set)
    said: dict[int, Said] = field(default_factory=dict)
    keys: int = 0
    count: int = 0

    @property
    def size(self) -> int:
        """How many are talking."""
        return len(self.members) - len(self.away)

    def take(self, member: str) -> None:
        self.keys += 1
        self.members[member] = Place(str(self.keys), self.count + 1)

    def say(self, said: Said) -> None:
        self.count += 1
        self.said[self.count] = said
        self.said.pop(self.count - KEPT, None)


class Talk(Struct):
    """The discussion after round `after`. `sizes` finds a lone one or a pair without looking through all groups."""

    after: int
    started: int
    until: int
    running: bool = True
    groups: dict[int, Group] = field(default_factory=dict)
    of: dict[str, int] = field(default_factory=dict)
    sizes: dict[int, dict[int, None]] = field(default_factory=dict)
    moved: set[str] = field(default_factory=set)
    paces: dict[str, tuple[int, ...]] = field(default_factory=dict)

    def pair(self, groups: Iterable[Iterable[str]]) -> None:
        for members in groups:
            self._found(members)

    def _found(self, members: Iterable[str]) -> None:
        number, group = len(self.groups) + 1, Group()
        self.groups[number] = group
        for member in members:
            group.take(member)
            self.of[member] = number
        self._sized(number, 0)

    def _sized(self, number: int, before: int) -> None:
        self.sizes.get(before, {}).pop(number, None)
        self.sizes.setdefault(self.groups[number].size, {})[number] = None

    def group(self, member: str) -> Group | None:
        number = self.of.get(member)
        return None if number is None else self.groups[number]

    def mates(self, member: str) -> list[str]:
        """All of the member's group, himself included."""
        group = self.group(member)
        return list(group.members) if group else []

    def enter(self, member: str) -> list[str]:
        """Somebody comes: back to his group, or late. Gives all whose talk has changed."""
        group = self.group(member)
        if group is None:
            return self._attach(member)
        if member not in group.away:
            return []
        size = group.size
        group.away.discard(member)
        self._sized(self.of[member], size)
        return list(group.members) + self._gather()

    def _attach(self, member: str) -> list[str]:
        """To one who is alone if there is one, else to a pair; three are enough, so else alone."""
        for size in (1, 2):
            for number in self.sizes.get(size, {}):
                group = self.groups[number]
                group.take(member)
                self.of[member] = number
                self._sized(number, size)
                return list(group.members)
        self._found([member])
        return [member]

    def _drop(self, member: str) -> None:
        number = self.of.pop(member)
        group = self.groups[number]
        size = group.size
        del group.members[member]
        group.away.discard(member)
        self._sized(number, size)

    def leave(self, member: str) -> list[str]:
        """Somebody goes. One who is left alone joins others when there are any. Gives all whose talk has changed."""
        group = self.group(member)
        if group is None or member in group.away:
            return []
        size = group.size
        group.away.add(member)
        self._sized(self.of[member], size)
        return list(group.members) + self._gather()

    def _gather(self) -> list[str]:
        """Lets those who are the only one left in their group join others, as long as there are any."""
        told: list[str] = []
        while (alone := self.sizes.get(1)) and len(alone) + len(self.sizes.get(2, {})) > 1:
            group = self.groups[next(iter(alone))]
            lone = next(m for m in group.members if m not in group.away)
            self._drop(lone)
            self.moved.add(lone)
            told += [*group.members, *self._attach(lone)]
        return told

    def say(self, member: str, at: int, text: str) -> None:
        if group := self.group(member):
            group.say(Said(member, at, text))
            self.paces[member] = (*self.paces.get(member, ()), at)[-BURST:]

    def too_fast(self, member: str, at: int) -> bool:
        pace = self.paces.get(member, ())
        return len(pace) == BURST and at - pace[0] < BURST_MS
