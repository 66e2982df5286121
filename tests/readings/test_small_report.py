"""A report counted by hand, and reports of lessons in which there is hardly anything to count."""

from __future__ import annotations

import json
from typing import Any

import pytest

from bench.school import teach
from mingtang.activities import kinds
from mingtang.core.erasing import erase
from mingtang.core.event import Fact
from mingtang.readings.report import Report, report_of, to_json
from mingtang.readings.report.tables import TABLES, table
from tests.readings.small import BEGIN, Log, opened, single, small

MINUTE = 60_000


@pytest.fixture(scope="module")
def report() -> Report:
    return report_of(small().facts)


def test_the_hour_is_from_the_first_student_to_the_end(report: Report) -> None:
    assert (report.opened, report.began, report.until) == (BEGIN, BEGIN + MINUTE, BEGIN + 10 * MINUTE)
    assert report.ended == report.until


def test_attendance_by_hand(report: Report) -> None:
    assert report.presence.room == [1, 3, 3, 3, 3, 3, 3, 2, 2, 2]
    assert report.presence.remote == [0, 0, 0, 0, 0, 0, 1, 1, 1, 1]
    assert (report.presence.most, report.presence.late) == (4, 1)


def test_the_question_by_hand(report: Report) -> None:
    (one,) = report.questions
    first, second = one.rounds
    assert (first.counts, first.right, first.share) == ({"a": 1, "b": 1, "c": 0}, 1, 0.5)
    assert (second.counts, second.right, second.share) == ({"a": 1, "b": 2, "c": 0}, 2, 0.6667)
    assert (first.missing.room, second.missing.room, first.missing.remote) == (1, 0, 0)
    (shift,) = one.shifts
    assert shift.moves == {"b": {"b": 1}, "a": {"b": 1}}
    assert shift.gain == 0.3333  # (2/3 - 1/2) / (1 - 1/2)
    assert (one.difficulty, one.discrimination, one.late) == (0.5, None, None)


def test_lost_marks_by_hand(report: Report) -> None:
    first, second = report.pages
    assert (first.title, first.n, first.lost, first.shown, first.here) == ("Page one", 1, 1, MINUTE, 3)
    assert (second.lost, second.shown, second.here, second.seats) == (0, 7 * MINUTE, 4, None)


def test_voices_by_hand(report: Report) -> None:
    wanted, answered = report.asked.rows
    assert (wanted.text, wanted.wants, wanted.name, wanted.stand, wanted.step) == ("How?", 2, None, "open", None)
    assert (answered.text, answered.wants, answered.name, answered.step) == ("Why?", 1, "Mei", 2)
    assert report.asked.wait == MINUTE
    assert [(turn.name, turn.waited) for turn in report.hands.turns] == [("Li", 30_000)]
    assert (report.hands.room.raised, report.hands.room.taken, report.hands.room.median) == (2, 1, 30_000)
    assert (report.hands.lowered, report.hands.up, report.hands.put_down) == (1, 0, 0)


def test_who_came_on_the_stage_with_a_hand_up_has_waited_for_it_and_an_undone_taking_is_another() -> None:
    log = opened()
    log.joins("1:00", "li")
    log.joins("1:00", "rana", seat="remote")
    log.say("2:00", "li", "hands.raised", seat="room")
    log.say("2:00", "rana", "hands.raised", seat="remote")
    log.say("2:10", "teach", "hands.taken", member="li")
    log.say("2:20", "rana", "media.entered", place=1, group=3)
    log.say("2:40", "rana", "media.entered", place=1, was=3)
    log.say("2:50", "teach", "hands.undone")
    report = report_of(log.facts)
    assert [(turn.name, turn.seat, turn.waited) for turn in report.hands.turns] == [("Rana", "remote", 40_000)]
    assert (report.hands.remote.taken, report.hands.remote.median, report.hands.up) == (1, 40_000, 1)
    assert report.headline.floor == 1
    assert {person.name: person.floor for person in report.people} == {"Li": 0, "Rana": 1}


def test_the_active_share_by_hand(report: Report) -> None:
    """Voting from 3:00 to 4:30, the floor from 6:20 to 6:25 and from 6:30 to 6:50, of nine minutes."""
    assert report.active.seconds == {"vote": 90, "floor": 25}
    assert report.active.share == round(115 / 540, 4)


def test_people_by_hand(report: Report) -> None:
    told = {one.name: one for one in report.people}
    assert {name: (one.answered, one.expected) for name, one in told.items()} == {
        "Mei": (2, 2), "Li": (2, 2), "Kim": (1, 2), "Rana": (0, 0),
    }  # fmt: skip
    assert {name: (one.right, one.right_of) for name, one in told.items() if one.right_of} == {
        "Mei": (2, 2), "Li": (1, 2), "Kim": (0, 1),
    }  # fmt: skip
    assert {name: one.minutes for name, one in told.items()} == {"Mei": 7, "Li": 9, "Kim": 8, "Rana": 3}
    assert [name for name, one in told.items() if not one.took_part] == ["Rana"]
    assert (told["Li"].floor, told["Li"].raised, told["Mei"].asked, told["Kim"].asked) == (1, 1, 1, 0)


def test_what_is_nobodys_stays_nobodys(report: Report) -> None:
    """Kim asked anonymously and Li marked a page: no line of theirs, nor its sources, tells of it."""
    told = json.loads(to_json(report))
    for person in told["people"]:
        kinds_told = {source["kind"] for source in person["source"]}
        assert not kinds_told & {"pace.marked", "pace.unmarked", "questions.voted", "notes.written"}
        assert ("questions.asked" in kinds_told) == (person["name"] == "Mei")
    assert "asked" not in told["parity"]["room"]  # one remote student: a sum would be a name
    assert "lost" not in told["parity"]["remote"]


def test_answers_of_anonymous_polls_are_right_for_nobody() -> None:
    log = opened()
    log.joins("1:00", "mei")
    log.say("1:00", "teach", "poll.made", id="q", question=single(["b"]))
    log.say("1:00", "teach", "poll.opened", id="q", round=1)
    log.say("1:10", "mei", "poll.voted", id="q", round=1, answer=["b"], seat="room")
    told = report_of(log.facts)
    assert told.questions[0].rounds[0].right == 1
    assert [(one.answered, one.right, one.right_of) for one in told.people] == [(1, 0, 0)]


def clean(value: Any) -> bool:
    """No null, no number that is none."""
    if isinstance(value, dict):
        return all(clean(inner) for inner in value.values())
    if isinstance(value, list):
        return all(clean(inner) for inner in value)
    return value is not None and value == value and value not in (float("inf"), float("-inf"))


@pytest.mark.parametrize("places", range(1, len(small().facts) + 1))
def test_at_every_place_of_the_log_there_is_a_report(places: int) -> None:
    told = report_of(small().facts[:places])
    assert clean(json.loads(to_json(told)))
    for name in TABLES:
        assert table(told, name) is not None


def test_steps_that_are_neither_page_nor_question_have_what_they_say_as_title() -> None:
    log = opened()
    said = {"note": {"text": "Read this.\nTwice."}, "timer": {"text": "Try", "seconds": 60}, "poll": {"ref": "gone"}}
    for n, kind in enumerate(("note", "timer", "break", "board", "poll")):
        more = said.get(kind, {})
        log.say("1:00", "teach", "slides.inserted", step=f"s{n}", step_kind=kind, pos=float(n), **more)
        log.say("1:00", "teach", "slides.turned", to=f"s{n}")
    told = report_of(log.facts)
    assert [page.title for page in told.pages] == ["Read this.", "Try", "", "", ""]
    assert [page.kind for page in told.pages] == ["note", "timer", "break", "board", "poll"]


def test_a_lesson_that_nobody_came_to_has_no_shares() -> None:
    told = report_of(opened().facts)
    head = json.loads(to_json(told))["headline"]
    assert (head["people"], head["answered"], head["expected"]) == (0, 0, 0)
    assert not {"first", "last"} & head.keys()
    assert told.active.share is None


def test_one_answer_is_enough_for_a_share_and_too_few_for_a_correlation() -> None:
    log = opened()
    log.joins("1:00", "mei")
    for n in (1, 2):
        log.say(f"{n}:00", "teach", "poll.made", id=f"q{n}", question=single(["b"]))
        log.say(f"{n}:00", "teach", "poll.opened", id=f"q{n}", round=1)
        log.say(f"{n}:10", "mei", "poll.voted", id=f"q{n}", round=1, answer=["b"], seat="room")
        log.say(f"{n}:20", "teach", "poll.opened", id=f"q{n}", round=2)
        log.say(f"{n}:30", "mei", "poll.voted", id=f"q{n}", round=2, answer=["a"], seat="room")
    for one in report_of(log.facts).questions:
        assert (one.difficulty, one.discrimination, one.compared) == (1.0, None, 1)
        assert [shift.gain for shift in one.shifts] == [None]  # there was nothing left to gain


def test_a_lesson_opened_the_day_before_and_ended_the_day_after_has_the_hour_in_between() -> None:
    log = Log()
    log.say("0:00", "", "lesson.opened", title="Sets", code="234567")
    log.joins("0:00", "teach", role="teacher")
    log.joins("1:00", "mei")  # tries the link in the evening
    log.say("2:00", "", "member.went", id="mei")
    for n in range(30):
        log.joins(f"{900 + n}:00", f"s{n}")
    log.say("2400:00", "teach", "lesson.ended")
    told = report_of(log.facts)
    assert (told.began, told.until) == (BEGIN + 900 * MINUTE, BEGIN + 929 * MINUTE)
    assert len(told.presence.room) == 30


def test_answers_after_the_end_are_told_apart_and_change_no_other_figure() -> None:
    log = small()
    before = json.loads(to_json(report_of(log.facts)))
    log.say("4000:00", "kim", "poll.answered_late", id="q", answer=["b"])
    log.say("4001:00", "rana", "poll.answered_late", id="q", answer=["c"])
    after = json.loads(to_json(report_of(log.facts)))
    late = after["questions"][0].pop("late")
    assert (late["answered"], late["right"], late["source"][0]["n"]) == (2, 1, 2)
    changed = {key for key in after if after[key] != before[key]}
    assert changed <= {"events", "digest", "kinds"}


def test_an_erased_person_leaves_the_numbers_and_takes_the_name() -> None:
    """The report of an erased log, name by name the same but for what was blanked."""
    taught = teach(seed=6, students=30, pages=6)
    gone = next(f.by for f in taught.facts if f.kind == "questions.asked" and not f.event.anonymous)  # type: ignore[attr-defined]
    name = taught.lesson.people.name(gone)
    changed = {fact.seq: fact for fact in erase(kinds(), taught.facts, gone)}
    before, after = report_of(taught.facts), report_of([changed.get(fact.seq, fact) for fact in taught.facts])
    assert f'"{name}"' in to_json(before).decode()
    assert f'"{name}"' not in to_json(after).decode()
    for part in ("headline", "presence", "parity", "active"):
        assert getattr(before, part) == getattr(after, part), part
    assert [figures(one) for one in before.questions] == [figures(one) for one in after.questions]
    assert [page.lost for page in before.pages] == [page.lost for page in after.pages]
    assert sorted(numbers(one) for one in before.people) == sorted(numbers(one) for one in after.people)


def figures(one: Any) -> list[Any]:
    return [one.difficulty, one.discrimination, *((r.answered, r.missing, r.right) for r in one.rounds)]


def numbers(one: Any) -> tuple[Any, ...]:
    return (one.id, one.minutes, one.answered, one.expected, one.right, one.floor, one.raised, one.asked)


def test_facts_must_come_in_their_order() -> None:
    facts = small().facts
    with pytest.raises(ValueError, match="does not follow"):
        report_of([facts[0], Fact(3, facts[1].at, "", "", facts[1].event)])
