"""Stars and notes: kept whole, limited, and nobody's business but the writer's."""

from __future__ import annotations

import pytest

from mingtang.activities.notes import rules, view
from mingtang.activities.notes.rules import MOST_EDITS, MOST_SIGNS, MOST_STEPS, Star, Unstar, Write
from mingtang.core.member import Role
from tests.stage import Stage, kinds_of


@pytest.fixture
def stage() -> Stage:
    stage = Stage("notes", rules, view)
    stage.joins("t", role=Role.teacher)
    for member in ("ada", "ben"):
        stage.joins(member)
    return stage


def test_a_star_is_put_once_and_taken_away(stage: Stage) -> None:
    assert kinds_of(stage.does("ada", Star(page="p1"))) == ["notes.starred"]
    assert stage.does("ada", Star(page="p1")) == []
    assert stage.mine("ada") == {"stars": {"p1": True}}
    assert kinds_of(stage.does("ada", Unstar(page="p1"))) == ["notes.unstarred"]
    assert stage.does("ada", Unstar(page="p1")) == []
    assert stage.mine("ada") == {}


def test_a_note_is_written_whole_and_an_empty_one_takes_it_away(stage: Stage) -> None:
    stage.does("ada", Write(page="p1", text="first"))
    assert kinds_of(stage.does("ada", Write(page="p1", text="first\n\n- second"))) == ["notes.written"]
    assert stage.mine("ada") == {"texts": {"p1": "first\n\n- second"}}
    stage.does("ada", Write(page="p1", text="  \n"))
    assert stage.mine("ada") == {}


def test_the_same_note_again_leaves_no_event(stage: Stage) -> None:
    stage.does("ada", Write(page="p1", text="same"))
    assert stage.does("ada", Write(page="p1", text="same  ")) == []
    assert stage.does("ada", Write(page="p2", text="")) == []


def test_what_cannot_be_seen_is_not_kept_but_lines_and_indents_are(stage: Stage) -> None:
    stage.does("ada", Write(page="p1", text="a\r\n\tb\u202e\x00c"))
    assert stage.mine("ada")["texts"] == {"p1": "a\n\tbc"}


def test_nobody_but_the_writer_is_told_anything(stage: Stage) -> None:
    stage.does("ada", Write(page="p1", text="quite private"))
    stage.does("ada", Star(page="p1"))
    assert "quite private" not in stage.all_that(*Role)
    assert all(stage.lesson.views(role).keys().isdisjoint({"notes", "notes/p1"}) for role in Role)
    assert all(stage.sees(role, part) is None for role in Role for part in ("notes", "notes/ada"))
    assert stage.mine("ben") == {} == stage.mine("t")


def test_staff_have_no_notes_here(stage: Stage) -> None:
    assert stage.refuses("t", Write(page="p1", text="x")) == "not_allowed"
    assert stage.refuses("t", Star(page="p1")) == "not_allowed"


def test_what_is_full_takes_nothing_longer_and_can_be_shortened(stage: Stage) -> None:
    for n in range(MOST_SIGNS // 4000):
        stage.does("ada", Write(page=f"p{n}", text="x" * 4000))
    assert stage.refuses("ada", Write(page="more", text="y")) == "notes.full"
    stage.does("ada", Write(page="p0", text="short"))
    assert kinds_of(stage.does("ada", Write(page="more", text="y"))) == ["notes.written"]


def test_neither_steps_nor_edits_are_without_end(stage: Stage) -> None:
    for n in range(MOST_STEPS):
        stage.does("ada", Write(page=f"p{n}", text="x"))
        stage.does("ada", Star(page=f"p{n}"))
    assert stage.refuses("ada", Write(page="more", text="y")) == "notes.full"
    assert stage.refuses("ada", Star(page="more")) == "notes.too_many"
    stage.lesson.states["notes"].sheets["ada"].edits = MOST_EDITS
    assert stage.refuses("ada", Write(page="p0", text="longer")) == "notes.full"
    assert kinds_of(stage.does("ada", Write(page="p0", text=""))) == ["notes.written"]


def test_the_log_alone_gives_the_same_sheets(stage: Stage) -> None:
    stage.does("ada", Write(page="p1", text="one"))
    stage.does("ben", Star(page="p2"))
    stage.does("ada", Write(page="p1", text="two"))
    assert stage.replayed().mine("ada") == stage.lesson.mine("ada")
    assert stage.replayed().mine("ben") == stage.lesson.mine("ben")
