"""When students did something rather than listen: they voted, talked in pairs, had the floor, or drew."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from mingtang.core.event import Fact
from mingtang.core.lesson import Lesson
from mingtang.readings.report.ledger import Ledger
from mingtang.readings.report.model import Active, share

STROKE = 15_000  # what led to a stroke is counted with it
KINDS = (
    "poll.opened", "poll.closed", "peer.opened", "peer.closed", "peer.paired", "peer.talk_ended", "hands.taken",
    "hands.done", "hands.undone", "call.drawn", "call.finished", "call.undone", "member.removed", "ink.drawn",
)  # fmt: skip
Span = tuple[int, int]


class Doings:
    """Spans of time by what was done in them; those that go on have no end yet."""

    def __init__(self) -> None:
        self._spans: dict[str, list[Span]] = {"vote": [], "talk": [], "floor": [], "draw": []}
        self._since: dict[str, int] = {}

    def take(self, lesson: Lesson, fact: Fact) -> None:
        """After the fact was folded."""
        kind = fact.kind
        if kind == "ink.drawn":
            if getattr(fact.event, "guest", False):
                self._drew(fact.at)
        elif kind in KINDS:
            self._look(lesson.states, fact.at)

    def _drew(self, at: int) -> None:
        spans = self._spans["draw"]
        if spans and at - STROKE <= spans[-1][1]:
            spans[-1] = (spans[-1][0], max(at, spans[-1][1]))
        else:
            spans.append((at - STROKE, at))

    def _look(self, states: dict[str, Any], at: int) -> None:
        voting = any(item.open for name in ("poll", "peer") for item in states[name].items.values())
        goes_on = {
            "vote": voting,
            "talk": bool(states["peer"].talks),
            "floor": states["hands"].floor is not None or states["call"].now is not None,
        }
        for what, now in goes_on.items():
            if now and what not in self._since:
                self._since[what] = at
            elif not now and what in self._since:
                self._spans[what].append((self._since.pop(what), at))

    def active(self, began: int, until: int, ledger: Ledger) -> Active:
        found = {
            what: _merged(_within([*spans, *self._open(what, until)], began, until))
            for what, spans in self._spans.items()
        }
        covered = _length(_merged(span for spans in found.values() for span in spans))
        return Active(
            seconds={what: _length(spans) // 1000 for what, spans in found.items() if spans},
            spans={what: [[a - began, b - began] for a, b in spans] for what, spans in found.items() if spans},
            share=share(covered, until - began),
            source=ledger.of(*KINDS),
        )

    def _open(self, what: str, until: int) -> list[Span]:
        return [(self._since[what], until)] if what in self._since else []


def _within(spans: Iterable[Span], began: int, until: int) -> list[Span]:
    cut = ((max(a, began), min(b, until)) for a, b in spans)
    return [(a, b) for a, b in cut if a < b]


def _merged(spans: Iterable[Span]) -> list[Span]:
    """In order, with what overlaps made one."""
    merged: list[Span] = []
    for a, b in sorted(spans):
        if merged and a <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(b, merged[-1][1]))
        else:
            merged.append((a, b))
    return merged


def _length(spans: Iterable[Span]) -> int:
    return sum(b - a for a, b in spans)
