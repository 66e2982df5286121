"""Lost, slower, faster: what is counted, what fades, and that nobody learns whose mark it is."""

from __future__ import annotations

import pytest

from mingtang.activities.pace import rules, view
from mingtang.activities.pace.rules import FADES, MOST_PAGES, SPAN, MarkPage, UnmarkPage
from mingtang.core.member import Role
from tests.stage import Stage, kinds_of


@pytest.fixture
def stage() -> Stage:
    stage = Stage("pace", rules, view)
    stage.joins("t", role=Role.teacher)
    for member in ("ada", "ben", "cai"):
        stage.joins(member)
    return stage


def marked(stage: Stage, page: str = "p1", mark: str = "lost") -> int:
    """All marks of the page that are still counted in some span."""
    return sum(stage.sees(Role.teacher, f"pace/on/{page}").get(mark, {}).values())


def test_a_mark_is_put_once_and_taken_away(stage: Stage) -> None:
    assert kinds_of(stage.does("ada", MarkPage(page="p1", mark="lost"))) == ["pace.marked"]
    assert stage.does("ada", MarkPage(page="p1", mark="lost")) == []
    assert marked(stage) == 1
    assert kinds_of(stage.does("ada", UnmarkPage(page="p1", mark="lost"))) == ["pace.unmarked"]
    assert stage.does("ada", UnmarkPage(page="p1", mark="lost")) == []
    assert marked(stage) == 0


def test_a_page_has_its_own_marks(stage: Stage) -> None:
    stage.does("ada", MarkPage(page="p1", mark="lost"))
    stage.does("ada", MarkPage(page="p2", mark="lost"))
    stage.does("ada", UnmarkPage(page="p2", mark="lost"))
    assert (marked(stage, "p1"), marked(stage, "p2")) == (1, 0)
    assert stage.sees(Role.teacher, "pace/on/p9") == {}


def test_slower_and_faster_exclude_each_other_and_lost_stands_beside_them(stage: Stage) -> None:
    stage.does("ada", MarkPage(page="p1", mark="lost"))
    stage.does("ada", MarkPage(page="p1", mark="slower"))
    stage.does("ada", MarkPage(page="p1", mark="faster"))
    assert [marked(stage, mark=m) for m in ("lost", "slower", "faster")] == [1, 0, 1]
    assert set(stage.mine("ada")["pages"]["p1"]) == {"lost", "faster"}


def test_marks_are_counted_in_spans_so_that_the_screen_can_let_them_fade(stage: Stage) -> None:
    stage.at -= stage.at % SPAN
    stage.does("ada", MarkPage(page="p1", mark="lost"))
    stage.at += SPAN - 1
    stage.does("ben", MarkPage(page="p1", mark="lost"))
    stage.at += 1
    stage.does("cai", MarkPage(page="p1", mark="lost"))
    span = stage.at // SPAN
    assert stage.sees(Role.teacher, "pace/on/p1") == {"lost": {str(span - 1): 2, str(span): 1}}


def test_a_faded_mark_can_be_put_anew_and_counts_once(stage: Stage) -> None:
    stage.does("ada", MarkPage(page="p1", mark="lost"))
    stage.at += FADES
    assert kinds_of(stage.does("ada", MarkPage(page="p1", mark="lost"))) == ["pace.marked"]
    assert marked(stage) == 1
    assert stage.mine("ada") == {"pages": {"p1": {"lost": stage.at}}}


def test_taking_away_a_mark_long_faded_leaves_the_newer_ones_of_others(stage: Stage) -> None:
    stage.does("ada", MarkPage(page="p1", mark="lost"))
    stage.at += 2 * FADES
    stage.does("ben", MarkPage(page="p1", mark="lost"))
    stage.does("ada", UnmarkPage(page="p1", mark="lost"))
    assert marked(stage) == 1


def test_a_page_never_holds_more_spans_than_fit_before_fading(stage: Stage) -> None:
    for n in range(100):
        stage.joins(f"s{n}")
        stage.does(f"s{n}", MarkPage(page="p1", mark="lost"))
        stage.at += SPAN
    assert len(stage.sees(Role.teacher, "pace/on/p1")["lost"]) == FADES // SPAN + 1


def test_the_sums_count_each_student_once_however_often_he_was_lost(stage: Stage) -> None:
    for member in ("ada", "ben"):
        for _ in range(2):
            stage.does(member, MarkPage(page="p1", mark="lost"))
            stage.at += 60_000
            stage.does(member, UnmarkPage(page="p1", mark="lost"))
    assert stage.sees(Role.teacher, "pace/pages") == {"pages": {"p1": {"lost": 2}}}


def test_a_slip_of_the_thumb_taken_back_at_once_is_not_in_the_sums(stage: Stage) -> None:
    stage.does("ada", MarkPage(page="p1", mark="lost"))
    stage.at += 3_000
    stage.does("ada", UnmarkPage(page="p1", mark="lost"))
    assert stage.sees(Role.teacher, "pace/pages") == {"pages": {"p1": {}}}


def test_only_staff_see_counts_and_nobody_sees_whose_they_are(stage: Stage) -> None:
    stage.does("ada", MarkPage(page="p1", mark="lost"))
    for role in (Role.student, Role.observer, Role.wall):
        assert stage.sees(role) is None
        assert stage.sees(role, "pace/pages") is None
        assert stage.sees(role, "pace/on/p1") is None
    assert "ada" not in stage.all_that(*Role).lower()
    assert stage.mine("ben") == {}


def test_teachers_and_walls_have_no_marks_to_put(stage: Stage) -> None:
    assert stage.refuses("t", MarkPage(page="p1", mark="lost")) == "not_allowed"


def test_nobody_can_fill_the_server_with_pages_that_do_not_exist(stage: Stage) -> None:
    for n in range(MOST_PAGES):
        stage.does("ada", MarkPage(page=f"x{n}", mark="lost"))
    assert stage.refuses("ada", MarkPage(page="one-more", mark="lost")) == "pace.too_many"
    assert stage.does("ada", MarkPage(page="x0", mark="slower")) != []
    assert stage.does("ben", MarkPage(page="p1", mark="lost")) != []


def test_the_log_alone_gives_the_same_marks(stage: Stage) -> None:
    for member, mark in (("ada", "lost"), ("ben", "slower"), ("ada", "faster")):
        stage.does(member, MarkPage(page="p1", mark=mark))
        stage.at += 40_000
    assert stage.replayed().digest() == stage.lesson.digest()
