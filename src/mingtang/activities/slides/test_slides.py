"""The steps of a lesson: their order, what is on the stage, and what students may know of what has not been shown."""

from __future__ import annotations

from itertools import count
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mingtang.activities.slides import rules, strategies, view
from mingtang.activities.slides.rules import (
    AddPage,
    BeginDeck,
    Drop,
    FailDeck,
    Insert,
    LetAhead,
    Move,
    PutCover,
    Restore,
    State,
    Turn,
    WriteNote,
)
from mingtang.core.activity import Act
from mingtang.core.event import Command, Event, Fact, Refused
from mingtang.core.member import SERVER, Member, People, Role, Seat

TEACHER = Member("t", "Ada", Role.teacher, Seat.room, 0)
STUDENT = Member("s", "Mei", Role.student, Seat.remote, 0)


class Stage:
    """The activity alone, with its log."""

    def __init__(self) -> None:
        self.state = State()
        self.log: list[Fact] = []
        self.seeds = count(1)

    def do(self, command: Command, by: Member = TEACHER) -> list[Event]:
        events = list(rules.decide(self.state, command, Act(by, len(self.log), next(self.seeds), People())))
        for event in events:
            self.log.append(Fact(len(self.log) + 1, 0, by.id, "c", event))
            rules.fold(self.state, event, self.log[-1])
        return events

    def see(self, role: Role = Role.teacher, part: str = "slides") -> Any:
        return view.view(self.state, role, part, People())

    def order(self, role: Role = Role.teacher) -> list[str]:
        steps = self.see(role)["steps"]
        return [steps[s].get("title") or s for s in sorted(steps, key=lambda s: (steps[s]["pos"], s))]

    def page(self, n: int) -> str:
        return next(i for i, s in self.state.steps.items() if s.page == n)

    def now(self) -> str:
        step = self.state.steps[self.state.now]
        return step.title or self.state.now


def draw(stage: Stage, *pages: int, deck: str = "d1", of: int = 4) -> None:
    stage.do(BeginDeck(deck=deck, name="Sets.pdf", pages=of), SERVER)
    for n in pages:
        title = f"{deck} page {n}"
        stage.do(AddPage(deck=deck, page=n, asset=asset(deck, n), width=1600, height=900, title=title), SERVER)


def asset(deck: str, page: int) -> str:
    return f"{sum(deck.encode()) * 100 + page:032x}"


@pytest.fixture
def stage() -> Stage:
    made = Stage()
    draw(made, 1, 2, 3, 4)
    return made


def test_the_first_page_drawn_is_on_the_stage_before_the_deck_is_done() -> None:
    stage = Stage()
    draw(stage, 1)
    assert stage.now() == "d1 page 1"
    assert stage.see()["deck"] == {"id": "d1", "name": "Sets.pdf", "pages": 4, "drawn": 1, "state": "reading"}


def test_a_deck_is_ready_when_its_last_page_is_drawn(stage: Stage) -> None:
    assert stage.see()["deck"]["state"] == "ready"


def test_a_page_drawn_twice_is_one_step(stage: Stage) -> None:
    again = AddPage(deck="d1", page=2, asset="0" * 32, width=1, height=1)
    assert stage.do(again, SERVER) == []


def test_the_notes_that_a_page_brings_are_its_speakers_notes() -> None:
    stage = Stage()
    stage.do(BeginDeck(deck="d1", name="hash.pptx", pages=1), SERVER)
    stage.do(AddPage(deck="d1", page=1, asset="0" * 32, width=16, height=9, notes="Ask first."), SERVER)
    assert stage.see(part="slides/notes")["notes"] == {stage.page(1): "Ask first."}


def test_pages_that_arrive_out_of_order_stand_in_order() -> None:
    stage = Stage()
    draw(stage, 1, 4, 2, 3)
    assert stage.order() == ["d1 page 1", "d1 page 2", "d1 page 3", "d1 page 4"]


def test_a_page_outside_its_deck_and_a_page_of_no_deck_are_refused(stage: Stage) -> None:
    for deck, page in (("d1", 5), ("d7", 1)):
        with pytest.raises(Refused, match="unknown_item"):
            stage.do(AddPage(deck=deck, page=page, asset="0" * 32, width=1, height=1), SERVER)


def test_a_deck_that_fails_says_why_and_keeps_the_pages_it_had() -> None:
    stage = Stage()
    draw(stage, 1, 2)
    stage.do(FailDeck(deck="d1", code="deck.broken", params={"page": 3}), SERVER)
    assert (
        stage.see()["deck"] | {"state": "failed", "code": "deck.broken", "params": {"page": 3}} == stage.see()["deck"]
    )
    assert len(stage.order()) == 2


def test_a_second_deck_stands_behind_the_first_and_leaves_the_stage_alone(stage: Stage) -> None:
    draw(stage, 1, 2, deck="d2", of=2)
    assert stage.order()[3:] == ["d1 page 4", "d2 page 1", "d2 page 2"]
    assert stage.now() == "d1 page 1"
    assert stage.see()["deck"]["id"] == "d2"


def test_a_board_put_behind_a_page_stays_there_while_the_next_pages_arrive() -> None:
    stage = Stage()
    draw(stage, 1)
    stage.do(Insert(id="b1", kind="board", after=stage.page(1)))
    stage.do(Insert(id="end", kind="board"))
    draw(stage, 2, 3, 4)
    assert stage.order() == ["d1 page 1", "b1", "d1 page 2", "d1 page 3", "d1 page 4", "end"]


def test_each_of_two_hundred_boards_finds_room_right_behind_the_same_page(stage: Stage) -> None:
    for n in range(200):
        stage.do(Insert(id=f"b{n}", kind="board", after=stage.page(2)))
    boards = [f"b{n}" for n in reversed(range(200))]
    assert stage.order() == ["d1 page 1", "d1 page 2", *boards, "d1 page 3", "d1 page 4"]
    assert len({s.pos for s in stage.state.steps.values()}) == 204


def test_a_question_names_what_it_asks_and_a_board_names_nothing(stage: Stage) -> None:
    stage.do(Insert(id="q", kind="poll", ref="p1"))
    assert stage.see()["steps"]["q"]["ref"] == "p1"
    for kind, ref in (("poll", None), ("board", "p1")):
        with pytest.raises(Refused, match="bad_shape"):
            stage.do(Insert(id="x", kind=kind, ref=ref))


def test_the_wire_calls_the_kind_of_a_step_kind() -> None:
    told = msgspec.json.decode(b'{"id":"q","kind":"poll","ref":"p1","after":"b1"}', type=Insert)
    assert told == Insert(id="q", kind="poll", ref="p1", after="b1")


def test_a_step_moves_behind_another_or_to_the_front(stage: Stage) -> None:
    stage.do(Move(step=stage.page(1), after=stage.page(3)))
    assert stage.order() == ["d1 page 2", "d1 page 3", "d1 page 1", "d1 page 4"]
    stage.do(Move(step=stage.page(4)))
    assert stage.order()[0] == "d1 page 4"


def test_moving_a_step_to_where_it_is_says_nothing(stage: Stage) -> None:
    assert stage.do(Move(step=stage.page(2), after=stage.page(1))) == []
    assert stage.do(Move(step=stage.page(1))) == []
    assert stage.do(Move(step=stage.page(1), after=stage.page(1))) == []


def test_dropping_the_step_on_the_stage_goes_back_to_the_one_before(stage: Stage) -> None:
    stage.do(Turn(to=stage.page(2)))
    stage.do(Drop(step=stage.page(2)))
    assert stage.now() == "d1 page 1"
    assert stage.order(Role.student) == ["d1 page 1"]


def test_a_dropped_step_comes_back_to_its_place_with_its_notes(stage: Stage) -> None:
    page = stage.page(2)
    stage.do(WriteNote(step=page, text="slowly"))
    before = stage.see(), stage.see(part="slides/notes")
    stage.do(Drop(step=page))
    assert page not in stage.see()["steps"]
    assert stage.see(part="slides/notes") == {"notes": {}}
    stage.do(Restore(step=page))
    assert (stage.see(), stage.see(part="slides/notes")) == before


def test_the_only_step_can_be_dropped_and_comes_back_on_the_stage() -> None:
    stage = Stage()
    stage.do(Insert(id="b1", kind="board"))
    stage.do(Drop(step="b1"))
    assert "now" not in stage.see()
    stage.do(Restore(step="b1"))
    assert stage.see()["now"] == {"step": "b1", "kind": "board"}


def test_the_wall_waits_with_the_code_until_the_lesson_begins_and_no_later_deck_covers_it() -> None:
    stage = Stage()
    draw(stage, 1, 2)
    assert (stage.see()["cover"], stage.now()) == ("code", "d1 page 1")
    stage.do(PutCover(to=""))
    draw(stage, 1, deck="d2")
    assert stage.see()["cover"] == ""


def test_turning_takes_the_cover_away_and_turning_to_the_same_step_says_nothing(stage: Stage) -> None:
    stage.do(PutCover(to="black"))
    assert stage.do(Turn(to=stage.page(1))) == []
    stage.do(Turn(to=stage.page(2)))
    assert stage.see()["cover"] == ""
    assert stage.now() == "d1 page 2"


def test_what_is_not_there_cannot_be_turned_to_moved_dropped_or_noted(stage: Stage) -> None:
    for wish in (Turn(to="x"), Move(step="x"), Drop(step="x"), Restore(step="x"), WriteNote(step="x", text="a")):
        with pytest.raises(Refused, match="unknown_item"):
            stage.do(wish)
    with pytest.raises(Refused, match="unknown_item"):
        stage.do(Insert(id="b1", kind="board", after="x"))


def test_students_and_the_wall_see_what_was_shown_and_the_next_picture_only(stage: Stage) -> None:
    stage.do(Turn(to=stage.page(2)))
    for role in (Role.student, Role.observer, Role.wall):
        assert stage.order(role) == ["d1 page 1", "d1 page 2"]
        assert stage.see(role)["next"] == {"asset": asset("d1", 3)}
        assert "deck" not in stage.see(role)


def test_the_title_of_a_page_not_shown_does_not_leak(stage: Stage) -> None:
    hidden = set(view.secrets(stage.state))
    assert {"d1 page 2", "d1 page 3", "d1 page 4", asset("d1", 4)} <= hidden
    for role in (Role.student, Role.observer, Role.wall):
        said = msgspec.json.encode(stage.see(role)).decode()
        assert not [text for text in hidden if text in said]


def test_a_jump_shows_all_that_lies_before_and_going_back_hides_nothing(stage: Stage) -> None:
    stage.do(Turn(to=stage.page(3)))
    stage.do(Turn(to=stage.page(1)))
    assert stage.order(Role.student) == ["d1 page 1", "d1 page 2", "d1 page 3"]


def test_a_question_prepared_between_shown_pages_is_hidden_until_it_is_asked(stage: Stage) -> None:
    stage.do(Turn(to=stage.page(3)))
    stage.do(Insert(id="q", kind="poll", ref="p1", after=stage.page(1)))
    assert "q" not in stage.see(Role.student)["steps"]
    stage.do(Turn(to="q"))
    assert stage.see(Role.student)["now"] == {"step": "q", "kind": "poll", "ref": "p1"}


def test_looking_ahead_opens_pages_for_students_but_no_question_and_not_the_wall(stage: Stage) -> None:
    stage.do(Insert(id="q", kind="poll", ref="p1"))
    stage.do(LetAhead(allowed=True))
    assert stage.order(Role.student) == ["d1 page 1", "d1 page 2", "d1 page 3", "d1 page 4"]
    assert stage.order(Role.wall) == ["d1 page 1"]
    stage.do(LetAhead(allowed=False))
    assert stage.order(Role.student) == ["d1 page 1"]


def test_notes_are_for_staff_alone(stage: Stage) -> None:
    stage.do(WriteNote(step=stage.page(1), text="say it twice"))
    assert stage.see(Role.assistant, "slides/notes") == {"notes": {stage.page(1): "say it twice"}}
    for role in (Role.student, Role.observer, Role.wall):
        assert stage.see(role, "slides/notes") is None
        assert "say it twice" not in str(stage.see(role))
    stage.do(WriteNote(step=stage.page(1), text=""))
    assert stage.see(part="slides/notes") == {"notes": {}}


def test_only_staff_and_the_server_have_a_right_to_any_of_it() -> None:
    for command in rules.commands:
        assert command.roles <= {Role.teacher, Role.assistant}
    for command in (BeginDeck, AddPage, FailDeck):
        assert not command.roles


def test_only_staff_may_point_and_only_at_the_page() -> None:
    def say(data: Any, by: Member = TEACHER, topic: str = "slides") -> bool:
        return rules.relay(State(), by, topic, data)

    assert say({"x": 0.5, "y": 1})
    assert say({})
    assert not say({"x": 0.5, "y": 0.5}, STUDENT)
    assert not say({"x": 0.5, "y": 0.5}, topic="slides/notes")
    for bad in ({"x": 2, "y": 0}, {"x": 0.5}, {"x": True, "y": 0}, {"x": "0", "y": 0}, {"x": 0, "z": 0}, [1, 2], "x"):
        assert not say(bad)
    assert not say({"x": float("nan"), "y": 0})


def test_a_lesson_has_no_more_steps_than_it_can_carry(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rules, "MOST_STEPS", 6)
    stage.do(Insert(id="b1", kind="board"))
    with pytest.raises(Refused, match=r"slides\.too_many"):
        stage.do(BeginDeck(deck="d2", name="More.pdf", pages=2), SERVER)
    draw(stage, deck="d2", of=1)
    with pytest.raises(Refused, match=r"slides\.too_many"):
        stage.do(Insert(id="b2", kind="board"))


@given(st.lists(strategies.commands([]), max_size=40), st.sampled_from(["b1", "b2", "b3", "b4"]))
def test_restoring_what_was_dropped_brings_back_the_same_steps(wishes: list[Command], step: str) -> None:
    stage = Stage()
    for wish in wishes:
        try:
            stage.do(wish)
        except Refused:
            pass
    before = stage.see()["steps"]
    if step in before:
        stage.do(Drop(step=step))
        stage.do(Restore(step=step))
    assert stage.see()["steps"] == before


@given(st.lists(strategies.commands([]), max_size=60))
def test_everyone_sees_the_step_on_the_stage_and_nobody_but_staff_a_secret(wishes: list[Command]) -> None:
    stage = Stage()
    for wish in wishes:
        try:
            stage.do(wish)
        except Refused:
            pass
        for role in (Role.student, Role.wall):
            seen = stage.see(role)
            assert seen.get("now", {}).get("step", "") == stage.state.now
            assert not stage.state.now or stage.state.now in seen["steps"]
            assert not [text for text in view.secrets(stage.state) if text in msgspec.json.encode(seen).decode()]
