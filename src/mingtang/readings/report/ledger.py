"""Which events there were: counted by kind and by what they are about, so that a figure can name its sources."""

from __future__ import annotations

from typing import TypeVar

from mingtang.core.event import Fact
from mingtang.readings.report.model import Source, Sources

# What tells events of one kind apart, where they have it.
FIELDS = ("id", "round", "page", "mark", "to", "step", "member")
Values = tuple[str | int, ...]


class Span:
    __slots__ = ("first", "last", "n")

    def __init__(self, seq: int) -> None:
        self.n, self.first, self.last = 1, seq, seq


Key = TypeVar("Key")


def _count(table: dict[Key, Span], key: Key, seq: int) -> None:
    span = table.get(key)
    if span is None:
        table[key] = Span(seq)
    else:
        span.n += 1
        span.last = seq


class Ledger:
    """`kinds` by name in the order of first appearance; in each, spans by the values of its fields."""

    def __init__(self) -> None:
        self._fields: dict[type, tuple[str, tuple[str, ...]]] = {}
        self._about: dict[str, dict[Values, Span]] = {}
        self._by: dict[str, dict[str, Span]] = {}
        self._named: dict[str, tuple[str, ...]] = {}

    def take(self, fact: Fact) -> None:
        kind, names = self._fields.get(type(fact.event)) or self._learn(fact)
        values = tuple([getattr(fact.event, name) for name in names])
        _count(self._about[kind], values, fact.seq)
        _count(self._by[kind], fact.by, fact.seq)

    def _learn(self, fact: Fact) -> tuple[str, tuple[str, ...]]:
        event = type(fact.event)
        names = tuple(name for name in FIELDS if name in event.__struct_fields__)
        self._fields[event], self._named[fact.kind] = (fact.kind, names), names
        self._about[fact.kind], self._by[fact.kind] = {}, {}
        return self._fields[event]

    def counts(self) -> dict[str, int]:
        return {kind: sum(span.n for span in table.values()) for kind, table in self._by.items()}

    def of(self, *kinds: str, **where: str | int) -> Sources:
        """A source for each of the kinds that has such events. `where` is of the event's fields, or `by` alone."""
        found = [(kind, self._spans(kind, where)) for kind in kinds]
        return [_source(kind, spans, where) for kind, spans in found if spans]

    def _spans(self, kind: str, where: dict[str, str | int]) -> list[Span]:
        table = self._about.get(kind)
        if table is None:
            return []
        if "by" in where:
            span = self._by[kind].get(str(where["by"]))
            return [span] if span else []
        names = self._named[kind]
        if len(where) == len(names):
            span = table.get(tuple([where[name] for name in names]))
            return [span] if span else []
        places = [(names.index(name), value) for name, value in where.items()]
        return [span for values, span in table.items() if all(values[at] == value for at, value in places)]


def _source(kind: str, spans: list[Span], where: dict[str, str | int]) -> Source:
    n = sum(span.n for span in spans)
    first, last = min(span.first for span in spans), max(span.last for span in spans)
    return Source(kind=kind, n=n, first=first, last=last, where=where)
