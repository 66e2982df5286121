"""Whatever happens in a lesson, there is a report of it: total, without a figure made of nothing, from sources that are
in the log, the same whether it was asked for in between or not, and without a trace of what is nobody's."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from hypothesis import given

from mingtang.core.event import Fact
from mingtang.readings.report import Report, Reporter, report_of, to_json
from mingtang.readings.report.tables import TABLES, table
from tests.laws.classes import Wish, begun, run, wishes

UNNAMED = {"pace.marked", "pace.unmarked", "questions.voted", "questions.unvoted", "notes.starred", "notes.written"}


def taught(asked: list[Wish]) -> list[Fact]:
    lesson, log = begun()
    for _ in run(lesson, asked, log):
        pass
    return log


@given(wishes())
def test_whatever_happens_there_is_a_report(asked: list[Wish]) -> None:
    log, reporter = taught(asked), Reporter()
    for fact in log:
        reporter.take(fact)
        if fact.seq % 40 == 0:
            reporter.report()
    told = report_of(log)
    assert to_json(reporter.report()) == to_json(told), "asked for in between, it ends as another"
    figures_are_of_something(told)
    read = json.loads(to_json(told))
    sources_are_in(log, read)
    lines_tell_nothing_unnamed(log, read)


def figures_are_of_something(told: Report) -> None:
    for value in _leaves(json.loads(to_json(told))):
        assert value is not None
        assert value == value  # no NaN
        assert value not in (float("inf"), float("-inf"))
    assert told.headline.answered <= told.headline.expected
    assert told.headline.took_part <= told.headline.people
    assert told.active.share is None or 0 <= told.active.share <= 1
    for one in told.questions:
        assert one.discrimination is None or -1 <= one.discrimination <= 1
        assert all(round.share is None or 0 <= round.share <= 1 for round in one.rounds)
    for name in TABLES:
        found = table(told, name)
        assert found is not None
        assert all(len(row) == len(found.columns) for row in found.rows)


def sources_are_in(log: list[Fact], read: Any) -> None:
    for source in _sources(read):
        named = [f.seq for f in log if f.kind == source["kind"] and _fits(f, source.get("where", {}))]
        assert (source["n"], source["first"], source["last"]) == (len(named), named[0], named[-1])


def lines_tell_nothing_unnamed(log: list[Fact], read: Any) -> None:
    """A question's id is drawn from a seed, and a few seeds come again here: the first that had it is it."""
    anonymous: dict[str, bool] = {}
    for fact in log:
        if fact.kind == "questions.asked":
            anonymous.setdefault(fact.event.id, fact.event.anonymous)  # type: ignore[attr-defined]
    for person in read["people"]:
        assert not {source["kind"] for source in person["source"]} & UNNAMED
        asked = [s["where"]["id"] for s in person["source"] if s["kind"] == "questions.asked"]
        assert not [id for id in asked if anonymous[id]]


def _fits(fact: Fact, where: dict[str, Any]) -> bool:
    return all((fact.by if name == "by" else getattr(fact.event, name)) == value for name, value in where.items())


def _leaves(value: Any) -> Iterator[Any]:
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else None
    if inner is None:
        yield value
    else:
        for one in inner:
            yield from _leaves(one)


def _sources(value: Any) -> Iterator[dict[str, Any]]:
    if isinstance(value, dict):
        yield from value.get("source", [])
    for inner in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from _sources(inner)
