"""The queue of hands: who may do what, who sees what, and in which order hands are taken."""

from __future__ import annotations

from random import Random
from statistics import median

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mingtang.activities.hands import rules, view
from mingtang.activities.hands.queue import PATIENCE, Hand, next_up, put, take
from mingtang.activities.hands.rules import Done, Lower, LowerAll, PutDown, Raise, Take, Undo
from mingtang.core.event import Fact
from mingtang.core.frame import (
    MediaEntered,
    MemberCame,
    MemberPromoted,
    MemberRemoved,
    MemberRenamed,
    MemberSeated,
    MemberWent,
)
from mingtang.core.member import Role, Seat
from tests.stage import Stage, kinds_of

EVERYBODY_ELSE = (Role.student, Role.observer, Role.wall)


@pytest.fixture
def stage() -> Stage:
    stage = Stage("hands", rules, view)
    stage.joins("t", role=Role.teacher)
    for member in ("ada", "ben", "cai"):
        stage.joins(member)
    for member in ("rui", "sam"):
        stage.joins(member, seat=Seat.remote)
    return stage


def raise_all(stage: Stage, *members: str) -> None:
    for member in members:
        stage.does(member, Raise())
        stage.at += 1000


def queue(stage: Stage) -> list[str]:
    line = stage.sees(Role.teacher)["line"]
    return sorted(line, key=lambda m: line[m]["place"])


def place(stage: Stage, member: str) -> int | None:
    """As the student's screen finds it: the own ticket in the line that all see."""
    return stage.sees(Role.student)["line"].get(str(stage.mine(member).get("ticket", 0)))


def test_a_hand_goes_up_once_and_down_again(stage: Stage) -> None:
    assert kinds_of(stage.does("ada", Raise())) == ["hands.raised"]
    assert stage.does("ada", Raise()) == []
    assert stage.sees(Role.teacher)["up"] == {"room": 1, "remote": 0}
    assert kinds_of(stage.does("ada", Lower())) == ["hands.lowered"]
    assert stage.does("ada", Lower()) == []
    assert stage.sees(Role.teacher)["line"] == {}


def test_hands_of_one_seat_are_taken_in_the_order_they_went_up(stage: Stage) -> None:
    raise_all(stage, "ben", "cai", "ada")
    taken = [stage.does("t", Take())[0].member for _ in range(3)]
    assert taken == ["ben", "cai", "ada"]
    assert stage.refuses("t", Take()) == "hands.none_up"


def test_everyone_finds_the_own_place_in_what_all_see(stage: Stage) -> None:
    raise_all(stage, "ada", "rui", "ben")
    assert [place(stage, m) for m in ("ada", "rui", "ben", "cai")] == [1, 2, 3, None]
    before = {m: stage.mine(m) for m in ("rui", "ben")}
    stage.does("t", Take())
    assert [place(stage, m) for m in ("ada", "rui", "ben")] == [None, 1, 2]
    assert before == {m: stage.mine(m) for m in ("rui", "ben")}, "a taking is no private news to those who wait"


def test_a_named_hand_may_be_taken_out_of_turn(stage: Stage) -> None:
    raise_all(stage, "ada", "ben")
    stage.does("t", Take(member="ben"))
    assert stage.sees(Role.teacher)["speaking"]["id"] == "ben"
    assert queue(stage) == ["ada"]
    assert stage.refuses("t", Take(member="ben")) == "hands.not_up"
    assert stage.refuses("t", Take(member="nobody")) == "hands.not_up"


def test_the_next_one_taken_ends_the_floor_of_the_one_before(stage: Stage) -> None:
    raise_all(stage, "ada", "ben")
    stage.does("t", Take())
    stage.does("t", Take())
    assert stage.sees(Role.student)["speaking"]["name"] == "Ben"
    stage.does("t", Done())
    assert "speaking" not in stage.sees(Role.student)
    assert stage.does("t", Done()) == []


def test_a_student_may_end_his_own_floor_only(stage: Stage) -> None:
    raise_all(stage, "ada")
    stage.does("t", Take())
    assert stage.refuses("ben", Done()) == "not_allowed"
    assert kinds_of(stage.does("ada", Done())) == ["hands.done"]


def test_a_student_cannot_take_or_put_down_anybody(stage: Stage) -> None:
    raise_all(stage, "ada")
    for command in (Take(), PutDown(member="ada"), LowerAll(), Undo()):
        assert stage.refuses("ben", command) == "not_allowed"


def test_who_speaks_is_named_to_students_but_not_on_the_wall(stage: Stage) -> None:
    raise_all(stage, "rui")
    stage.does("t", Take())
    assert stage.sees(Role.student)["speaking"]["name"] == "Rui"
    assert stage.sees(Role.student)["speaking"]["ticket"] == stage.mine("rui")["ticket"]
    assert stage.sees(Role.wall)["speaking"] == {"seat": "remote", "since": stage.at}


def test_nobody_but_staff_sees_who_waits(stage: Stage) -> None:
    raise_all(stage, "ada", "rui")
    seen = stage.all_that(*EVERYBODY_ELSE)
    assert not any(word in seen for word in ("ada", "Ada", "rui", "Rui"))
    assert stage.sees(Role.student, "hands/list") is None
    assert stage.sees(Role.wall) == {"up": {"room": 1, "remote": 1}}


def test_a_taking_undone_gives_the_hand_its_place_and_the_floor_back(stage: Stage) -> None:
    raise_all(stage, "ada", "ben", "cai")
    stage.does("t", Take())
    before = stage.sees(Role.teacher)
    stage.does("t", Take())
    stage.does("t", Undo())
    after = stage.sees(Role.teacher)
    assert after["speaking"] == before["speaking"]
    assert after["line"] == before["line"]
    assert after["parity"] == before["parity"]
    assert stage.does("t", Undo()) == [], "one step back, not two"


def test_lowering_all_can_be_undone_and_newer_hands_stay(stage: Stage) -> None:
    raise_all(stage, "ada", "ben", "rui")
    stage.does("t", LowerAll())
    assert stage.mine("ada").get("raised") is None
    raise_all(stage, "ben")
    stage.does("t", Undo())
    assert queue(stage) == ["ada", "rui", "ben"]
    assert stage.does("t", LowerAll()) != []
    assert stage.does("t", LowerAll()) == []


def test_a_hand_put_down_by_staff_can_be_put_back(stage: Stage) -> None:
    raise_all(stage, "ada", "ben")
    stage.does("t", PutDown(member="ada"))
    assert queue(stage) == ["ben"]
    assert stage.sees(Role.teacher)["undo"] == "lowered"
    stage.does("t", Undo())
    assert queue(stage) == ["ada", "ben"]
    assert stage.does("t", PutDown(member="nobody")) == []


def test_who_is_away_keeps_the_place_but_is_passed_over(stage: Stage) -> None:
    raise_all(stage, "ada", "ben")
    stage.happens(MemberWent(id="ada"))
    assert queue(stage) == ["ben"]
    assert stage.sees(Role.teacher)["away"] == 1
    assert stage.sees(Role.teacher, "hands/list")["hands"]["ada"]["away"] is True
    assert stage.sees(Role.wall)["up"] == {"room": 1, "remote": 0}
    stage.happens(MemberCame(id="ada"))
    assert queue(stage) == ["ada", "ben"]


def test_who_is_away_is_taken_when_nobody_else_is_left(stage: Stage) -> None:
    raise_all(stage, "ada")
    stage.happens(MemberWent(id="ada"))
    assert stage.does("t", Take())[0].member == "ada"


@pytest.mark.parametrize("gone", [MemberRemoved(id="ada"), MemberPromoted(id="ada", role=Role.assistant)])
def test_who_is_sent_out_or_promoted_has_no_hand_and_no_floor_and_undo_does_not_bring_them(
    stage: Stage, gone: MemberRemoved | MemberPromoted
) -> None:
    raise_all(stage, "ada", "ben")
    stage.does("t", Take())
    stage.happens(gone)
    assert "speaking" not in stage.sees(Role.teacher)
    assert stage.does("t", Undo()) == []
    assert queue(stage) == ["ben"]


def comes_on_the_stage(stage: Stage, member: str, group: int = 0) -> None:
    stage.happens(MediaEntered(place=1, group=group), by=member)


def test_who_comes_on_the_stage_has_been_called_so_his_hand_is_down_and_its_wait_counts(stage: Stage) -> None:
    raise_all(stage, "rui", "ada")
    stage.at += 20_000
    comes_on_the_stage(stage, "rui")
    assert queue(stage) == ["ada"]
    assert stage.sees(Role.wall) == {"up": {"room": 1, "remote": 0}}
    assert "raised" not in stage.mine("rui")
    assert stage.sees(Role.teacher)["parity"]["remote"] == {"taken": 1, "wait": 22_000}
    assert "speaking" not in stage.sees(Role.student), "several may be on the stage, and nobody there is the only one"


def test_his_own_screen_is_told_that_his_hand_is_down(stage: Stage) -> None:
    raise_all(stage, "rui")
    stage.log.append(Fact(len(stage.log) + 1, stage.at, "rui", "", MediaEntered(place=1)))
    assert ("hands", "rui") in stage.lesson.fold(stage.log[-1]).mine


def test_the_stage_of_a_group_calls_nobody_and_there_a_hand_may_go_up_again(stage: Stage) -> None:
    raise_all(stage, "rui")
    comes_on_the_stage(stage, "rui", group=2)
    assert queue(stage) == ["rui"]
    comes_on_the_stage(stage, "rui")
    raise_all(stage, "rui")
    assert queue(stage) == ["rui"]


def test_who_has_the_floor_keeps_it_on_the_stage_and_no_undo_puts_his_hand_up_there(stage: Stage) -> None:
    raise_all(stage, "rui", "ada")
    stage.does("t", Take(member="rui"))
    comes_on_the_stage(stage, "rui")
    assert stage.sees(Role.teacher)["speaking"]["id"] == "rui"
    assert stage.does("t", Undo()) == []
    stage.does("t", LowerAll())
    stage.does("t", Undo())
    assert queue(stage) == ["ada"]


def test_lowering_is_undone_but_for_who_is_on_the_stage_now(stage: Stage) -> None:
    raise_all(stage, "ada", "rui", "sam")
    stage.does("t", LowerAll())
    comes_on_the_stage(stage, "rui")
    stage.does("t", Undo())
    assert queue(stage) == ["ada", "sam"]


@given(st.data())
@settings(max_examples=60, deadline=None)
def test_a_taking_undone_leaves_all_as_without_it_also_when_somebody_came_on_the_stage_meanwhile(
    data: st.DataObject,
) -> None:
    members, played = [f"m{n}" for n in range(5)], []
    before = data.draw(st.lists(st.sampled_from(members), max_size=3))
    taken = data.draw(st.sampled_from(members))
    came = data.draw(st.lists(st.sampled_from([m for m in members if m != taken]), max_size=2, unique=True))
    for undone in (True, False):
        stage = Stage("hands", rules, view)
        stage.joins("t", role=Role.teacher)
        for n, member in enumerate(members):
            stage.joins(member, seat=Seat.remote if n % 2 else Seat.room)
        for member in before:
            stage.does(member, Raise())
            stage.does("t", Take(member=member))
        raise_all(stage, *members)
        if undone:
            stage.does("t", Take(member=taken))
        for member in came:
            comes_on_the_stage(stage, member)
        if undone:
            stage.does("t", Undo())
        state = stage.lesson.states["hands"]
        played.append((state.hands, state.line, state.waits, state.passed, state.floor))
    assert played[0] == played[1]


def test_a_hand_goes_along_when_its_member_changes_the_seat_or_the_name(stage: Stage) -> None:
    raise_all(stage, "ada", "ben")
    stage.happens(MemberSeated(id="ada", seat=Seat.remote), MemberRenamed(id="ada", name="Ada L."))
    item = stage.sees(Role.teacher)["line"]["ada"]
    assert (item["seat"], item["name"], item["place"]) == ("remote", "Ada L.", 1)


def test_parity_is_the_count_taken_and_the_median_wait_of_each_seat(stage: Stage) -> None:
    raise_all(stage, "ada", "ben", "rui")
    for member in ("ada", "ben", "rui"):
        stage.does("t", Take(member=member))
        stage.at += 10_000
    assert stage.sees(Role.teacher)["parity"] == {
        "room": {"taken": 2, "wait": 7_500},
        "remote": {"taken": 1, "wait": 21_000},
    }


def test_the_seat_that_waits_longer_goes_next_though_its_hand_is_younger(stage: Stage) -> None:
    raise_all(stage, "ada", "rui")
    stage.does("t", Take(member="ada"))
    stage.at += 60_000
    stage.does("t", Take(member="rui"))
    raise_all(stage, "ben", "sam")
    assert queue(stage)[0] == "sam"


def test_what_everyone_gets_does_not_grow_with_the_number_of_hands() -> None:
    stage = Stage("hands", rules, view)
    for n in range(300):
        stage.joins(f"m{n}", seat=Seat.remote if n % 3 else Seat.room)
        stage.does(f"m{n}", Raise())
    assert len(stage.sees(Role.teacher)["line"]) == len(stage.sees(Role.student)["line"]) == view.SHOWN
    assert len(stage.sees(Role.teacher, "hands/list")["hands"]) == 300


def test_the_log_alone_gives_the_same_queue(stage: Stage) -> None:
    raise_all(stage, "ada", "rui", "ben", "sam")
    stage.does("t", Take())
    stage.does("t", PutDown(member="ben"))
    assert stage.replayed().digest() == stage.lesson.digest()


@given(st.data())
@settings(max_examples=60, deadline=None)
def test_the_oldest_hand_is_passed_over_at_most_so_often_whatever_the_waits_were(data: st.DataObject) -> None:
    stage = Stage("hands", rules, view)
    stage.joins("t", role=Role.teacher)
    members = [f"m{n}" for n in range(8)]
    for n, member in enumerate(members):
        stage.joins(member, seat=Seat.remote if n % 2 else Seat.room)
    passed = 0
    for _ in range(40):
        stage.at += data.draw(st.integers(0, 90_000))
        stage.does(data.draw(st.sampled_from(members)), Raise())
        hands = stage.lesson.states["hands"].hands.values()
        if data.draw(st.booleans()) and hands:
            oldest = min(hands, key=lambda h: h.ticket).member
            passed = 0 if stage.does("t", Take())[0].member == oldest else passed + 1
            assert passed <= PATIENCE


def waits_of_a_lesson(seed: int, share: float, lag: float, first_come: bool = False) -> dict[Seat, list[int]]:
    """A thousand hands as lessons have them: the teacher asks, three to ten hands go up within seconds, the remote ones
    `lag` later, each speaks 15 to 45 s. Gives the waits in ms by seat."""
    chance, state = Random(seed), rules.State()
    at, ticket = 0, 0
    while ticket < 1000:
        asked = []
        for _ in range(chance.randint(3, 10)):
            seat = Seat.remote if chance.random() < share else Seat.room
            asked.append((at + int(chance.uniform(0, 3000) + (lag if seat is Seat.remote else 0)), seat))
        for raised, seat in sorted(asked):
            ticket += 1
            put(state, Hand(f"m{ticket}", seat, raised, ticket))
        at = max(raised for raised, _ in asked)
        while state.hands:
            hand = min(state.hands.values(), key=lambda h: h.ticket) if first_come else next_up(state)
            assert hand is not None
            take(state, hand, at)
            at += chance.randint(15_000, 45_000)
        at += chance.randint(0, 60_000)
    return state.waits


@given(seed=st.integers(0, 10_000), share=st.floats(0.2, 0.6), lag=st.integers(0, 8000))
@settings(max_examples=25, deadline=None)
def test_in_the_long_run_no_seat_waits_over_a_quarter_longer_than_the_other(seed: int, share: float, lag: int) -> None:
    waits = waits_of_a_lesson(seed, share, lag)
    room, remote = median(waits[Seat.room]), median(waits[Seat.remote])
    assert max(room, remote) <= 1.25 * min(room, remote)


def test_first_come_first_served_would_fail_the_remote_seat() -> None:
    waits = waits_of_a_lesson(1, 0.3, 3000, first_come=True)
    assert median(waits[Seat.remote]) > 1.5 * median(waits[Seat.room])
