"""Every figure of the report against the same figure counted another way, on lessons held by the generator."""

from __future__ import annotations

import json
import subprocess
import sys
from statistics import median
from typing import Any

import pytest

from bench.school import Taught, teach
from mingtang.readings.report import Report, Reporter, report_of, to_json
from tests.readings import recount

MINUTE = 60_000


@pytest.fixture(scope="module", params=[(7, 40, 0), (8, 24, 2500)], ids=["plain", "lively"])
def hour(request: pytest.FixtureRequest) -> Taught:
    seed, students, events = request.param
    return teach(seed=seed, students=students, events=events, pages=12)


@pytest.fixture(scope="module")
def report(hour: Taught) -> Report:
    return report_of(hour.facts)


@pytest.fixture(scope="module")
def log(hour: Taught) -> recount.Log:
    return recount.log_of(hour.rows)


def test_attendance_at_each_minute_is_who_was_here_then(report: Report, log: recount.Log) -> None:
    counted = recount.presence(log, report.began, report.until)
    assert list(zip(report.presence.room, report.presence.remote, strict=True)) == counted
    assert report.presence.step == MINUTE
    assert len(counted) > 85
    came = {e["id"]: e["at"] for e in reversed(recount.of(log, "member.came")) if e["id"].startswith("s")}
    assert report.headline.people == len(came) == report.presence.joined.room + report.presence.joined.remote
    assert report.presence.late == sum(at > report.began + 5 * MINUTE for at in came.values())


def test_every_round_has_the_answers_that_were_last_given_in_it(report: Report, log: recount.Log) -> None:
    assert {(one.kind, one.id) for one in report.questions} == {
        (e["kind"].split(".")[0], e["id"]) for e in recount.of(log, "poll.asked", "peer.asked")
    }
    for one in report.questions:
        for round in one.rounds:
            votes = recount.votes(log, one.kind, one.id, round.n)
            assert round.answered.room + round.answered.remote == len(votes)
            missing = recount.missing(log, one.kind, one.id, round.n)
            assert (round.missing.room, round.missing.remote) == (missing.count("room"), missing.count("remote"))
            if round.counts is not None:
                chosen = [key for answer in votes.values() for key in answer]
                assert round.counts == {key: chosen.count(key) for key in one.options or {}}
            if round.numbers is not None:
                assert round.numbers.median == median(votes.values())


def test_right_answers_gain_and_difficulty_follow_from_the_votes(report: Report, log: recount.Log) -> None:
    seen = set()
    for one in report.questions:
        if one.right is None:
            assert one.difficulty is None
            assert all(round.right is None for round in one.rounds)
            continue
        marks = [recount.rights(log, one.kind, one.id, round.n) for round in one.rounds]
        assert [round.right for round in one.rounds] == [sum(right.values()) for right in marks]
        p = [sum(right.values()) / len(right) for right in marks]
        assert one.difficulty == pytest.approx(p[0], abs=1e-4)
        for shift in one.shifts:
            a, b = p[shift.first - 1], p[shift.second - 1]
            assert shift.gain == pytest.approx((b - a) / (1 - a), abs=1e-4)
            both = marks[shift.first - 1].keys() & marks[shift.second - 1].keys()
            assert sum(n for row in shift.moves.values() for n in row.values()) == len(both)
            seen.add(one.kind)
    assert seen == {"poll", "peer"}


def test_moves_count_who_went_from_which_answer_to_which(report: Report, log: recount.Log) -> None:
    for one in (one for one in report.questions if one.kind == "peer"):
        first, second = (recount.votes(log, "peer", one.id, n) for n in (1, 2))
        pairs = [(first[m], second[m]) for m in first if m in second]
        assert one.shifts[0].moves == {
            a: {b: pairs.count((a, b)) for b in {y for x, y in pairs if x == a}} for a in {x for x, _ in pairs}
        }


def test_discrimination_is_the_correlation_with_the_other_questions(report: Report, log: recount.Log) -> None:
    marked = [(one.kind, one.id) for one in report.questions if one.right is not None]
    compared = 0
    for one in report.questions:
        if one.right is None:
            assert one.discrimination is None
            continue
        n, r = recount.discrimination(log, marked, (one.kind, one.id))
        assert one.compared == n
        assert one.discrimination == pytest.approx(r, abs=1e-3)
        compared += 1
    assert compared >= 8


def test_lost_marks_and_the_time_on_the_stage_are_those_of_the_page(report: Report, log: recount.Log) -> None:
    assert len(report.pages) > 12
    for page in report.pages:
        assert page.lost == len(recount.lost(log, page.id)), page.title
        assert page.slower == len(recount.lost(log, page.id, "slower"))
        # The first page lies there from the opening on: before the hour it does not count.
        before = max(0, report.began - (page.first or report.began))
        assert page.shown == recount.on_stage(log, page.id, report.until) - before
        assert page.here == recount.most_here(log, page.id)
        assert page.seats is None or page.seats.room + page.seats.remote == page.lost


def test_questions_have_the_wishes_and_the_standing_that_the_log_gives_them(report: Report, log: recount.Log) -> None:
    wants = recount.wants(log)
    asked = recount.of(log, "questions.asked")
    assert report.asked.asked == len(asked) == sum(report.asked.stands.values())
    texts = sorted((e["text"], e["at"], len(wants[e["id"]])) for e in asked)
    assert sorted((row.text, row.at, row.wants) for row in report.asked.rows) == texts
    answered = {e["id"]: e["at"] for e in recount.of(log, "questions.answered")}
    assert report.asked.wait == int(
        median([at - next(e["at"] for e in asked if e["id"] == id) for id, at in answered.items()])
    )
    anonymous = {e["at"] for e in asked if e.get("anonymous")}
    assert all((row.name is None) == (row.at in anonymous) for row in report.asked.rows)


def test_hands_waited_as_long_as_the_log_says(report: Report, log: recount.Log) -> None:
    waits = recount.waits(log)
    assert [(turn.seat, turn.waited) for turn in report.hands.turns] == waits
    for seat, figures in (("room", report.hands.room), ("remote", report.hands.remote)):
        own = [wait for at, wait in waits if at == seat]
        assert figures.taken == len(own)
        assert figures.median == (int(median(own)) if own else None)
        assert figures.raised == len(recount.of(log, "hands.raised", seat=seat))
    assert report.hands.lowered == len(recount.of(log, "hands.lowered"))


def test_the_active_share_is_the_time_in_which_students_did_something(report: Report, log: recount.Log) -> None:
    counted = recount.active_seconds(log, report.began, report.until)
    for what, seconds in report.active.seconds.items():
        assert seconds == counted[what] // 1000
    assert report.active.share == pytest.approx(counted["any"] / (report.until - report.began), abs=1e-4)
    assert 0.2 < (report.active.share or 0) < 1


def test_each_student_has_what_was_done_under_that_name(report: Report, log: recount.Log) -> None:
    rounds = [(one.kind, one.id, round.n) for one in report.questions for round in one.rounds]
    taken = {e["member"] for e in recount.of(log, "hands.taken")}
    heard = {
        e["member"] for e in recount.of(log, "call.drawn")
        if recount.of(log[e["seq"] :], "call.finished")[0]["outcome"] == "heard"
    }  # fmt: skip
    for person in report.people:
        answered = [r for r in rounds if person.id in recount.votes(log, *r)]
        assert person.answered == len(answered)
        assert person.floor == (person.id in taken | heard)
        assert person.raised == len(recount.of(log, "hands.raised", by=person.id))
        named = [e for e in recount.of(log, "questions.asked", by=person.id) if not e.get("anonymous")]
        assert person.asked == len(named)
        assert person.strokes == len(recount.of(log, "ink.drawn", by=person.id))
    expected = sum(person.expected for person in report.people)
    assert (report.headline.answered, report.headline.expected) == (sum(p.answered for p in report.people), expected)
    assert report.headline.took_part == sum(person.took_part for person in report.people)


def test_the_seats_together_are_the_whole(report: Report) -> None:
    room, remote, head = report.parity.room, report.parity.remote, report.headline
    assert room.people + remote.people == head.people
    assert (room.answered + remote.answered, room.expected + remote.expected) == (head.answered, head.expected)
    assert room.floor + remote.floor == head.floor
    assert (room.asked or 0) + (remote.asked or 0) == head.asked
    assert (room.right + remote.right) / (room.right_of + remote.right_of) == pytest.approx(head.last, abs=1e-4)


def test_every_source_names_exactly_the_events_that_there_are(hour: Taught, report: Report, log: recount.Log) -> None:
    """Kind, count and both ends of each, found again by looking through the log."""
    found = list(_sources(json.loads(to_json(report))))
    assert len(found) > 200
    for source in found:
        named = recount.of(log, source["kind"], **source.get("where", {}))
        assert (source["n"], source["first"], source["last"]) == (len(named), named[0]["seq"], named[-1]["seq"])


def _sources(value: Any) -> Any:
    if isinstance(value, dict):
        yield from value.get("source", [])
        for inner in value.values():
            yield from _sources(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _sources(inner)


def test_whatever_has_figures_names_its_sources(report: Report) -> None:
    told = json.loads(to_json(report))
    for part in ("headline", "presence", "asked", "hands", "parity", "active"):
        assert told[part]["source"], part
    for part in ("questions", "pages", "people"):
        assert all(row["source"] for row in told[part]), part
    assert all(round["source"] for one in told["questions"] for round in one["rounds"])


def test_a_round_counted_from_the_events_it_names_alone_is_the_same(report: Report, log: recount.Log) -> None:
    """Sources are not only there, they suffice: nothing but the events named is looked at."""
    for one in report.questions:
        for round in one.rounds:
            told = [e for s in round.source for e in recount.of(log, s.kind, **s.where)]
            alone = sorted(told, key=lambda e: e["seq"])
            votes = recount.votes(alone, one.kind, one.id, round.n)
            assert round.answered.room + round.answered.remote == len(votes)
            if round.right is not None:
                assert round.right == sum(recount.rights(alone, one.kind, one.id, round.n).values())


def test_asked_in_between_the_report_is_the_same_as_read_at_once(hour: Taught, report: Report) -> None:
    reporter = Reporter()
    for fact in hour.facts:
        reporter.take(fact)
        if fact.seq % 400 == 0:
            assert reporter.report().events == fact.seq
    assert to_json(reporter.report()) == to_json(report)


@pytest.mark.slow
def test_another_process_with_other_hashes_writes_the_same_bytes() -> None:
    program = (
        "import hashlib; from bench.school import teach; from mingtang.readings.report import report_of, to_json;"
        "print(hashlib.sha256(to_json(report_of(teach(seed=7, students=30, pages=12).facts))).hexdigest())"
    )
    said = {
        subprocess.run(
            [sys.executable, "-c", program], env={"PYTHONHASHSEED": seed, "PYTHONPATH": "src:."}, text=True,
            capture_output=True, check=True,
        ).stdout
        for seed in ("0", "1", "2")
    }  # fmt: skip
    assert len(said) == 1
