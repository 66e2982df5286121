"""Groups: formed by chance and fairly, joined late, visited, called from, closed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mingtang.activities.groups import rules, view
from mingtang.activities.groups.dividing import divide, divide_apart, divide_by_size
from mingtang.activities.groups.rules import Call, Close, Form, Join, Move, Visit
from mingtang.core.frame import MemberRemoved
from mingtang.core.member import Member, Role, Seat
from tests.stage import Stage


def people(room: int, remote: int) -> list[Member]:
    seats = [Seat.room] * room + [Seat.remote] * remote
    return [Member(f"s{n}", "", Role.student, seat, 0) for n, seat in enumerate(seats)]


def remotes(group: list[str], room: int) -> int:
    return sum(int(id[1:]) >= room for id in group)


@given(st.integers(0, 30), st.integers(0, 30), st.integers(2, 9), st.integers())
def test_groups_differ_by_one_at_most_and_so_do_their_remote_members(room, remote, n, seed):
    made = divide(people(room, remote), n, seed)
    assert sorted(id for group in made for id in group) == sorted(m.id for m in people(room, remote))
    for counts in ([len(g) for g in made], [remotes(g, room) for g in made]):
        assert not counts or max(counts) - min(counts) <= 1
    assert len(made) == min(n, room + remote)


@given(st.integers(0, 30), st.integers(0, 30), st.integers(2, 9), st.integers())
def test_seats_that_are_kept_apart_never_meet(room, remote, n, seed):
    for made in (
        divide_apart(people(room, remote), n, seed),
        divide_by_size(people(room, remote), n, apart=True, seed=seed),
    ):
        assert sum(map(len, made)) == room + remote
        assert all(remotes(group, room) in (0, len(group)) for group in made)
    assert len(divide_apart(people(room, remote), n, seed)) <= n


@given(st.integers(1, 40), st.integers(2, 9), st.integers())
def test_no_group_is_larger_than_was_asked_for(students, size, seed):
    made = divide_by_size(people(students, 0), size, apart=False, seed=seed)
    assert max(map(len, made)) <= size
    assert len(made) == -(-students // size)


@pytest.fixture
def stage() -> Stage:
    stage = Stage("groups", rules, view)
    stage.joins("tea", role=Role.teacher)
    for n in range(4):
        stage.joins(f"s{n}", seat=Seat.remote if n % 2 else Seat.room)
    return stage


def formed(stage: Stage, **how) -> dict[str, int]:
    """The group of each."""
    stage.does("tea", Form(**{"by": "size", "n": 2, **how}))
    return dict(stage.lesson.states["groups"].of)


def test_a_student_learns_who_is_in_his_group_and_all_others_only_that_there_are_groups(stage):
    of = formed(stage)
    mate = next(id for id in of if id != "s0" and of[id] == of["s0"])
    mine = stage.mine("s0")
    assert {p["name"] for p in mine["members"].values()} == {"S0", mate.title()}
    assert mine["members"][mine["me"]] == {"name": "S0", "seat": "room"}
    assert {p["seat"] for p in mine["members"].values()} == {"room", "remote"}, "the seats are mixed"
    assert stage.sees(Role.wall) == {"since": stage.at, "count": 2}
    assert set(stage.sees(Role.teacher, "groups/list")["groups"][str(of["s0"])]["members"]) == {"s0", mate}


def test_who_comes_later_goes_into_the_smallest_group_that_sits_as_he_does(stage):
    of = formed(stage, apart=True)
    stage.does("tea", Move(member="s2", group=of["s1"]))
    assert stage.lesson.states["groups"].of["s2"] == of["s1"]
    stage.joins("new", seat=Seat.room)
    stage.does("new", Join())
    assert stage.mine("new")["group"] == of["s0"]
    assert not stage.does("new", Join())


def test_a_call_for_help_is_over_when_one_of_the_staff_comes(stage):
    of = formed(stage)
    stage.does("s0", Call(on=True))
    assert stage.sees(Role.teacher)["called"] == {str(of["s0"]): stage.at}
    assert stage.mine("s0")["called"]
    stage.does("tea", Visit(group=of["s0"]))
    assert stage.sees(Role.teacher)["called"] == {}
    assert (stage.mine("s0").get("called"), stage.mine("s0")["visited"]) == (None, True)
    assert stage.mine("tea") == {"visit": of["s0"]}
    stage.does("tea", Visit(group=0))
    assert "visited" not in stage.mine("s0")
    assert stage.mine("tea") == {}


def test_a_call_is_taken_back(stage):
    formed(stage)
    stage.does("s0", Call(on=True))
    stage.does("s0", Call(on=False))
    assert stage.sees(Role.teacher)["called"] == {}


def test_who_is_sent_out_is_in_no_group_and_closing_ends_all(stage):
    of = formed(stage)
    stage.happens(MemberRemoved(id="s1"))
    assert "s1" not in stage.sees(Role.teacher, "groups/list")["groups"][str(of["s1"])]["members"]
    stage.does("tea", Close())
    assert stage.sees(Role.teacher) == {}
    assert stage.mine("s0") == {}
    assert stage.refuses("s0", Join()) == "groups.none"
    assert stage.refuses("s0", Call(on=True)) == "groups.none"
    assert stage.refuses("tea", Visit(group=1)) == "groups.none"


def test_one_alone_is_no_group(stage):
    for n in range(3):
        stage.happens(MemberRemoved(id=f"s{n}"))
    assert stage.refuses("tea", Form(by="number", n=2)) == "groups.few"
