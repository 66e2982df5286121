"""What is said, in writing: who may write it, who sees it where, and what of it goes with a person."""

from __future__ import annotations

import pytest

from mingtang.activities.captions import rules, view
from mingtang.activities.captions.facts import (
    LONGEST_TYPING_MS,
    CaptionsSaid,
    Correct,
    Fail,
    Listen,
    Offer,
    Remove,
    Say,
    Show,
    Type,
)
from mingtang.activities.captions.rules import MOST, PAGE, erase
from mingtang.activities.captions.view import LAST, LAST_OF_STAFF
from mingtang.core.frame import MemberRenamed
from mingtang.core.member import Role
from mingtang.core.text import BLANK
from tests.stage import BEGIN, Stage, kinds_of

WATCHERS = (Role.student, Role.observer, Role.wall)


@pytest.fixture
def stage() -> Stage:
    stage = Stage("captions", rules, view)
    stage.joins("t", role=Role.teacher)
    stage.joins("a", role=Role.assistant)
    stage.joins("ada")
    stage.joins("w", role=Role.wall)
    return stage


def heard(text: str = "Why not two?", member: str = "ada", at: int = BEGIN) -> Say:
    return Say(member=member, track=3, begin=at, end=at + 900, text=text, lang="en")


def test_when_somebody_is_renamed_every_line_may_have_changed() -> None:
    assert rules.touches(MemberRenamed(id="ada", name="Ada B.")) is None


def test_an_assistant_types_and_everybody_reads_it_with_the_time_at_which_it_was_said(stage: Stage) -> None:
    stage.at += 60_000
    assert kinds_of(stage.does("a", Type(text="  Compute the  place. ", took=4_000))) == ["captions.said"]
    line = {"begin": stage.at - 4_000, "end": stage.at, "text": "Compute the place."}
    for role in (Role.teacher, Role.student, Role.observer):
        assert stage.sees(role)["lines"] == {"1": line}


def test_lines_typed_in_one_go_do_not_lie_over_one_another(stage: Stage) -> None:
    for text in ("one", "two", "three"):
        stage.does("a", Type(text=text, took=LONGEST_TYPING_MS))
        stage.at += 2_000
    lines = [stage.sees(Role.student)["lines"][no] for no in ("1", "2", "3")]
    assert [line["begin"] for line in lines[1:]] == [line["end"] for line in lines[:-1]]


def test_students_walls_and_observers_write_nothing(stage: Stage) -> None:
    stage.does("t", Type(text="one"))
    for command in (Type(text="x"), Correct(no=1, text="x"), Remove(no=1), Show(on=True), Listen(on=True), heard()):
        for member in ("ada", "w"):
            assert stage.refuses(member, command) == "not_allowed"
    assert stage.refuses("t", heard()) == "not_allowed", "what a program hears comes from the server alone"


def test_a_line_is_corrected_and_removed(stage: Stage) -> None:
    stage.does("t", Type(text="Compute the plaice."))
    stage.does("t", Type(text="不要找，直接算。"))
    stage.does("a", Correct(no=1, text="Compute the place."))
    lines = stage.sees(Role.student)["lines"]
    assert [lines[no]["text"] for no in ("1", "2")] == ["Compute the place.", "不要找，直接算。"]
    assert lines["2"]["lang"] == "zh"
    assert stage.does("a", Correct(no=1, text="Compute the place.")) == []
    stage.does("a", Remove(no=1))
    assert set(stage.sees(Role.student)["lines"]) == {"2"}
    assert set(stage.sees(Role.student, "captions/0")["lines"]) == {"2"}
    assert stage.refuses("a", Correct(no=1, text="x")) == "unknown_item"
    assert stage.refuses("a", Remove(no=9)) == "unknown_item"


def test_nothing_is_no_line(stage: Stage) -> None:
    assert stage.refuses("t", Type(text="  ")) == "captions.empty"
    stage.does("t", Type(text="one"))
    assert stage.refuses("t", Correct(no=1, text="\u200e ")) == "captions.empty"


def test_the_wall_shows_them_only_when_it_is_to_and_never_who_spoke(stage: Stage) -> None:
    stage.does("", heard())
    assert stage.sees(Role.wall) == {"lines": {}}
    stage.does("t", Show(on=True))
    assert stage.does("t", Show(on=True)) == []
    seen = stage.sees(Role.wall)
    assert seen["wall"] is True
    assert seen["lines"]["1"]["text"] == "Why not two?"
    assert "Ada" not in stage.all_that(Role.wall)
    assert stage.sees(Role.student)["lines"]["1"]["name"] == "Ada"
    assert stage.sees(Role.wall, "captions/0") is None


def test_the_standing_part_holds_the_last_lines_and_the_pages_all(stage: Stage) -> None:
    for n in range(PAGE + 7):
        stage.does("t", Type(text=f"line {n}"))
    assert len(stage.sees(Role.student)["lines"]) == LAST
    assert len(stage.sees(Role.assistant)["lines"]) == LAST_OF_STAFF
    assert str(PAGE + 7) in stage.sees(Role.student)["lines"]
    pages = [stage.sees(Role.student, part)["lines"] for part in ("captions/0", "captions/1")]
    assert [len(page) for page in pages] == [PAGE, 7]
    assert stage.sees(Role.student, "captions/x") is None


def test_a_page_whose_lines_were_all_taken_away_is_still_a_page(stage: Stage) -> None:
    stage.does("t", Type(text="one"))
    stage.does("t", Remove(no=1))
    assert list(view.parts(stage.lesson.states["captions"], Role.student)) == ["captions", "captions/0"]  # type: ignore[arg-type]
    assert stage.sees(Role.student, "captions/0") == {"lines": {}}


def test_a_line_touches_the_last_and_its_page_alone() -> None:
    said = CaptionsSaid(no=PAGE + 1, begin=1, end=2, text="x")
    assert rules.touches(said) == ("captions", "captions/1")


def test_a_program_is_told_to_listen_only_where_there_is_one(stage: Stage) -> None:
    assert stage.refuses("t", Listen(on=True)) == "captions.no_engine"
    stage.does("", Offer(engine="beeps"))
    assert stage.does("", Offer(engine="beeps")) == []
    stage.does("t", Listen(on=True))
    assert stage.sees(Role.teacher) == {"lines": {}, "engine": "beeps", "listening": True}
    for role in WATCHERS:
        assert stage.sees(role) == {"lines": {}}


def test_a_program_that_fails_is_stopped_with_the_reason_and_may_be_told_again(stage: Stage) -> None:
    stage.does("", Offer(engine="beeps"))
    assert stage.does("", Fail(why="failed")) == [], "it was not listening"
    stage.does("t", Listen(on=True))
    stage.does("", Fail(why="slow"))
    assert stage.sees(Role.assistant) == {"lines": {}, "engine": "beeps", "trouble": "slow"}
    stage.does("t", Listen(on=True))
    assert "trouble" not in stage.sees(Role.teacher)
    stage.does("", Offer(engine=""))
    assert stage.sees(Role.teacher) == {"lines": {}, "trouble": "none"}, "a server without one took the lesson over"


def test_a_lesson_holds_so_many_lines_and_no_more(stage: Stage) -> None:
    stage.happens(CaptionsSaid(no=MOST, begin=1, end=2, text="the last"), by="t")
    assert stage.refuses("t", Type(text="one more")) == "captions.full"
    assert stage.does("", heard()) == []


def test_what_a_program_heard_somebody_say_goes_with_him_also_where_it_was_corrected(stage: Stage) -> None:
    stage.does("", heard("I said it."))
    stage.does("t", Correct(no=1, text="I really said it."))
    stage.does("t", Type(text="Two would do, too."))
    stage.does("", heard("So did I.", "t"))
    blanked = {fact.seq: fact.event for fact in erase(stage.log, frozenset({"ada"}))}
    assert [event.text for event in blanked.values()] == [BLANK, BLANK]  # type: ignore[attr-defined]
    log = [fact for fact in stage.log if fact.seq not in blanked]
    assert [f.event.text for f in log if isinstance(f.event, CaptionsSaid)] == ["Two would do, too.", "So did I."]


def test_the_log_alone_gives_the_same_captions(stage: Stage) -> None:
    stage.does("t", Type(text="one"))
    stage.does("", heard())
    stage.does("t", Remove(no=1))
    assert stage.replayed().digest() == stage.lesson.digest()
