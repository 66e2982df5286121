"""A plan laid before the lesson, and the steps that are the stage's own: notes, timers, breaks."""

from __future__ import annotations

import pytest

from mingtang.activities.slides.laying import LaidDeck, LaidPage, LaidStep, Lay
from mingtang.activities.slides.rules import Insert, PutCover, Turn
from mingtang.activities.slides.test_slides import Stage
from mingtang.core.event import Refused
from mingtang.core.frame import StepTurned
from mingtang.core.member import SERVER, Role

LAID = [
    LaidStep(id="n", kind="note", text="Today: sets", note="Say hello."),
    LaidStep(id="p1", kind="page", page=LaidPage(deck="d", page=2, asset="a" * 32, width=16, height=9, title="Sets")),
    LaidStep(id="q", kind="poll", ref="q"),
    LaidStep(id="p2", kind="page", page=LaidPage(deck="d", page=2, asset="b" * 32, width=16, height=9, title="Again")),
    LaidStep(id="b", kind="break", text="Coffee", seconds=300),
]
LAY = Lay(decks=[LaidDeck(id="d", name="Sets.pdf")], steps=LAID)


def test_a_plan_is_laid_in_its_order_and_the_wall_waits_with_the_code():
    stage = Stage()
    stage.do(LAY, SERVER)
    assert stage.order() == ["n", "Sets", "q", "Again", "b"]
    seen = stage.see()
    assert (seen["now"], seen["cover"], seen["deck"]["state"]) == ({"step": "n", "kind": "note"}, "code", "ready")
    assert stage.see(part="slides/notes")["notes"] == {"n": "Say hello."}
    assert set(stage.see(Role.student)["steps"]) == {"n"}


def test_a_plan_is_laid_once_and_only_where_there_is_nothing_yet():
    stage = Stage()
    stage.do(LAY, SERVER)
    assert stage.do(LAY, SERVER) == []


@pytest.mark.parametrize(
    "steps",
    [
        [LaidStep(id="n", kind="note")],
        [LaidStep(id="t", kind="timer")],
        [LaidStep(id="q", kind="poll")],
        [LaidStep(id="w", kind="board", text="no")],
        [LaidStep(id="p", kind="page")],
        [LaidStep(id="w", kind="board"), LaidStep(id="w", kind="board")],
    ],
)
def test_what_no_editor_makes_is_not_laid(steps: list[LaidStep]):
    with pytest.raises(Refused, match="bad_shape"):
        Stage().do(Lay(decks=[], steps=steps), SERVER)


def test_turning_to_a_clock_starts_it_and_turning_away_does_not():
    stage = Stage()
    stage.do(LAY, SERVER)
    assert stage.do(Turn(to="b"))[0] == StepTurned(to="b", seconds=300, label="Coffee")
    assert stage.do(Turn(to="n")) == [StepTurned(to="n")]


def test_a_clock_behind_the_code_of_the_beginning_starts_when_it_is_seen():
    stage = Stage()
    stage.do(Lay(decks=[], steps=[LaidStep(id="t", kind="timer", seconds=60)]), SERVER)
    assert StepTurned(to="t", seconds=60) not in [fact.event for fact in stage.log]
    assert stage.do(PutCover(to=""))[0] == StepTurned(to="t", seconds=60)
    stage.do(PutCover(to="code"))
    assert [type(event).__name__ for event in stage.do(PutCover(to=""))] == ["StageCovered"], "it runs already"


def test_staff_put_notes_and_clocks_between_the_steps():
    stage = Stage()
    stage.do(Insert(id="n", kind="note", text="Read page 3."))
    stage.do(Insert(id="t", kind="timer", seconds=60, text="Pairs", after="n"))
    assert [stage.see()["steps"][id].get("text") for id in ("n", "t")] == ["Read page 3.", "Pairs"]
    for wrong in (Insert(id="x", kind="note"), Insert(id="x", kind="break"), Insert(id="x", kind="page")):
        with pytest.raises(Refused, match="bad_shape"):
            stage.do(wrong)
